"""Fair shares: what counts, how it fades, and how need falls with every kilogram."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.domain.curve import KNOTS, SLOPES, help_at, need_met, segments
from matching.domain.fairness import decayed_g, fair_g_per_person, gini, position_g
from tests.matching.domain.worlds import NOW

grams = st.integers(0, 5_000_000)
fair = st.floats(1_000, 500_000)


def test_half_is_forgotten_after_four_weeks() -> None:
    assert decayed_g(1_000, at=NOW - timedelta(days=28), now=NOW) == 500
    assert decayed_g(1_000, at=NOW - timedelta(days=56), now=NOW) == 250
    assert decayed_g(1_000, at=NOW + timedelta(days=1), now=NOW) == 1_000


def test_what_is_promised_counts_in_full_and_returns_are_taken_off() -> None:
    month_ago = NOW - timedelta(days=28)
    entries = [(10_000, month_ago), (-4_000, month_ago)]
    assert position_g(entries, committed_g=7_000, now=NOW) == 10_000
    assert position_g([(-9_000, NOW)], committed_g=0, now=NOW) == 0


def test_the_fair_share_is_an_equal_share() -> None:
    assert fair_g_per_person(received_g=6_000, on_offer_g=4_000, people=20) == 500
    assert fair_g_per_person(received_g=6_000, on_offer_g=4_000, people=0) == 0


def test_inequality_is_nothing_when_all_have_the_same_and_high_when_one_has_all() -> None:
    assert gini([5, 5, 5], [1, 2, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 1], [1, 1, 1, 1]) == pytest.approx(0.75)
    assert gini([1, 3], [1, 1]) == pytest.approx(0.25)
    assert gini([], []) == gini([0, 0], [1, 1]) == 0


def test_each_kilogram_helps_less_than_the_one_before() -> None:
    assert list(SLOPES) == sorted(SLOPES, reverse=True)
    assert 0 < SLOPES[-1] < SLOPES[0] < 1
    assert help_at(KNOTS[-1]) == help_at(KNOTS[-1] + 100)


@settings(max_examples=100, deadline=None)
@given(level_g=grams, more_g=grams, fair_g=fair)
def test_need_is_met_in_segments_that_add_up(level_g: int, more_g: int, fair_g: float) -> None:
    left, met = float(more_g), 0.0
    for room_g, slope in segments(level_g, fair_g):
        taken = min(left, room_g)
        left -= taken
        met += taken * slope
    assert need_met(level_g, more_g, fair_g) == pytest.approx(met, rel=1e-6, abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(level_g=grams, first_g=grams, second_g=grams, fair_g=fair)
def test_two_portions_help_as_much_as_both_at_once(
    level_g: int, first_g: int, second_g: int, fair_g: float
) -> None:
    apart = need_met(level_g, first_g, fair_g) + need_met(level_g + first_g, second_g, fair_g)
    assert need_met(level_g, first_g + second_g, fair_g) == pytest.approx(apart, abs=1e-3)


def test_without_a_fair_share_nothing_is_needed() -> None:
    assert need_met(0, 1_000, 0) == 0
    assert segments(0, 0) == []
