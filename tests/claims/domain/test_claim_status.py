"""A claim's status follows from where the grams of its lines are."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.claims import models
from backend.claims.domain.lifecycle import (
    NEXT,
    OPEN,
    ClaimStatus,
    LineMass,
    advance,
    derive_status,
)
from backend.common.refusals import IllegalTransition

S = ClaimStatus

lines = st.lists(
    st.builds(
        LineMass, **{each.name: st.sampled_from([0, 0, 0, 700]) for each in fields(LineMass)}
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize(
    ("line", "scheduled", "status"),
    [
        (LineMass(reserved_g=5), False, S.RESERVED),
        (LineMass(reserved_g=5), True, S.SCHEDULED),
        (LineMass(on_board_g=5), True, S.COLLECTED),
        (LineMass(reserved_g=2, on_board_g=3), True, S.COLLECTED),
        (LineMass(reserved_g=2, delivered_g=3), False, S.COLLECTED),
        (LineMass(delivered_g=5), True, S.SETTLED),
        (LineMass(delivered_g=1, returned_g=4), True, S.SETTLED),
        (LineMass(returned_g=3, disposed_g=1, lost_g=1), True, S.FAILED),
        (LineMass(released_g=5), True, S.CANCELLED),
        (LineMass(in_stock_g=5), True, S.COLLECTED),
    ],
)
def test_the_status_says_where_the_food_is(line: LineMass, scheduled: bool, status: S) -> None:
    assert derive_status([line], scheduled=scheduled) is status


def test_a_claim_released_for_want_of_time_has_lapsed() -> None:
    assert derive_status([LineMass(released_g=5)], scheduled=False, lapsed=True) is S.LAPSED


def test_for_a_hub_food_in_stock_has_arrived() -> None:
    assert derive_status([LineMass(in_stock_g=5)], scheduled=True, for_stock=True) is S.SETTLED


@settings(max_examples=200, deadline=None)
@given(lines=lines, scheduled=st.booleans(), lapsed=st.booleans())
def test_the_order_of_lines_changes_nothing(
    lines: list[LineMass], scheduled: bool, lapsed: bool
) -> None:
    forward = derive_status(lines, scheduled=scheduled, lapsed=lapsed)
    assert derive_status(lines[::-1], scheduled=scheduled, lapsed=lapsed) is forward


@settings(max_examples=200, deadline=None)
@given(lines=lines, scheduled=st.booleans())
def test_a_claim_is_open_exactly_while_mass_is_reserved_or_under_way(
    lines: list[LineMass], scheduled: bool
) -> None:
    total = sum(lines, LineMass())
    under_way = total.reserved_g + total.on_board_g + total.in_stock_g > 0
    assert (derive_status(lines, scheduled=scheduled) in OPEN) == under_way
    assert total.total_g == sum(line.total_g for line in lines)


def test_nothing_follows_an_end() -> None:
    for end in set(S) - OPEN:
        assert NEXT[end] == set()
    with pytest.raises(IllegalTransition):
        advance(S.COLLECTED, S.CANCELLED)
    assert advance(S.SCHEDULED, S.RESERVED) is S.RESERVED


def test_the_table_and_the_columns_know_the_same_states() -> None:
    assert set(models.ClaimStatus.values) == {each.value for each in S}
    assert {each.name for each in fields(LineMass)} == {f"{b}_g" for b in models.LINE_BUCKETS}
