"""What happens when a charity takes a share, gives it back or does not come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.count_claim import MOST_PER_HOUR, TooManyClaims
from backend.claims.actions.lapse_claim import lapse_claim
from backend.claims.actions.move_line_mass import move_line_mass
from backend.claims.actions.refresh_claim_status import refresh_claim_status
from backend.claims.actions.refuse_ineligible import NotEligible
from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.actions.schedule_claim import schedule_claim
from backend.claims.actions.unschedule_claim import unschedule_claim
from backend.claims.models import Claim, ClaimSource, ClaimStatus, ClaimTally, Transport
from backend.claims.tasks import lapse_due
from backend.common.actor import Actor, system
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, NotFound
from backend.events.models import AuditEntry, Event, EventAudience
from backend.events.relay import drain
from backend.listings.actions.move_mass import NothingLeft, move_mass
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.domain.ledger import Bucket
from backend.listings.models import Listing, Lot, MassMovement
from backend.needs.actions.take_capacity import CapacityFull, take_capacity
from backend.needs.models import CapacityUse
from backend.organizations.domain.hours import Interval
from backend.organizations.models import Programme
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.needs import make_capacity, make_taker
from tests.builders.organizations import (
    make_location,
    make_member,
    make_organization,
    make_recipient,
)

pytestmark = pytest.mark.django_db
SYSTEM = system("tests.step")


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


@pytest.fixture
def taker() -> Programme:
    return make_taker()


@pytest.fixture
def charity(taker: Programme) -> Actor:
    return actor_of(make_member(taker.location.organization))


def test_a_share_is_reserved_and_the_rest_stays_available(
    lot: Lot, taker: Programme, charity: Actor, now: datetime
) -> None:
    claim = make_claim(lot, 3_000, now=now, programme=taker, by=charity)
    lot.refresh_from_db()
    assert (lot.available_g, lot.reserved_g) == (7_000, 3_000)
    line = claim.lines.get()
    assert (line.mass_g, line.reserved_g) == (3_000, 3_000)
    assert claim.status == ClaimStatus.RESERVED
    movement = MassMovement.objects.get(to_bucket="reserved")
    assert (movement.to_holder_id, movement.cause_id) == (line.pk, claim.pk)


def test_a_share_takes_the_room_of_the_day_on_which_it_comes(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    claim = make_claim(lot, 3_000, now=now, programme=taker)
    use = CapacityUse.objects.get()
    assert (use.local_date, use.used_g, use.storage_class) == (claim.receive_date, 3_000, "ambient")


def test_more_than_is_left_is_refused_and_changes_nothing(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    events = Event.objects.count()
    with pytest.raises(NothingLeft):
        make_claim(lot, 10_500, now=now, programme=taker)
    lot.refresh_from_db()
    assert lot.available_g == 10_000
    assert not Claim.objects.exists()
    assert Event.objects.count() == events


def test_a_second_claim_for_the_last_crate_is_refused(lot: Lot, now: datetime) -> None:
    make_claim(lot, 10_000, now=now)
    with pytest.raises(NothingLeft):
        make_claim(lot, 10_000, now=now)
    assert Claim.objects.count() == 1


REFUSED = [
    ({"categories_not_taken": ["bakery"]}, {}, "category_not_taken"),
    ({"allergens_not_taken": ["gluten"]}, {"allergens": ("gluten",)}, "allergen_excluded"),
    ({"diet_rules": ["halal"]}, {}, "diet_rule"),
    ({"collects_itself": False}, {}, "transport_not_allowed"),
]


@pytest.mark.parametrize("case", REFUSED, ids=[each[2] for each in REFUSED])
def test_a_rule_refuses_with_its_own_code_and_takes_nothing(
    now: datetime, case: tuple[dict[str, Any], dict[str, Any], str]
) -> None:
    of_programme, of_lot, code = case
    lot, programme = make_lot(now=now, **of_lot), make_taker(**of_programme)
    with pytest.raises(NotEligible) as refusal:
        make_claim(lot, now=now, programme=programme)
    assert refusal.value.code == code
    lot.refresh_from_db()
    assert lot.available_g == 10_000
    assert not CapacityUse.objects.exists()


def test_no_cold_storage_is_a_reason_of_its_own(now: datetime) -> None:
    milk = make_lot(now=now, category="milk")
    programme = make_taker()
    programme.location.capacities.filter(storage_class="chilled").delete()
    with pytest.raises(NotEligible) as refusal:
        make_claim(milk, now=now, programme=programme)
    assert refusal.value.code == "no_cold_storage"


def test_a_full_place_cannot_take_more(lot: Lot, now: datetime) -> None:
    programme = make_taker(room_g=3_000)
    make_claim(lot, 2_000, now=now, programme=programme)
    with pytest.raises(NotEligible) as refusal:
        make_claim(lot, 2_000, now=now, programme=programme)
    assert refusal.value.code == "over_capacity"


def test_two_lots_together_above_the_room_are_refused(now: datetime) -> None:
    listing = make_listing(now=now, lots=(lot_draft(), lot_draft()))
    first, second = listing.lots.order_by("id")
    programme = make_taker(room_g=3_000)
    with pytest.raises(CapacityFull):
        reserve_claim(
            listing_id=listing.pk,
            programme_id=programme.pk,
            shares={first.pk: 2_000, second.pk: 2_000},
            transport=Transport.SELF_COLLECT,
            source=ClaimSource.HAND,
            by=SYSTEM,
            now=now,
        )
    assert set(Lot.objects.values_list("available_g", flat=True)) == {10_000}


def test_part_of_a_share_cannot_be_taken(lot: Lot, now: datetime) -> None:
    for mass_g, code in [(499, "below_step"), (750, "not_step_multiple")]:
        with pytest.raises(NotEligible) as refusal:
            make_claim(lot, mass_g, now=now)
        assert refusal.value.code == code


def test_the_donor_cannot_claim_its_own_food(now: datetime) -> None:
    food_bank = make_organization(is_donor=True, is_recipient=True)
    place = make_location(food_bank)
    with pytest.raises(NotEligible) as refusal:
        make_claim(make_lot(place, now=now), now=now, programme=make_taker(place))
    assert refusal.value.code == "same_organization"


def test_food_meant_for_others_is_refused(now: datetime) -> None:
    friend = make_recipient()
    listing = make_listing(now=now, audience="chosen", chosen_recipient_ids=(friend.pk,))
    with pytest.raises(NotEligible) as refusal:
        make_claim(listing.lots.get(), now=now)
    assert refusal.value.code == "audience_excluded"
    meant = make_taker(make_location(friend))
    assert make_claim(listing.lots.get(), now=now, programme=meant).pk


def test_an_unverified_charity_gets_nothing(lot: Lot, now: datetime) -> None:
    place = make_location(make_recipient(status="applied"))
    with pytest.raises(NotEligible) as refusal:
        make_claim(lot, now=now, programme=make_taker(place))
    assert refusal.value.code == "not_verified"


def test_somebody_elses_programme_does_not_exist_for_an_outsider(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    outsider = actor_of(make_member(make_recipient()))
    with pytest.raises(NotFound):
        make_claim(lot, now=now, programme=taker, by=outsider)


def test_lots_of_another_listing_are_not_found(lot: Lot, now: datetime) -> None:
    other = make_lot(now=now)
    other.listing_id = lot.listing_id
    with pytest.raises(NotFound):
        make_claim(other, now=now)


def test_a_booking_outside_the_pickup_window_is_refused(lot: Lot, now: datetime) -> None:
    late = Interval(now + timedelta(hours=3), now + timedelta(hours=5))
    with pytest.raises(Invalid) as refusal:
        make_claim(lot, now=now, booked=late)
    assert "booked_from_at" in refusal.value.fields


def test_a_booked_claim_lapses_half_an_hour_after_its_booking(lot: Lot, now: datetime) -> None:
    booked = Interval(now + timedelta(hours=1), now + timedelta(hours=2))
    claim = make_claim(lot, now=now, booked=booked)
    assert (claim.booked_from_at, claim.booked_until_at) == booked
    assert claim.lapses_at == now + timedelta(hours=2, minutes=30)


def test_an_accepted_offer_takes_what_was_held_and_no_room_twice(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    proposal_id = uuid4()
    make_capacity(taker.location, ambient=2_000)
    on = now.date()
    take_capacity(
        location_id=taker.location_id, storage_class="ambient", local_date=on, mass_g=2_000, now=now
    )
    move_mass(
        lot_id=lot.pk,
        from_bucket=Bucket.AVAILABLE,
        to_bucket=Bucket.HELD,
        mass_g=2_000,
        cause=lot,
        now=now,
        to_holder_id=proposal_id,
    )
    claim = make_claim(
        lot,
        2_000,
        now=now,
        programme=taker,
        source=ClaimSource.OFFER,
        from_held={lot.pk: proposal_id},
        receive_date=on,
    )
    lot.refresh_from_db()
    assert (lot.held_g, lot.reserved_g, lot.available_g) == (0, 2_000, 8_000)
    assert CapacityUse.objects.get().used_g == 2_000
    cancel_claim(claim_id=claim.pk, reason="not_needed", by=SYSTEM, now=now)
    assert CapacityUse.objects.get().used_g == 0


def test_a_cancelled_share_is_free_for_others_with_its_room(
    lot: Lot, taker: Programme, charity: Actor, now: datetime
) -> None:
    claim = make_claim(lot, 3_000, now=now, programme=taker)
    cancelled = cancel_claim(claim_id=claim.pk, reason="not_needed", by=charity, now=now)
    lot.refresh_from_db()
    assert cancelled.status == ClaimStatus.CANCELLED
    assert (lot.available_g, lot.reserved_g) == (10_000, 0)
    assert CapacityUse.objects.get().used_g == 0
    assert claim.lines.get().released_g == 3_000


def test_a_claim_is_cancelled_once(lot: Lot, now: datetime) -> None:
    claim = make_claim(lot, now=now)
    cancel_claim(claim_id=claim.pk, reason="not_needed", by=SYSTEM, now=now)
    with pytest.raises(IllegalTransition):
        cancel_claim(claim_id=claim.pk, reason="not_needed", by=SYSTEM, now=now)


def test_a_stranger_cannot_cancel(lot: Lot, now: datetime) -> None:
    claim = make_claim(lot, now=now)
    with pytest.raises(NotAllowed):
        cancel_claim(
            claim_id=claim.pk,
            reason="not_needed",
            by=actor_of(make_member(make_recipient())),
            now=now,
        )


def test_a_claim_that_nobody_came_for_lapses_and_the_food_goes_back(
    lot: Lot, now: datetime
) -> None:
    booked = Interval(now, now + timedelta(hours=1))
    claim = make_claim(lot, 3_000, now=now, booked=booked)
    early = lapse_claim(claim_id=claim.pk, now=now + timedelta(minutes=80), by=SYSTEM)
    assert early.status == ClaimStatus.RESERVED
    late = now + timedelta(minutes=90)
    assert lapse_due(now=late) == 1
    assert lapse_due(now=late) == 0
    claim.refresh_from_db()
    lot.refresh_from_db()
    assert claim.status == ClaimStatus.LAPSED
    assert lot.available_g == 10_000


def test_what_was_left_of_a_collected_share_goes_back_when_nobody_comes_for_it(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    claim = make_claim(lot, 3_000, now=now, programme=taker)
    move_line_mass(
        line=claim.lines.get(),
        from_bucket=Bucket.RESERVED,
        to_bucket=Bucket.ON_BOARD,
        mass_g=1_000,
        cause=claim,
        now=now,
    )
    refresh_claim_status(claim=claim, by=SYSTEM, now=now)
    assert lapse_due(now=claim.lapses_at) == 1
    assert lapse_due(now=claim.lapses_at) == 0
    claim.refresh_from_db()
    lot.refresh_from_db()
    assert claim.status == ClaimStatus.COLLECTED
    assert (lot.on_board_g, lot.reserved_g, lot.available_g) == (1_000, 0, 9_000)
    assert CapacityUse.objects.get().used_g == 1_000


def test_planning_and_unplanning_may_be_said_twice(lot: Lot, now: datetime) -> None:
    claim = make_claim(lot, now=now, transport=Transport.COURIER)
    for _ in range(2):
        assert schedule_claim(claim_id=claim.pk, by=SYSTEM, now=now).status == "scheduled"
    for _ in range(2):
        assert unschedule_claim(claim_id=claim.pk, by=SYSTEM, now=now).status == "reserved"
    assert Event.objects.filter(type="claim.scheduled").count() == 1
    assert Event.objects.filter(type="claim.unscheduled").count() == 1


def test_an_ended_claim_cannot_be_planned(lot: Lot, now: datetime) -> None:
    claim = make_claim(lot, now=now, transport=Transport.COURIER)
    cancel_claim(claim_id=claim.pk, reason="not_needed", by=SYSTEM, now=now)
    with pytest.raises(IllegalTransition):
        schedule_claim(claim_id=claim.pk, by=SYSTEM, now=now)
    assert unschedule_claim(claim_id=claim.pk, by=SYSTEM, now=now).status == "cancelled"


def test_both_sides_hear_of_a_claim_and_the_board_only_of_what_is_left(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    claim = make_claim(lot, 3_000, now=now, programme=taker)
    reserved = Event.objects.get(type="claim.reserved")
    assert _heard_by(reserved) == {
        f"organization:{claim.organization_id}",
        f"organization:{claim.listing.organization_id}",
        "county:63000",
    }
    left = Event.objects.get(type="listing.shares_changed")
    assert "board:main" in _heard_by(left)
    assert left.payload["lots"][0]["available_g"] == 7_000
    assert str(claim.organization_id) not in str(left.payload)
    for event in (reserved, left):
        assert claim.pickup_code not in str(event.payload)
    assert AuditEntry.objects.filter(action="claim.reserved").count() == 1


def test_what_was_promised_of_a_withdrawn_listing_is_cancelled_and_withdrawn(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    claim = make_claim(lot, 3_000, now=now, programme=taker)
    withdraw_listing(listing_id=lot.listing_id, reason="spoiled", by=SYSTEM, now=now)
    lot.refresh_from_db()
    assert (lot.withdrawn_g, lot.reserved_g) == (7_000, 3_000)
    drain(now=now)
    claim.refresh_from_db()
    lot.refresh_from_db()
    assert (claim.status, claim.end_reason) == ("cancelled", "listing_withdrawn")
    assert (lot.withdrawn_g, lot.reserved_g, lot.available_g) == (10_000, 0, 0)
    assert CapacityUse.objects.get().used_g == 0


def test_nobody_claims_more_often_in_an_hour_than_the_cap(
    lot: Lot, taker: Programme, now: datetime
) -> None:
    claim = make_claim(lot, 500, now=now, programme=taker)
    tally = ClaimTally.objects.get(organization=claim.organization_id)
    assert tally.claims == 1
    ClaimTally.objects.update(claims=MOST_PER_HOUR)
    with pytest.raises(TooManyClaims):
        make_claim(lot, 500, now=now, programme=taker)
    assert make_claim(lot, 500, now=now + timedelta(hours=1), programme=taker).pk


def test_the_engine_is_not_capped(lot: Lot, taker: Programme, now: datetime) -> None:
    make_claim(lot, 500, now=now, programme=taker, source=ClaimSource.CONSENT)
    assert not ClaimTally.objects.exists()


def test_a_closed_listing_cannot_be_claimed_from(lot: Lot, now: datetime) -> None:
    Listing.objects.filter(pk=lot.listing_id).update(
        status="closed", closed_at=now, closed_reason="expired"
    )
    with pytest.raises(NotEligible) as refusal:
        make_claim(lot, now=now)
    assert refusal.value.code == "not_open"


def _heard_by(event: Event) -> set[str]:
    return set(EventAudience.objects.filter(event=event).values_list("audience", flat=True))
