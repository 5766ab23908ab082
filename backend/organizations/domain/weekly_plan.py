"""What makes a set of weekly opening hours sound as a whole."""

from collections.abc import Sequence
from itertools import pairwise

from backend.organizations.domain.hours import DAY_MINUTES, DAYS_IN_WEEK, WeeklyHours

WEEK_MINUTES = DAYS_IN_WEEK * DAY_MINUTES
MOST_OPENINGS = 42


def overlapping(hours: Sequence[WeeklyHours]) -> tuple[WeeklyHours, WeeklyHours] | None:
    """Two openings that share a minute of the week, or None; Sunday night may run into Monday.

    Touching is allowed: one closes when the next opens.
    """
    ordered = sorted(hours, key=_starts)
    for earlier, later in pairwise(ordered):
        if _ends(earlier) > _starts(later):
            return earlier, later
    if len(ordered) > 1 and _ends(ordered[-1]) - WEEK_MINUTES > _starts(ordered[0]):
        return ordered[-1], ordered[0]
    return None


def _starts(hours: WeeklyHours) -> int:
    return hours.weekday * DAY_MINUTES + hours.opens_minute


def _ends(hours: WeeklyHours) -> int:
    return hours.weekday * DAY_MINUTES + hours.closes_minute
