"""A route ends with its last stop."""

from datetime import datetime

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.change_route import change_route
from logistics.domain.lifecycle import OPEN_STOPS, RouteStatus, ShipmentStatus
from logistics.models import Route
from logistics.selectors.locking import lock_route


@transaction.atomic
def finish_route_if_done(*, route: Route, by: Actor, now: datetime) -> Route:
    """Ends a route under way of which no stop is open and nothing is on board."""
    lock_route(route_id=route.pk)
    route.refresh_from_db(fields=["status", "version"])
    if route.status != RouteStatus.UNDER_WAY:
        return route
    if route.stops.filter(status__in=OPEN_STOPS).exists():
        return route
    if route.commitments.filter(shipment__status=ShipmentStatus.ON_BOARD).exists():
        return route
    return change_route(route=route, to=RouteStatus.FINISHED, by=by, now=now, ended_at=now)
