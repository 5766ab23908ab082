"""What two counties agreed, and the leg between them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.claims.domain.eligibility import failures
from backend.claims.domain.reasons import Reason
from backend.common.refusals import IllegalTransition
from backend.organizations.domain.hours import Interval
from matching.domain.lifecycle import AgreementStatus, advance_agreement
from matching.domain.transfers import (
    Carriage,
    Not,
    Terms,
    carriage_failure,
    carried_trip,
    terms_failure,
    week_of,
)
from tests.matching.domain.worlds import HOUR, NOW, lot, recipient

TODAY = date(2026, 11, 20)
AGREED = Terms("TPE", "PEN", groups=frozenset({"staples"}), until_date=TODAY)
PAIR = {"group": "staples", "from_county": "TPE", "to_county": "PEN", "on": TODAY}
FERRY = Carriage(NOW + HOUR, NOW + 13 * HOUR)
BY_CARRIER = lot(transports=frozenset({"carrier", "courier"}))
ISLAND = recipient(road_group="penghu")


@pytest.mark.parametrize(
    ("terms", "changes", "reason"),
    [
        (AGREED, {}, None),
        (AGREED, {"group": "meals"}, Not.GROUP_NOT_AGREED),
        (replace(AGREED, groups=frozenset()), {"group": "meals"}, None),
        (AGREED, {"on": TODAY + timedelta(days=1)}, Not.AGREEMENT_OVER),
        (replace(AGREED, until_date=None), {"on": date(2040, 1, 1)}, None),
        (replace(AGREED, is_active=False), {}, Not.AGREEMENT_OVER),
        (AGREED, {"from_county": "PEN", "to_county": "TPE"}, Not.OTHER_COUNTIES),
    ],
)
def test_only_what_was_agreed_may_go(
    terms: Terms, changes: dict[str, object], reason: Not | None
) -> None:
    assert terms_failure(terms, **(PAIR | changes)) is reason  # type: ignore[arg-type]


def test_a_county_does_not_agree_with_itself() -> None:
    with pytest.raises(ValueError, match=r"^to_county: TPE is the same county$"):
        Terms("TPE", "TPE")


@pytest.mark.parametrize(
    ("carriage", "reason"),
    [
        (FERRY, None),
        (Carriage(NOW + HOUR, NOW + HOUR), Not.ARRIVES_BEFORE_LEAVING),
        (Carriage(NOW - HOUR, NOW + HOUR), Not.LEAVES_BEFORE_READY),
        (Carriage(NOW + 24 * HOUR, NOW + 30 * HOUR), Not.LEAVES_TOO_LATE),
    ],
)
def test_a_leg_leaves_within_the_pickup_window(carriage: Carriage, reason: Not | None) -> None:
    assert carriage_failure(carriage, BY_CARRIER, now=NOW) is reason


def why_not(carriage: Carriage, **changes: object) -> list[Reason]:
    food = replace(BY_CARRIER, **changes)  # type: ignore[arg-type]
    return list(failures(food, ISLAND, carried_trip(carriage, food, ISLAND), NOW))


def test_a_carrier_needs_no_road_and_all_other_rules_hold() -> None:
    assert why_not(FERRY) == []
    assert why_not(FERRY, safe_until_at=NOW + 13 * HOUR) == [
        Reason.UNSAFE_BEFORE_ARRIVAL,
        Reason.CLOSED_UNTIL_DEADLINE,
    ]
    assert why_not(FERRY, transports=frozenset({"courier"})) == [Reason.TRANSPORT_NOT_ALLOWED]


def test_cold_food_needs_a_carrier_that_keeps_it_cold() -> None:
    cold = {"storage_class": "chilled", "max_out_of_cold_s": 1_800}
    assert why_not(FERRY, **cold) == [Reason.UNSAFE_BEFORE_ARRIVAL]
    assert why_not(replace(FERRY, keeps_cold=True), **cold) == []


def test_it_is_handed_over_once_the_door_is_open() -> None:
    opens = NOW + 15 * HOUR
    later = replace(ISLAND, open_hours=(Interval(opens, opens + HOUR),))
    trip = carried_trip(FERRY, BY_CARRIER, later)
    assert (trip.transport, trip.reaches_at, trip.hands_over_at) == (
        "carrier",
        FERRY.arrives_at,
        opens,
    )


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_week_begins_on_its_monday(on: date) -> None:
    monday = week_of(on)
    assert monday.weekday() == 0
    assert timedelta(0) <= on - monday < timedelta(days=7)


def test_an_agreement_is_answered_once_and_ended_for_good() -> None:
    S = AgreementStatus
    assert advance_agreement(S.PROPOSED, S.ACTIVE) is S.ACTIVE
    assert advance_agreement(S.ACTIVE, S.ENDED) is S.ENDED
    for here, there in ((S.ACTIVE, S.DECLINED), (S.DECLINED, S.ACTIVE), (S.ENDED, S.ACTIVE)):
        with pytest.raises(IllegalTransition):
            advance_agreement(here, there)
