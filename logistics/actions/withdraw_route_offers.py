"""Takes back the offers of a route that nobody else may say yes to any more."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.answer_route_offer import OfferOver, answer_route_offer
from logistics.models import Route, RouteOfferStatus


@transaction.atomic
def withdraw_route_offers(*, route: Route, by: Actor, now: datetime) -> None:
    """Every unanswered offer of the route; one that was answered meanwhile keeps its answer."""
    waiting = route.offers.filter(status=RouteOfferStatus.OFFERED).order_by("pk")
    for offer in waiting.select_related("route", "courier"):
        with suppress(OfferOver):
            answer_route_offer(offer, RouteOfferStatus.WITHDRAWN, by=by, now=now, even_late=True)
