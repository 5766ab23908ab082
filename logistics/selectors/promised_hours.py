"""Hours of shifts that routes have taken: on offer, accepted or under way."""

from collections.abc import Sequence
from uuid import UUID

from backend.couriers.models import Shift
from backend.couriers.selectors.promised_hours import promises
from backend.organizations.domain.hours import Interval
from logistics.models import COMMITTED, Route


@promises
def promised_by_routes(shifts: Sequence[Shift]) -> dict[UUID, list[Interval]]:
    """By shift, from when each route leaves until it is back, as planned."""
    promised: dict[UUID, list[Interval]] = {}
    routes = Route.objects.filter(shift__in=shifts, status__in=COMMITTED).order_by()
    for shift_id, *hours in routes.values_list("shift_id", "starts_at", "ends_at"):
        promised.setdefault(shift_id, []).append(Interval(*hours))
    return promised
