"""Weekly opening hours that may cross midnight, turned into UTC intervals.

An instant is open exactly when the wall clock of the location's zone shows a time inside the hours:
in the hour that daylight saving skips nobody is open, and the hour that it repeats counts twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
LATEST_CLOSE_MINUTE = 2 * DAY_MINUTES
DAYS_IN_WEEK = 7
_SAMPLE = timedelta(hours=6)
_FINEST = timedelta(seconds=1)


class Interval(NamedTuple):
    """A half-open span of aware UTC instants: `from_at` belongs to it, `until_at` does not."""

    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Open from one minute of the local day to another, each week.

    `weekday` is 0 for Monday; minutes count from local midnight of that day. A close above 24 * 60
    runs into the next day, up to 48 * 60. Raises ValueError naming the field that is out of range.
    """

    weekday: int
    opens_minute: int
    closes_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < DAYS_IN_WEEK:
            raise ValueError(f"weekday: {self.weekday} is not 0 (Monday) to 6 (Sunday)")
        _check_span(self.opens_minute, self.closes_minute)


@dataclass(frozen=True, slots=True)
class DayException:
    """What replaces the weekly hours that would start on one local date; no spans means closed.

    Hours of the day before that run past midnight are not touched: they belong to the day on which
    they start.
    """

    on_date: date
    spans: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        for opens_minute, closes_minute in self.spans:
            _check_span(opens_minute, closes_minute)


def _check_span(opens_minute: int, closes_minute: int) -> None:
    if not 0 <= opens_minute < DAY_MINUTES:
        raise ValueError(f"opens_minute: {opens_minute} is not a minute of the day")
    if not opens_minute < closes_minute <= LATEST_CLOSE_MINUTE:
        raise ValueError(f"closes_minute: {closes_minute} must be after opening, at most 2880")


def open_between(
    hours: Sequence[WeeklyHours],
    exceptions: Sequence[DayException],
    zone: ZoneInfo,
    from_at: datetime,
    until_at: datetime,
) -> list[Interval]:
    """Open intervals inside [from_at, until_at): in order, apart from each other, never empty.

    Of several exceptions for one date the last one counts.
    """
    if until_at <= from_at:
        return []
    changed = {exception.on_date: exception.spans for exception in exceptions}
    found = chain.from_iterable(
        _instants(zone, on_date, span)
        for on_date in _dates(zone, from_at, until_at)
        for span in changed.get(on_date, _weekly_spans(hours, on_date))
    )
    return merged(_clipped(found, Interval(from_at.astimezone(UTC), until_at.astimezone(UTC))))


def is_open(
    hours: Sequence[WeeklyHours],
    exceptions: Sequence[DayException],
    zone: ZoneInfo,
    at: datetime,
) -> bool:
    """Whether the location is open at this very instant."""
    return bool(open_between(hours, exceptions, zone, at, at + timedelta(microseconds=1)))


def first_open(
    hours: Sequence[WeeklyHours],
    exceptions: Sequence[DayException],
    zone: ZoneInfo,
    from_at: datetime,
    until_at: datetime,
) -> datetime | None:
    """First open instant in [from_at, until_at), or None when it stays closed."""
    return first_within(open_between(hours, exceptions, zone, from_at, until_at), from_at)


def first_within(intervals: Iterable[Interval], at: datetime) -> datetime | None:
    """First instant not before `at` inside one of the intervals (which are in order), or None."""
    for interval in intervals:
        if at < interval.until_at:
            return max(at, interval.from_at)
    return None


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as few intervals as possible, in order; touching ones are joined."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.from_at <= joined[-1].until_at:
            joined[-1] = Interval(joined[-1].from_at, max(joined[-1].until_at, interval.until_at))
        else:
            joined.append(interval)
    return joined


def left_of(whole: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """What remains of an interval without others: in order, apart from each other, never empty."""
    inner = chain.from_iterable(merged(_clipped(taken, whole)))
    edges = [whole.from_at, *inner, whole.until_at]
    pieces = map(Interval, edges[::2], edges[1::2])
    return [piece for piece in pieces if piece.from_at < piece.until_at]


def _dates(zone: ZoneInfo, from_at: datetime, until_at: datetime) -> Iterator[date]:
    """Local dates on which hours may start that reach into [from_at, until_at)."""
    on_date = from_at.astimezone(zone).date() - timedelta(days=2)
    last = until_at.astimezone(zone).date()
    while on_date <= last:
        yield on_date
        on_date += timedelta(days=1)


def _weekly_spans(hours: Sequence[WeeklyHours], on_date: date) -> list[tuple[int, int]]:
    weekday = on_date.weekday()
    return [(each.opens_minute, each.closes_minute) for each in hours if each.weekday == weekday]


def _clipped(intervals: Iterable[Interval], within: Interval) -> Iterator[Interval]:
    for interval in intervals:
        from_at = max(interval.from_at, within.from_at)
        until_at = min(interval.until_at, within.until_at)
        if from_at < until_at:
            yield Interval(from_at, until_at)


def _instants(zone: ZoneInfo, on_date: date, span: tuple[int, int]) -> Iterator[Interval]:
    """Instants at which the wall clock is inside `span` of `on_date`: usually one interval."""
    midnight = datetime(on_date.year, on_date.month, on_date.day, tzinfo=UTC)
    opens = midnight + timedelta(minutes=span[0])
    closes = midnight + timedelta(minutes=span[1])
    for offset, constant in _offsets(zone, on_date):
        yield from _clipped([Interval(opens - offset, closes - offset)], constant)


@lru_cache(maxsize=4_096)
def _offsets(zone: ZoneInfo, on_date: date) -> tuple[tuple[timedelta, Interval], ...]:
    """UTC offsets in force around a local date, each with the interval in which it holds."""
    midnight = datetime(on_date.year, on_date.month, on_date.day, tzinfo=UTC)
    start, end = midnight - timedelta(days=1), midnight + timedelta(days=4)
    steps = [start + index * _SAMPLE for index in range(int((end - start) / _SAMPLE) + 1)]
    changes = [
        _change(zone, before, after)
        for before, after in pairwise(steps)
        if _offset(zone, before) != _offset(zone, after)
    ]
    edges = [start, *changes, end]
    return tuple((_offset(zone, since), Interval(since, until)) for since, until in pairwise(edges))


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """First whole second in (before, after] at which the offset of `after` holds."""
    target = _offset(zone, after)
    while after - before > _FINEST:
        middle = before + timedelta(seconds=(after - before) // _FINEST // 2)
        if _offset(zone, middle) == target:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
