"""Takes back the offers of a route that nobody else may say yes to any more."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from logistics.models import Route, RouteOffer, RouteOfferStatus


@transaction.atomic
def withdraw_route_offers(*, route: Route, now: datetime) -> None:
    """Every unanswered offer of the route; the event of the route itself tells its couriers."""
    waiting = RouteOffer.objects.filter(route=route, status=RouteOfferStatus.OFFERED)
    waiting.update(status=RouteOfferStatus.WITHDRAWN, answered_at=now, version=F("version") + 1)
