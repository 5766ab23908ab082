"""Ends an offered route that nobody is left to drive."""

from datetime import datetime

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.change_route import change_route
from logistics.actions.free_route import free_route
from logistics.domain.lifecycle import RouteStatus
from logistics.models import Route, RouteOfferStatus


@transaction.atomic
def give_up_route(*, route: Route, by: Actor, now: datetime, reason: str) -> Route:
    """Declines the route when nobody is left who could still say yes."""
    if route.offers.filter(status=RouteOfferStatus.OFFERED).exists():
        return route
    route = change_route(
        route=route, to=RouteStatus.DECLINED, by=by, now=now, ended_at=now, reason=reason
    )
    free_route(route=route, by=by, now=now)
    return route
