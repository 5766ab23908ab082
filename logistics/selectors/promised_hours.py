"""Hours of shifts that are gone: on a route, or because the courier drives nothing more then."""

from collections.abc import Sequence
from uuid import UUID

from backend.couriers.models import Shift
from backend.couriers.selectors.promised_hours import promises
from backend.organizations.domain.hours import Interval
from logistics.models import COMMITTED, Route
from logistics.selectors.closed_shifts import is_closed


@promises
def promised_by_routes(shifts: Sequence[Shift]) -> dict[UUID, list[Interval]]:
    """By shift, from when each route leaves until it is back, as planned."""
    promised: dict[UUID, list[Interval]] = {}
    routes = Route.objects.filter(shift__in=shifts, status__in=COMMITTED).order_by()
    for shift_id, *hours in routes.values_list("shift_id", "starts_at", "ends_at"):
        promised.setdefault(shift_id, []).append(Interval(*hours))
    return promised


@promises
def gone_with_the_shift(shifts: Sequence[Shift]) -> dict[UUID, list[Interval]]:
    """All hours of a shift in which plans ask its courier for nothing more."""
    known = Shift.objects.filter(pk__in=[shift.pk for shift in shifts]).order_by()
    closed = known.filter(is_closed()).values_list("pk", "from_at", "until_at")
    return {shift_id: [Interval(from_at, until_at)] for shift_id, from_at, until_at in closed}
