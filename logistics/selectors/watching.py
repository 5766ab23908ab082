"""What a coordinator has to see to: what nobody drives, what spoils, who is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from backend.common.actor import Actor
from backend.organizations.selectors import counties_of
from logistics.domain.lifecycle import OPEN_STOPS, RouteStatus, ShipmentStatus
from logistics.models import Route, Shipment, Stop
from logistics.selectors.visible import whole_routes

#: A visit this much behind its plan makes a route late.
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A shipment that waits for a route. `reason` is why the last plan left it out, as a code; ""
    while no plan has looked at it. `time_left` until it can no longer be fetched, or spoils.
    """

    shipment: Shipment
    reason: str
    time_left: timedelta


@dataclass(frozen=True, slots=True)
class LateRoute:
    """A route that is behind: `stop` is the visit waited for, None when it was not even started.

    `late_by` is how far behind the plan it is at least. `endangers`: food at that visit would be
    handed over too late.
    """

    route: Route
    stop: Stop | None
    late_by: timedelta
    endangers: bool


def uncovered(viewer: Actor, *, now: datetime) -> Sequence[Uncovered]:
    """Waiting shipments of the viewer's counties, the most urgent first."""
    counties = list(counties_of(viewer))
    waiting = Shipment.objects.filter(status=ShipmentStatus.WAITING, pickup_until_at__gt=now)
    if not viewer.is_system:
        waiting = waiting.filter(
            Q(county_code__in=counties) | Q(claim__listing__county_code__in=counties)
        )
    rows = waiting.select_related(
        "claim__listing__organization", "claim__organization", "pickup_location"
    )
    found = [
        Uncovered(row, row.unassigned_reason, min(row.pickup_until_at, row.deliver_until_at) - now)
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.time_left, each.shipment.pk))


def late_routes(viewer: Actor, *, now: datetime) -> Sequence[LateRoute]:
    """Routes of the viewer's counties that are silently late: not started, or not at the next stop.

    The latest first.
    """
    routes = whole_routes().filter(
        status__in=(RouteStatus.ACCEPTED, RouteStatus.UNDER_WAY), starts_at__lt=now - LATE_AFTER
    )
    if not viewer.is_system:
        routes = routes.filter(county_code__in=counties_of(viewer))
    late = [found for route in routes if (found := _lateness(route, now)) is not None]
    return sorted(late, key=lambda each: (-each.late_by, each.route.pk))


def _lateness(route: Route, now: datetime) -> LateRoute | None:
    stop = next((each for each in route.stops.all() if each.status in OPEN_STOPS), None)
    if route.status == RouteStatus.ACCEPTED or stop is None:
        due_at = route.starts_at if route.status == RouteStatus.ACCEPTED else route.ends_at
    else:
        due_at = stop.leave_at if stop.arrived_at else stop.arrive_at
    late_by = now - due_at
    if late_by < LATE_AFTER:
        return None
    return LateRoute(route, stop, late_by, endangers=_endangers(route, late_by))


def _endangers(route: Route, late_by: timedelta) -> bool:
    """Whether so much delay carries a planned hand-over past the food's end."""
    return any(
        stop.service_from_at + late_by >= task.shipment.deliver_until_at
        for stop in route.stops.all()
        if stop.status in OPEN_STOPS
        for task in stop.tasks.all()
        if not task.is_pickup
    )
