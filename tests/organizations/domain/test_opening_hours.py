"""Opening hours as instants: midnight, exceptions, daylight saving."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.organizations.domain.hours import (
    DayException,
    Interval,
    WeeklyHours,
    first_open,
    first_within,
    is_open,
    left_of,
    open_between,
)

TAIPEI = ZoneInfo("Asia/Taipei")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 6, 8, tzinfo=UTC)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_local_hours_become_utc_intervals() -> None:
    hours = [WeeklyHours(0, 9 * 60, 17 * 60)]
    found = open_between(hours, [], TAIPEI, MONDAY, MONDAY + timedelta(days=7))
    assert found == [Interval(utc(2026, 6, 8, 1), utc(2026, 6, 8, 9))]


def test_hours_past_midnight_run_into_the_next_day() -> None:
    hours = [WeeklyHours(4, 22 * 60, 26 * 60)]
    friday = utc(2026, 6, 12)
    found = open_between(hours, [], ZoneInfo("UTC"), friday, friday + timedelta(days=2))
    assert found == [Interval(utc(2026, 6, 12, 22), utc(2026, 6, 13, 2))]
    assert is_open(hours, [], ZoneInfo("UTC"), utc(2026, 6, 13, 1, 59))
    assert not is_open(hours, [], ZoneInfo("UTC"), utc(2026, 6, 13, 2))


def test_hours_that_touch_are_joined() -> None:
    hours = [WeeklyHours(0, 8 * 60, 24 * 60), WeeklyHours(1, 0, 6 * 60)]
    found = open_between(hours, [], ZoneInfo("UTC"), MONDAY, MONDAY + timedelta(days=3))
    assert found == [Interval(utc(2026, 6, 8, 8), utc(2026, 6, 9, 6))]


def test_an_exception_closes_a_day() -> None:
    hours = [WeeklyHours(day, 9 * 60, 17 * 60) for day in range(7)]
    closed = [DayException(date(2026, 6, 9))]
    found = open_between(hours, closed, ZoneInfo("UTC"), MONDAY, MONDAY + timedelta(days=3))
    assert [each.from_at.day for each in found] == [8, 10]


def test_an_exception_gives_other_hours() -> None:
    hours = [WeeklyHours(0, 9 * 60, 17 * 60)]
    other = [DayException(date(2026, 6, 8), ((10 * 60, 11 * 60), (20 * 60, 25 * 60)))]
    found = open_between(hours, other, ZoneInfo("UTC"), MONDAY, MONDAY + timedelta(days=2))
    assert found == [
        Interval(utc(2026, 6, 8, 10), utc(2026, 6, 8, 11)),
        Interval(utc(2026, 6, 8, 20), utc(2026, 6, 9, 1)),
    ]


def test_a_closed_day_keeps_the_night_before() -> None:
    hours = [WeeklyHours(0, 20 * 60, 28 * 60), WeeklyHours(1, 9 * 60, 17 * 60)]
    closed = [DayException(date(2026, 6, 9))]
    found = open_between(hours, closed, ZoneInfo("UTC"), MONDAY, MONDAY + timedelta(days=3))
    assert found == [Interval(utc(2026, 6, 8, 20), utc(2026, 6, 9, 4))]


def test_nobody_is_open_in_the_hour_that_spring_skips() -> None:
    """02:00 to 03:00 on 8 March 2026 does not exist in New York."""
    hours = [WeeklyHours(6, 2 * 60, 3 * 60)]
    sunday = utc(2026, 3, 8)
    assert open_between(hours, [], NEW_YORK, sunday, sunday + timedelta(days=2)) == []


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    hours = [WeeklyHours(5, 22 * 60, 30 * 60)]
    spring = open_between(hours, [], NEW_YORK, utc(2026, 3, 7, 12), utc(2026, 3, 9))
    autumn = open_between(hours, [], NEW_YORK, utc(2026, 10, 31, 12), utc(2026, 11, 2))
    assert [each.until_at - each.from_at for each in spring] == [timedelta(hours=7)]
    assert [each.until_at - each.from_at for each in autumn] == [timedelta(hours=9)]


def test_the_hour_that_autumn_repeats_is_open_twice() -> None:
    hours = [WeeklyHours(6, 90, 105)]
    found = open_between(hours, [], NEW_YORK, utc(2026, 11, 1), utc(2026, 11, 2, 12))
    assert [each.from_at for each in found] == [utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 6, 30)]


def test_first_open_is_now_or_at_the_next_opening() -> None:
    hours = [WeeklyHours(0, 9 * 60, 17 * 60)]
    week = timedelta(days=7)
    zone = ZoneInfo("UTC")
    assert first_open(hours, [], zone, utc(2026, 6, 8, 10), MONDAY + week) == utc(2026, 6, 8, 10)
    assert first_open(hours, [], zone, utc(2026, 6, 8, 7), MONDAY + week) == utc(2026, 6, 8, 9)
    assert first_open(hours, [], zone, utc(2026, 6, 8, 17), MONDAY + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(8, 12)]),
        ([(9, 10)], [(8, 9), (10, 12)]),
        ([(10, 11), (9, 10), (9, 10)], [(8, 9), (11, 12)]),
        ([(7, 9), (11, 13)], [(9, 11)]),
        ([(6, 8), (12, 14)], [(8, 12)]),
        ([(7, 13)], []),
    ],
)
def test_what_is_taken_leaves_the_rest(
    taken: list[tuple[int, int]], left: list[tuple[int, int]]
) -> None:
    def hours(from_h: int, until_h: int) -> Interval:
        return Interval(utc(2026, 6, 8, from_h), utc(2026, 6, 8, until_h))

    assert left_of(hours(8, 12), [hours(*each) for each in taken]) == [
        hours(*each) for each in left
    ]


def test_nothing_is_open_in_an_empty_span() -> None:
    hours = [WeeklyHours(day, 0, 1440) for day in range(7)]
    assert open_between(hours, [], TAIPEI, MONDAY, MONDAY) == []
    assert first_within([], MONDAY) is None


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "field"),
    [
        (7, 0, 60, "weekday"),
        (-1, 0, 60, "weekday"),
        (0, 1440, 1500, "opens_minute"),
        (0, -1, 60, "opens_minute"),
        (0, 600, 600, "closes_minute"),
        (0, 600, 2881, "closes_minute"),
    ],
)
def test_hours_out_of_range_are_refused_by_name(
    weekday: int, opens: int, closes: int, field: str
) -> None:
    with pytest.raises(ValueError, match=f"^{field}:"):
        WeeklyHours(weekday, opens, closes)


spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda s: (s[0], s[0] + s[1]))
weekly = st.lists(st.tuples(st.integers(0, 6), spans), max_size=5)
dated = st.lists(st.tuples(st.integers(-2, 3), st.lists(spans, max_size=2)), max_size=2)


@settings(max_examples=150, deadline=None)
@given(
    weekly=weekly,
    dated=dated,
    zone=st.sampled_from([TAIPEI, NEW_YORK, BERLIN]),
    start=st.sampled_from([utc(2026, 3, 7, 20), utc(2026, 3, 28, 20), utc(2026, 10, 24, 21)]),
    minutes=st.integers(0, 60 * 60),
)
def test_open_means_that_the_wall_clock_is_inside_the_hours(
    weekly: list[tuple[int, tuple[int, int]]],
    dated: list[tuple[int, list[tuple[int, int]]]],
    zone: ZoneInfo,
    start: datetime,
    minutes: int,
) -> None:
    hours = [WeeklyHours(weekday, *span) for weekday, span in weekly]
    exceptions = [
        DayException(start.date() + timedelta(days=days), tuple(spans)) for days, spans in dated
    ]
    at = start + timedelta(minutes=minutes)
    intervals = open_between(hours, exceptions, zone, start, start + timedelta(days=3))
    expected = _wall_clock_says_open(hours, exceptions, at.astimezone(zone).replace(tzinfo=None))
    assert any(since <= at < until for since, until in intervals) == expected
    assert is_open(hours, exceptions, zone, at) == expected
    assert all(a.until_at < b.from_at for a, b in pairwise(intervals))


def _wall_clock_says_open(
    hours: list[WeeklyHours], exceptions: list[DayException], wall: datetime
) -> bool:
    """The definition itself, day by day."""
    for back in range(3):
        day = wall.date() - timedelta(days=back)
        minute = (wall - datetime(day.year, day.month, day.day)) / timedelta(minutes=1)  # noqa: DTZ001
        changed = [each.spans for each in exceptions if each.on_date == day]
        usual = tuple(
            (each.opens_minute, each.closes_minute)
            for each in hours
            if each.weekday == day.weekday()
        )
        if any(opens <= minute < closes for opens, closes in (changed or [usual])[-1]):
            return True
    return False
