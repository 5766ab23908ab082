"""What becomes of lots, claims and capacity when somebody records what passed."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.claims.models import Claim, ClaimStatus, Transport
from backend.common.actor import Actor, system
from backend.common.refusals import Invalid, NotFound
from backend.common.rest.limits import TooMany
from backend.couriers.models import Courier
from backend.custody.actions.record_hand_over import (
    MOST_WRONG_CODES,
    ClientIdReused,
    WrongCode,
    record_hand_over,
)
from backend.custody.domain.replay import Kind, Remainder
from backend.custody.models import HandOver, HandOverStatus, Incident, IncidentStatus
from backend.events.models import Event
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from backend.listings.models import Lot
from backend.needs.models import CapacityUse
from backend.organizations.models import Programme
from tests.builders.accounts import actor_of, make_user
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over, line_of, submission
from tests.builders.listings import make_lot
from tests.builders.organizations import make_member

pytestmark = pytest.mark.django_db
SYSTEM = system("tests.step")
SOON = timedelta(minutes=30)


@pytest.fixture
def donor(lot: Lot) -> Actor:
    return actor_of(make_member(lot.listing.organization))


@pytest.fixture
def charity(taker: Programme) -> Actor:
    return actor_of(make_member(taker.location.organization))


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def fresh(row: Lot) -> Lot:
    row.refresh_from_db()
    return row


def used_g(programme: Programme) -> int:
    return sum(
        CapacityUse.objects.filter(location=programme.location).values_list("used_g", flat=True)
    )


def test_a_charity_that_fetches_its_share_itself_settles_the_claim(
    lot: Lot, claim: Claim, donor: Actor, now: datetime
) -> None:
    hand_over(claim, at=now + SOON, by=donor, code=claim.pickup_code)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SETTLED
    assert (fresh(lot).delivered_g, lot.available_g, lot.reserved_g) == (4_000, 6_000, 0)
    assert HandOver.objects.get().code_matched
    assert Event.objects.filter(type="custody.delivered").count() == 1
    assert_sound()


def test_a_driver_collects_and_delivers(
    lot: Lot, driven: Claim, courier: Courier, now: datetime
) -> None:
    hand_over(driven, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk, accepted_g=4_200)
    assert (fresh(lot).on_board_g, lot.adjusted_g) == (4_200, 200)
    hand_over(driven, at=now + 2 * SOON, courier_id=courier.pk, accepted_g=4_200)
    assert fresh(lot).delivered_g == 4_200
    assert_sound()


@pytest.mark.parametrize(
    ("remainder", "left"),
    [
        (Remainder.NONE, (6_000, 0, -1_000, 3_000)),
        (Remainder.LEFT_BEHIND, (7_000, 0, 0, 3_000)),
        (Remainder.COMES_LATER, (6_000, 1_000, 0, 4_000)),
    ],
)
def test_less_than_promised_leaves_what_the_driver_says(
    driven: Claim, courier: Courier, now: datetime, remainder: Remainder, left: tuple[int, ...]
) -> None:
    """`left`: available, reserved, adjusted, and the room it takes at the charity's, in grams."""
    hand_over(
        driven,
        Kind.COLLECTED,
        at=now + SOON,
        courier_id=courier.pk,
        accepted_g=3_000,
        line={"remainder": remainder},
    )
    lot = driven.lines.get().lot
    found = (lot.available_g, lot.reserved_g, lot.adjusted_g, used_g(driven.programme))
    assert found == left
    assert_sound()


def test_what_is_refused_at_the_door_stays_on_board_until_it_is_brought_back(
    lot: Lot, driven: Claim, courier: Courier, now: datetime
) -> None:
    hand_over(driven, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk)
    part = {"refused_g": 1_500, "reason": "spoiled"}
    hand_over(driven, at=now + 2 * SOON, courier_id=courier.pk, accepted_g=2_500, line=part)
    assert (fresh(lot).delivered_g, lot.on_board_g) == (2_500, 1_500)
    driven.refresh_from_db()
    assert driven.status == ClaimStatus.COLLECTED
    hand_over(driven, Kind.RETURNED, at=now + 3 * SOON, courier_id=courier.pk, accepted_g=1_500)
    driven.refresh_from_db()
    assert (fresh(lot).returned_g, lot.on_board_g, driven.status) == (
        1_500,
        0,
        ClaimStatus.SETTLED,
    )
    assert_sound()


def test_food_that_is_disposed_of_fails_the_claim(
    lot: Lot, taker: Programme, driven: Claim, courier: Courier, now: datetime
) -> None:
    hand_over(driven, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk)
    hand_over(driven, Kind.DISPOSED, at=now + 2 * SOON, courier_id=courier.pk)
    driven.refresh_from_db()
    assert (fresh(lot).disposed_g, driven.status) == (4_000, ClaimStatus.FAILED)
    assert used_g(taker) == 0
    assert_sound()


def test_what_a_charity_refuses_at_the_donors_stays_with_the_donor(
    lot: Lot, claim: Claim, charity: Actor, now: datetime
) -> None:
    refused = {"refused_g": 4_000, "reason": "damaged"}
    hand_over(claim, at=now + SOON, by=charity, accepted_g=0, line=refused)
    claim.refresh_from_db()
    assert (fresh(lot).returned_g, lot.available_g) == (4_000, 6_000)
    assert claim.status == ClaimStatus.FAILED
    assert_sound()


def test_a_wrong_code_changes_nothing(claim: Claim, donor: Actor, now: datetime) -> None:
    wrong = f"{(int(claim.pickup_code) + 1) % 1_000_000:06d}"
    with pytest.raises(WrongCode):
        hand_over(claim, at=now + SOON, by=donor, code=wrong)
    assert not HandOver.objects.exists()
    assert_sound()


def test_codes_cannot_be_guessed_one_after_the_other(
    claim: Claim, charity: Actor, now: datetime
) -> None:
    wrong = f"{(int(claim.pickup_code) + 1) % 1_000_000:06d}"
    for _ in range(MOST_WRONG_CODES):
        with pytest.raises(WrongCode):
            hand_over(claim, at=now + SOON, by=charity, code=wrong)
    with pytest.raises(TooMany):
        hand_over(claim, at=now + SOON, by=charity, code=wrong)


def test_the_code_of_a_delivery_by_the_donor_is_the_charitys(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    lot.listing.donor_delivers = True
    lot.listing.save()
    brought = make_claim(lot, 4_000, now=now, programme=taker, transport=Transport.DONOR_DELIVERS)
    hand_over(brought, at=now + SOON, code=brought.delivery_code)
    assert HandOver.objects.get().code_matched


def test_a_repeated_submission_is_the_same_fact(claim: Claim, donor: Actor, now: datetime) -> None:
    sent = submission(claim, at=now + SOON)
    first = record_hand_over(submission=sent, by=donor, now=now + SOON)
    again = record_hand_over(submission=sent, by=donor, now=now + 2 * SOON)
    assert again.pk == first.pk
    assert HandOver.objects.count() == 1
    assert Event.objects.filter(type="custody.delivered").count() == 1
    assert_sound()


def test_other_figures_under_the_same_id_are_refused(
    claim: Claim, donor: Actor, now: datetime
) -> None:
    sent = submission(claim, at=now + SOON)
    record_hand_over(submission=sent, by=donor, now=now + SOON)
    [line] = sent.lines
    other = replace(sent, lines=(replace(line, accepted_g=3_000),))
    with pytest.raises(ClientIdReused):
        record_hand_over(submission=other, by=donor, now=now + SOON)
    refused_too = replace(sent, lines=(replace(line, refused_g=1),))
    with pytest.raises(ClientIdReused):
        record_hand_over(submission=refused_too, by=donor, now=now + SOON)
    assert_sound()


def test_strangers_record_nothing_and_learn_nothing(
    claim: Claim, donor: Actor, courier: Courier, now: datetime
) -> None:
    sent = submission(claim, at=now + SOON)
    record_hand_over(submission=sent, by=donor, now=now + SOON)
    outsider = actor_of(make_user())
    with pytest.raises(NotFound):
        record_hand_over(submission=sent, by=outsider, now=now + SOON)
    with pytest.raises(NotFound):
        hand_over(claim, at=now + SOON, by=actor_of(courier.user), courier_id=courier.pk)
    assert HandOver.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"accepted_g": -1}, "mass_g"),
        ({"accepted_g": 10**12}, "mass_g"),
        ({"accepted_g": 0}, "mass_g"),
        ({"temperature_dc": 9_999}, "temperature_dc"),
        ({"claim_line_id": uuid4()}, "lines"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    claim: Claim, now: datetime, line: dict[str, object], field: str
) -> None:
    sent = submission(claim, at=now + SOON)
    [whole] = sent.lines
    with pytest.raises(Invalid) as refused:
        record_hand_over(
            submission=replace(sent, lines=(replace(whole, **line),)), by=SYSTEM, now=now + SOON
        )
    assert field in refused.value.fields
    assert not HandOver.objects.exists()


def test_the_same_line_twice_is_refused(claim: Claim, now: datetime) -> None:
    line = line_of(claim.lines.get())
    with pytest.raises(Invalid):
        hand_over(claim, at=now + SOON, lines=(line, line))


def test_a_collection_without_a_driver_is_refused(driven: Claim, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        hand_over(driven, Kind.COLLECTED, at=now + SOON)
    assert "courier_id" in refused.value.fields


def test_a_delivery_that_arrives_first_waits_flagged_and_then_counts(
    lot: Lot, driven: Claim, courier: Courier, now: datetime
) -> None:
    late = now + 3 * SOON
    first = hand_over(driven, at=now + 2 * SOON, now=late, courier_id=courier.pk)
    assert first.status == HandOverStatus.UNMATCHED
    assert Incident.objects.get().code == "nothing_to_hand_over"
    hand_over(driven, Kind.COLLECTED, at=now + SOON, now=late, courier_id=courier.pk)
    first.refresh_from_db()
    assert (first.status, first.breach_codes) == (HandOverStatus.APPLIED, [])
    assert Incident.objects.get().status == IncidentStatus.RESOLVED
    assert fresh(lot).delivered_g == 4_000
    assert_sound()


def test_food_handed_over_after_its_end_is_stored_and_flagged(
    lot: Lot, claim: Claim, now: datetime
) -> None:
    too_late = lot.safe_until_at + timedelta(minutes=1)
    passed = hand_over(claim, at=too_late)
    assert passed.breach_codes == ["after_safe_until"]
    assert Incident.objects.get().status == IncidentStatus.OPEN
    assert fresh(lot).delivered_g == 4_000
    assert_sound()


def test_a_slow_clock_does_not_make_food_safe_for_longer(
    lot: Lot, claim: Claim, now: datetime
) -> None:
    shown = lot.safe_until_at - timedelta(minutes=10)
    passed = hand_over(claim, at=shown, now=shown + timedelta(hours=1), clock_offset_s=-1_200)
    assert passed.breach_codes == ["after_safe_until"]


def test_warm_chilled_food_is_flagged(taker: Programme, now: datetime) -> None:
    milk = make_lot(now=now, category="milk")
    claim = make_claim(milk, 4_000, now=now, programme=taker)
    passed = hand_over(claim, at=now + SOON, line={"temperature_dc": 150})
    assert passed.breach_codes == ["too_warm"]


def test_the_events_of_a_hand_over_tell_no_name_and_no_code(
    claim: Claim, donor: Actor, now: datetime
) -> None:
    hand_over(
        claim,
        at=now + SOON,
        by=donor,
        signer_name="Wang",
        note="at the gate",
        code=claim.pickup_code,
    )
    drain(now=now + SOON)
    told = str(list(Event.objects.values_list("payload", flat=True)))
    assert not any(word in told for word in ("Wang", "gate", claim.pickup_code))
