"""A courier says yes to a route."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from backend.common.actor import Actor
from logistics.actions.answer_route_offer import OfferOver, answer_route_offer
from logistics.actions.change_route import change_route
from logistics.actions.withdraw_route_offers import withdraw_route_offers
from logistics.domain.lifecycle import RouteStatus
from logistics.models import Route, RouteOfferStatus
from logistics.permissions import asked_offer


@transaction.atomic
def accept_route_offer(
    *, offer_id: UUID, by: Actor, now: datetime, if_version: int | None = None
) -> Route:
    """The first yes wins: the route is this courier's. Raises NotFound, OfferOver, Stale."""
    offer = asked_offer(offer_id, by)
    try:
        with transaction.atomic():
            answer_route_offer(
                offer, RouteOfferStatus.ACCEPTED, by=by, now=now, if_version=if_version
            )
    except IntegrityError as error:
        raise OfferOver() from error
    withdraw_route_offers(route=offer.route, by=by, now=now)
    return change_route(route=offer.route, to=RouteStatus.ACCEPTED, by=by, now=now)
