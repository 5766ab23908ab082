"""Which stops of a route may be late, by the simulation made when it was planned."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.web.components import Chip
from logistics.domain.lifecycle import OPEN_STOPS
from logistics.models import Route, Stop

MAY_BE_LATE = Chip(_("May be late"), "warning", "clock")


def is_at_risk(stop: Stop) -> bool:
    """Still to come, and on time less often than the operator wants."""
    share = stop.on_time_share
    return share is not None and share < settings.ON_TIME_SHARE_WANTED and stop.status in OPEN_STOPS


def stops_at_risk(route: Route) -> int:
    """How many of a route's stops still to come may be late."""
    return sum(map(is_at_risk, route.stops.all()))


def percent(share: float | None) -> str:
    """Rounded down, so that only what was always on time is 100; empty without a simulation."""
    return "" if share is None else f"{int(share * 100)}\u00a0%"
