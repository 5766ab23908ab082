"""Whom a contested lot waits for, and for how long."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.claims.domain.hold import Hold, held_back
from backend.claims.domain.reasons import Reason
from matching.domain.hold import Contender, hold_for
from tests.matching.domain.worlds import NOW

LATER = NOW + timedelta(hours=6)


def contenders(*got_g: float, takeable_g: int = 10_000) -> list[Contender]:
    return [Contender(str(index), got, takeable_g) for index, got in enumerate(got_g)]


def first(*got_g: float, left_g: int = 10_000, **fields: int) -> frozenset[str] | None:
    hold = hold_for(contenders(*got_g, **fields), left_g=left_g, opened_at=NOW, ends_at=LATER)
    return hold.programme_ids if hold else None


def test_the_least_served_third_may_choose_first_for_half_an_hour() -> None:
    hold = hold_for(contenders(5, 1, 9, 2, 7, 8), left_g=10_000, opened_at=NOW, ends_at=LATER)
    assert hold == Hold(NOW + timedelta(minutes=30), frozenset({"1", "3"}))


def test_equals_are_not_told_apart_by_chance() -> None:
    assert first(0, 0, 5, 6) == {"0", "1"}
    assert first(3, 3, 3, 3) is None, "where all got the same nobody waits"


def test_food_with_under_three_hours_waits_for_nobody() -> None:
    soon = NOW + timedelta(hours=3) - timedelta(seconds=1)
    assert hold_for(contenders(1, 2, 3), left_g=1, opened_at=NOW, ends_at=soon) is None
    in_time = soon + timedelta(seconds=1)
    assert hold_for(contenders(1, 2, 3), left_g=1, opened_at=NOW, ends_at=in_time) is not None


def test_what_is_enough_for_all_is_not_contested() -> None:
    assert first(1, 2, 3, left_g=30_000) is None
    assert first(1, 2, 3, left_g=29_999) == {"0"}


def test_two_do_not_make_a_third() -> None:
    assert first(1, 2) is None
    assert first(1, 2, 3, takeable_g=0) is None


@given(st.lists(st.floats(0, 1_000), max_size=40), st.integers(1, 20_000))
def test_somebody_may_always_claim_and_nobody_waits_for_the_better_served(
    got_g: list[float], left_g: int
) -> None:
    chosen = first(*got_g, left_g=left_g)
    if chosen is None:
        return
    waiting = [got for index, got in enumerate(got_g) if str(index) not in chosen]
    assert chosen
    assert waiting
    assert max(got_g[int(each)] for each in chosen) < min(waiting)
    assert 3 * len(chosen) >= len(got_g)


@pytest.mark.parametrize(
    ("programme", "minutes", "reason"),
    [
        ("in", 0, None),
        ("out", 0, Reason.HELD_FOR_OTHERS),
        ("out", 29, Reason.HELD_FOR_OTHERS),
        ("out", 30, None),
    ],
)
def test_a_hold_ends_by_itself(programme: str, minutes: int, reason: Reason | None) -> None:
    hold = Hold(NOW + timedelta(minutes=30), frozenset({"in"}))
    assert held_back(hold, programme, now=NOW + timedelta(minutes=minutes)) is reason
    assert held_back(None, programme, now=NOW) is None
