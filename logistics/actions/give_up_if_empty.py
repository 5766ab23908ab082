"""Gives up a route that nobody has started and that has nothing left to do."""

from datetime import datetime

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.change_route import change_route
from logistics.actions.withdraw_route_offers import withdraw_route_offers
from logistics.domain.lifecycle import OPEN_STOPS, RouteStatus
from logistics.models import Route


@transaction.atomic
def give_up_if_empty(*, route: Route, by: Actor, now: datetime) -> None:
    """A route with an open stop, or under way, stays as it is."""
    route.refresh_from_db()
    waiting = (RouteStatus.OFFERED, RouteStatus.ACCEPTED)
    if route.status in waiting and not route.stops.filter(status__in=OPEN_STOPS).exists():
        change_route(
            route=route,
            to=RouteStatus.ABANDONED,
            by=by,
            now=now,
            ended_at=now,
            reason="nothing_left_to_do",
        )
        withdraw_route_offers(route=route, by=by, now=now)
