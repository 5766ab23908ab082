"""Each hard rule says no for its own reason, and every reason has words."""

from typing import Any

import pytest

from backend.claims.domain.eligibility import (
    all_failures,
    find_trip,
    first_failure,
    mass_failure,
    may_receive,
    reservable_g,
)
from backend.claims.domain.facts import LotFacts, RecipientFacts
from backend.claims.domain.reasons import SENTENCES, Reason
from backend.claims.domain.trips import Leg, Trip, plan_trip
from backend.organizations.domain.hours import Interval
from tests.matching.domain.worlds import HOUR, NOW, courier, lot, recipient

NEAR = Leg(distance_m=2_000, travel_s=300, longest_m=60_000)
CLOSED = (Interval(NOW + 60 * HOUR, NOW + 70 * HOUR),)


def test_an_ordinary_pair_passes_every_rule() -> None:
    trip = may_receive(lot(), recipient(), NEAR, now=NOW)
    assert isinstance(trip, Trip)
    assert all_failures(lot(), recipient(), trip, NOW) == []


@pytest.mark.parametrize(
    ("food", "place", "reason"),
    [
        (lot(is_open=False), recipient(), Reason.NOT_OPEN),
        (lot(left_g=0), recipient(), Reason.NOTHING_LEFT),
        (
            lot(pickup_from_at=NOW - 2 * HOUR, pickup_until_at=NOW),
            recipient(),
            Reason.WINDOW_OVER,
        ),
        (lot(safe_until_at=NOW), recipient(), Reason.UNSAFE_BEFORE_ARRIVAL),
        (lot(), recipient(verified=False), Reason.NOT_VERIFIED),
        (lot(), recipient(organization_id="donor1"), Reason.SAME_ORGANIZATION),
        (lot(audience=frozenset({"charity9"})), recipient(), Reason.AUDIENCE_EXCLUDED),
        (
            lot(),
            recipient(categories_not_taken=frozenset({"rice_dry"})),
            Reason.CATEGORY_NOT_TAKEN,
        ),
        (lot(), recipient(categories_not_taken=frozenset({"staples"})), Reason.CATEGORY_NOT_TAKEN),
        (
            lot(allergens=frozenset({"egg"})),
            recipient(allergens_excluded=frozenset({"egg", "milk"})),
            Reason.ALLERGEN_EXCLUDED,
        ),
        (
            lot(diet_flags=frozenset({"no_pork"})),
            recipient(diet_rules=frozenset({"no_pork", "halal"})),
            Reason.DIET_RULE,
        ),
        (lot(), recipient(capacity_g={"chilled": 9_000}), Reason.NO_COLD_STORAGE),
        (lot(), recipient(capacity_g={"ambient": 999}), Reason.OVER_CAPACITY),
        (lot(), recipient(road_group="island"), Reason.OTHER_ROAD_GROUP),
        (lot(transports=frozenset({"carrier"})), recipient(), Reason.TRANSPORT_NOT_ALLOWED),
        (
            lot(transports=frozenset({"self_collect"})),
            recipient(collects_itself=False),
            Reason.TRANSPORT_NOT_ALLOWED,
        ),
        (
            lot(transports=frozenset({"self_collect"})),
            recipient(max_distance_m=1_999),
            Reason.TOO_FAR,
        ),
        (lot(), recipient(max_distance_m=1_999), Reason.NO_COURIER_ON_SHIFT),
        (
            lot(pickup_from_at=NOW - HOUR, safe_until_at=NOW + HOUR / 12),
            recipient(),
            Reason.UNSAFE_BEFORE_ARRIVAL,
        ),
        (
            lot(transports=frozenset({"self_collect"}), max_out_of_cold_s=299),
            recipient(),
            Reason.UNSAFE_BEFORE_ARRIVAL,
        ),
        (lot(), recipient(collects_itself=False), Reason.NO_COURIER_ON_SHIFT),
        (
            lot(transports=frozenset({"self_collect"})),
            recipient(open_hours=CLOSED),
            Reason.CLOSED_UNTIL_DEADLINE,
        ),
        (
            lot(transports=frozenset({"self_collect"})),
            recipient(open_hours=()),
            Reason.CLOSED_UNTIL_DEADLINE,
        ),
    ],
)
def test_a_broken_rule_gives_its_own_reason(
    food: LotFacts, place: RecipientFacts, reason: Reason
) -> None:
    assert may_receive(food, place, NEAR, now=NOW) is reason


def test_all_reasons_are_given_once_and_in_order() -> None:
    food = lot(is_open=False, allergens=frozenset({"egg"}))
    place = recipient(verified=False, allergens_excluded=frozenset({"egg"}))
    expected = [Reason.NOT_OPEN, Reason.NOT_VERIFIED, Reason.ALLERGEN_EXCLUDED]
    assert all_failures(food, place, None, NOW) == expected
    assert first_failure(food, place, None, NOW) is Reason.NOT_OPEN


def test_no_trip_hands_over_at_or_after_the_end_of_safety() -> None:
    food = lot(safe_until_at=NOW + 2 * HOUR)
    opens_at_the_end = recipient(open_hours=(Interval(NOW + 2 * HOUR, NOW + 9 * HOUR),))
    trip = plan_trip(food, opens_at_the_end, NEAR, transport="self_collect", now=NOW)
    assert first_failure(food, opens_at_the_end, trip, NOW) is Reason.CLOSED_UNTIL_DEADLINE


def test_a_cold_box_carries_what_own_collection_may_not() -> None:
    food = lot(storage_class="chilled", max_out_of_cold_s=60)
    by_van = find_trip(food, recipient(), NEAR, now=NOW, couriers=[courier()])
    assert isinstance(by_van, Trip)
    assert (by_van.transport, by_van.out_of_cold_s) == ("courier", 0)
    no_box = courier(volume_ml={"ambient": 900_000})
    found = find_trip(food, recipient(), NEAR, now=NOW, couriers=[no_box])
    assert found is Reason.NO_COURIER_ON_SHIFT or found is Reason.UNSAFE_BEFORE_ARRIVAL


@pytest.mark.parametrize(
    ("left_g", "step_g", "room_g", "expected_g"),
    [
        (10_000, 1_000, 50_000, 10_000),
        (10_500, 1_000, 50_000, 10_500),
        (10_500, 1_000, 10_400, 10_000),
        (10_000, 4_000, 9_000, 8_000),
        (10_000, 20_000, 9_999, 0),
        (10_000, 20_000, 10_000, 10_000),
        (10_000, 1_000, 999, 0),
    ],
)
def test_a_claim_can_take_whole_steps_or_all_that_is_left(
    left_g: int, step_g: int, room_g: int, expected_g: int
) -> None:
    food, place = lot(left_g=left_g, step_g=step_g), recipient(capacity_g={"ambient": room_g})
    assert reservable_g(food, place) == expected_g
    if expected_g:
        assert mass_failure(food, place, expected_g) is None


@pytest.mark.parametrize(
    ("mass_g", "reason"),
    [
        (0, Reason.BELOW_STEP),
        (999, Reason.BELOW_STEP),
        (1_500, Reason.NOT_STEP_MULTIPLE),
        (10_501, Reason.ABOVE_LEFT),
        (9_000, Reason.OVER_CAPACITY),
        (10_500, Reason.OVER_CAPACITY),
        (8_000, None),
    ],
)
def test_a_mass_that_cannot_be_claimed_gives_its_reason(mass_g: int, reason: Reason | None) -> None:
    food, place = lot(left_g=10_500), recipient(capacity_g={"ambient": 8_000})
    assert mass_failure(food, place, mass_g) is reason


def test_nothing_can_be_claimed_of_nothing() -> None:
    assert mass_failure(lot(left_g=0), recipient(), 1_000) is Reason.NOTHING_LEFT
    assert reservable_g(lot(left_g=0), recipient()) == 0


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("left_g", -1),
        ("volume_ml", -1),
        ("step_g", 0),
        ("storage_class", "lukewarm"),
        ("transports", frozenset({"drone"})),
        ("category", ""),
        ("pickup_until_at", NOW),
        ("safe_until_at", NOW.replace(tzinfo=None)),
        ("max_out_of_cold_s", -5),
    ],
)
def test_facts_of_a_lot_that_make_no_sense_are_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{field}:"):
        lot(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity_g", {"ambient": -1}),
        ("capacity_g", {"cellar": 1}),
        ("need_g", {"staples": float("nan")}),
        ("max_distance_m", -1),
        ("open_hours", (Interval(NOW, NOW),)),
        ("open_hours", (Interval(NOW, NOW + 2 * HOUR), Interval(NOW + HOUR, NOW + 3 * HOUR))),
    ],
)
def test_facts_of_a_recipient_that_make_no_sense_are_refused_by_name(
    field: str, value: Any
) -> None:
    with pytest.raises(ValueError, match=f"^{field}"):
        recipient(**{field: value})
