"""What makes the times of a shift sound."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(hours=16)
SHORTEST = timedelta(minutes=15)
FARTHEST_AHEAD = timedelta(days=180)
LONGEST_BREAK_S = 4 * 3600


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """When somebody drives: [from_at, until_at), with a break of `break_s` that begins within
    [break_from_at, break_until_at) when there is one.
    """

    from_at: datetime
    until_at: datetime
    break_s: int = 0
    break_from_at: datetime | None = None
    break_until_at: datetime | None = None


def objection(times: ShiftTimes, *, now: datetime) -> tuple[str, str] | None:
    """The field that is wrong and a code, or None: `over`, `too_far_ahead`, `too_short`,
    `too_long`, `bad_break`.
    """
    if times.until_at <= now:
        return "until_at", "over"
    if times.from_at > now + FARTHEST_AHEAD:
        return "from_at", "too_far_ahead"
    if times.until_at - times.from_at < SHORTEST:
        return "until_at", "too_short"
    if times.until_at - times.from_at > LONGEST:
        return "until_at", "too_long"
    return None if _break_fits(times) else ("break_s", "bad_break")


def _break_fits(times: ShiftTimes) -> bool:
    """No break at all, or one that begins in a window inside the shift and ends before it does."""
    if times.break_s == 0:
        return times.break_from_at is None and times.break_until_at is None
    if not 0 < times.break_s <= LONGEST_BREAK_S:
        return False
    if times.break_from_at is None or times.break_until_at is None:
        return False
    latest_end = times.until_at - timedelta(seconds=times.break_s)
    return times.from_at <= times.break_from_at < times.break_until_at <= latest_end
