"""The values that components are filled from keep their promises."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.regions.domain.pack import STORAGE_CLASSES as REGION_STORAGE_CLASSES
from backend.web.components import STORAGE_CLASSES, Code, TimeBar, donation_line

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("left_h", "urgency"), [(9, "calm"), (3, "calm"), (2.9, "soon"), (0.9, "urgent"), (0, "over")]
)
def test_urgency_follows_the_time_left(left_h: float, urgency: str) -> None:
    assert TimeBar(NOW - hours(5), NOW + hours(left_h), NOW).urgency == urgency


def test_a_bar_empties_with_the_time() -> None:
    assert TimeBar(NOW - hours(1), NOW + hours(3), NOW).percent_left == 75
    assert TimeBar(NOW - hours(3), NOW - hours(1), NOW).percent_left == 0


def test_a_bar_is_visible_until_the_very_end() -> None:
    assert TimeBar(NOW - hours(100), NOW + hours(0.1), NOW).percent_left == 2


def test_a_bar_without_length_is_over() -> None:
    assert TimeBar(NOW, NOW, NOW).percent_left == 0


@settings(deadline=None, max_examples=200)
@given(st.integers(-100_000, 100_000), st.integers(-100_000, 100_000))
def test_a_bar_stays_between_empty_and_full(from_s: int, until_s: int) -> None:
    bar = TimeBar(NOW + timedelta(seconds=from_s), NOW + timedelta(seconds=until_s), NOW)
    assert 0 <= bar.percent_left <= 100


def test_every_storage_class_of_a_region_has_a_word_and_an_icon() -> None:
    assert set(REGION_STORAGE_CLASSES) == STORAGE_CLASSES.keys()


def test_a_code_is_read_in_groups_of_three() -> None:
    assert Code("012345", "https://example.org/h").groups == ("012", "345")


def test_the_first_station_that_has_not_happened_is_under_way() -> None:
    line = donation_line(now=NOW, offered=(NOW, 5_000), promised=(NOW, 4_000))
    assert [station.state for station in line.stations] == ["done", "done", "now", "next"]
    assert [station.mass_g for station in line.stations] == [5_000, 4_000, None, None]


def test_a_finished_donation_has_nothing_under_way() -> None:
    fact = (NOW, 5_000)
    line = donation_line(now=NOW, offered=fact, promised=fact, picked_up=fact, handed_over=fact)
    assert {station.state for station in line.stations} == {"done"}


def test_a_donation_that_ended_early_ends_its_line() -> None:
    line = donation_line(now=NOW, offered=(NOW, 5_000), ended="Expired")
    assert [(s.word, s.state) for s in line.stations][1:] == [("Expired", "failed")]
