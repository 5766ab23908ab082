"""Nobody answered an offered route in time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.answer_route_offer import OfferOver, answer_route_offer
from logistics.actions.give_up_route import give_up_route
from logistics.models import Route, RouteOffer, RouteOfferStatus


@transaction.atomic
def lapse_route_offer(*, offer_id: UUID, by: Actor, now: datetime) -> Route | None:
    """Ends an offer whose time is over; None when it was answered meanwhile or is not yet due."""
    offer = RouteOffer.objects.select_related("route__courier").get(pk=offer_id)
    if offer.answer_by_at > now:
        return None
    try:
        answer_route_offer(offer, RouteOfferStatus.LAPSED, by=by, now=now, even_late=True)
    except OfferOver:
        return None
    return give_up_route(route=offer.route, by=by, now=now, reason="lapsed")
