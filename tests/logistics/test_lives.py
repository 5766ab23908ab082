"""What a shipment is, follows from its grams; how long a courier may think, from the hour."""

from datetime import UTC, datetime, timedelta

import pytest

from logistics.domain.lifecycle import ShipmentStatus as S
from logistics.domain.lifecycle import derive_status
from logistics.domain.offering import (
    ANSWER_WITHIN,
    PROMISE_MG,
    SHORTEST_ANSWER,
    answer_by,
    prize_mg,
)

NOON = datetime(2026, 6, 10, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("here", "grams", "there"),
    [
        (S.PLANNED, (5, 0, 0, 0), S.PLANNED),
        (S.WAITING, (5, 0, 0, 0), S.WAITING),
        (S.PLANNED, (0, 5, 0, 0), S.ON_BOARD),
        (S.PLANNED, (2, 3, 0, 0), S.ON_BOARD),
        (S.ON_BOARD, (2, 0, 3, 0), S.WAITING),
        (S.ON_BOARD, (0, 0, 3, 2), S.DELIVERED),
        (S.ON_BOARD, (0, 0, 0, 5), S.RETURNED),
        (S.ON_BOARD, (0, 0, 0, 0), S.FAILED),
        (S.CANCELLED, (0, 0, 5, 0), S.DELIVERED),
    ],
)
def test_where_the_grams_are_says_what_a_shipment_is(
    here: S, grams: tuple[int, int, int, int], there: S
) -> None:
    """`grams`: reserved, on board, delivered, given back."""
    reserved_g, on_board_g, delivered_g, given_back_g = grams
    found = derive_status(
        here,
        reserved_g=reserved_g,
        on_board_g=on_board_g,
        delivered_g=delivered_g,
        given_back_g=given_back_g,
    )
    assert found is there


def test_a_courier_has_a_quarter_of_an_hour_or_half_the_time_that_is_left() -> None:
    assert answer_by(now=NOON, starts_at=NOON + 2 * HOUR) == NOON + ANSWER_WITHIN
    assert answer_by(now=NOON, starts_at=NOON + HOUR / 3) == NOON + HOUR / 6
    assert answer_by(now=NOON, starts_at=NOON) == NOON + SHORTEST_ANSWER


def test_a_promise_is_worth_its_mass_and_up_to_half_more_when_it_hurries() -> None:
    def of_mass(life_left_s: int) -> int:
        return prize_mg(mass_g=1_000, longest_life_left_s=life_left_s) - PROMISE_MG

    assert of_mass(24 * 3_600) == 1_000_000
    assert of_mass(3 * 3_600) == 1_250_000
    assert of_mass(-5) == 1_500_000
