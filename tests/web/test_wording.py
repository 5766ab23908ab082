"""Figures are said the way people say them, in both languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.web import wording

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TAIPEI = ZoneInfo("Asia/Taipei")
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("mass_g", "said"),
    [
        (0, "0 g"),
        (800, "800 g"),
        (1_000, "1 kg"),
        (12_500, "12.5 kg"),
        (12_345, "12.3 kg"),
        (99_949, "99.9 kg"),
        (240_400, "240 kg"),
        (1_234_000, "1,234 kg"),
        (12_340_000, "12.3 t"),
        (-500, "-500 g"),
    ],
)
def test_mass_is_rounded_for_reading(mass_g: int, said: str) -> None:
    assert wording.mass(mass_g) == said.replace(" ", NBSP)


def test_a_weighed_mass_keeps_its_grams() -> None:
    assert wording.exact_mass(12_345) == f"12.345{NBSP}kg"
    assert wording.exact_mass(12_000) == f"12{NBSP}kg"


def test_mass_is_said_in_the_readers_language() -> None:
    with translation.override("zh-hant"):
        assert wording.mass(12_500) == f"12.5{NBSP}公斤"


@pytest.mark.parametrize(
    ("distance_m", "said"),
    [(3, "50 m"), (840, "850 m"), (990, "1 km"), (2_340, "2.3 km"), (14_200, "14 km")],
)
def test_distance_is_rounded_for_reading(distance_m: float, said: str) -> None:
    assert wording.distance(distance_m) == said.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (25 * 60, "25 min"),
        (3_600, "1 h"),
        (2 * 3_600 + 10 * 60, "2 h 10 min"),
        (28 * 3_600, "1 day 4 h"),
        (8 * 86_400 + 3_600, "8 days"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: int, said: str) -> None:
    assert wording.duration(timedelta(seconds=seconds)) == said


def test_time_left_runs_out() -> None:
    assert wording.remaining(NOW + timedelta(minutes=90), NOW) == "1 h 30 min left"
    assert wording.remaining(NOW, NOW) == "time is up"


def test_instants_are_relative_to_the_page() -> None:
    assert wording.relative(NOW + timedelta(minutes=130), NOW) == "in 2 h 10 min"
    assert wording.relative(NOW - timedelta(minutes=25), NOW) == "25 min ago"
    assert wording.relative(NOW + timedelta(seconds=10), NOW) == "now"


def test_an_instant_is_told_in_the_zone_of_the_place() -> None:
    assert wording.instant(NOW, NOW, TAIPEI) == "18:00"
    assert wording.instant(NOW, NOW, ZoneInfo("Europe/Vienna")) == "11:00"


def test_midnight_of_the_place_decides_what_tomorrow_is() -> None:
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert wording.instant(late, NOW, TAIPEI) == "tomorrow 00:30"
    assert wording.instant(late, NOW, UTC) == "16:30"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 19), "yesterday"),
        (date(2026, 11, 23), "Mon"),
        (date(2026, 11, 27), "27 Nov"),
        (date(2026, 11, 1), "1 Nov"),
        (date(2027, 1, 2), "2 Jan 2027"),
    ],
)
def test_days_are_named_as_people_name_them(day: date, said: str) -> None:
    assert wording.day(day, date(2026, 11, 20)) == said


def test_chinese_dates_have_their_own_order() -> None:
    with translation.override("zh-hant"):
        assert wording.day(date(2027, 1, 2), date(2026, 11, 20)) == "2027年1月2日"


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=0, max_value=40_000_000))
def test_reading_a_mass_never_misleads_by_more_than_a_twentieth(mass_g: int) -> None:
    figure, unit = wording.mass_parts(mass_g)
    factor = {"g": 1, "kg": 1_000, "t": 1_000_000}[unit]
    assert abs(float(figure.replace(",", "")) * factor - mass_g) <= max(mass_g / 20, 0.5)
