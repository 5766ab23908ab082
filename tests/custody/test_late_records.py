"""What becomes of newer promises when a record comes in late: the holder keeps the food."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.lapse_claim import lapse_claim
from backend.claims.models import Claim, ClaimStatus
from backend.common.actor import system
from backend.couriers.models import Courier
from backend.custody.domain.replay import Kind
from backend.events.models import Event
from backend.impact.selectors.invariants import check_all
from backend.listings.actions.close_listing import close_listing
from backend.listings.actions.move_mass import move_mass
from backend.listings.domain.ledger import Bucket
from backend.listings.models import Lot
from backend.needs.models import CapacityUse
from backend.organizations.models import Programme
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over

pytestmark = pytest.mark.django_db
SYSTEM = system("tests.step")
SOON = timedelta(minutes=30)


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def fresh(row: Lot) -> Lot:
    row.refresh_from_db()
    return row


def used_g(programme: Programme) -> int:
    return sum(
        CapacityUse.objects.filter(location=programme.location).values_list("used_g", flat=True)
    )


def test_what_was_collected_of_a_lapsed_claim_stays_with_its_holder(
    lot: Lot, taker: Programme, driven: Claim, courier: Courier, now: datetime
) -> None:
    late = driven.lapses_at + SOON
    lapse_claim(claim_id=driven.pk, now=late, by=SYSTEM)
    record_at = late + SOON
    passed = hand_over(driven, Kind.COLLECTED, at=now + SOON, now=record_at, courier_id=courier.pk)
    driven.refresh_from_db()
    assert passed.breach_codes == []
    assert (driven.status, fresh(lot).on_board_g) == (ClaimStatus.COLLECTED, 4_000)
    assert used_g(taker) == 4_000
    hand_over(driven, at=now + 2 * SOON, now=record_at, courier_id=courier.pk, accepted_g=3_000)
    assert (fresh(lot).delivered_g, lot.lost_g) == (3_000, 1_000)
    assert_sound()


def test_a_late_record_cuts_the_newer_claim_with_notice(
    lot: Lot, driven: Claim, courier: Courier, now: datetime
) -> None:
    cancel_claim(claim_id=driven.pk, reason="mistake", by=SYSTEM, now=now + SOON)
    newer = make_claim(lot, 8_000, now=now + SOON)
    hand_over(driven, Kind.COLLECTED, at=now + 2 * SOON, courier_id=courier.pk)
    line = newer.lines.get()
    assert (line.reserved_g, line.released_g) == (6_000, 2_000)
    assert Event.objects.get(type="claim.cut").payload["cut_g"] == 2_000
    assert_sound()
    hand_over(newer, at=now + 3 * SOON, accepted_g=5_500)
    assert (fresh(lot).delivered_g, lot.adjusted_g) == (5_500, -500)
    assert newer.lines.get().released_g == 2_000
    assert_sound()


def test_a_late_record_takes_back_what_was_written_off(
    lot: Lot, driven: Claim, courier: Courier, now: datetime
) -> None:
    over = driven.lapses_at + SOON
    lapse_claim(claim_id=driven.pk, now=over, by=SYSTEM)
    close_listing(listing_id=lot.listing_id, by=SYSTEM, now=over)
    assert fresh(lot).expired_g == 10_000
    hand_over(driven, Kind.COLLECTED, at=now + SOON, now=over, courier_id=courier.pk)
    assert (fresh(lot).expired_g, lot.on_board_g) == (6_000, 4_000)
    assert_sound()


def test_a_claim_that_was_ended_is_flagged_when_it_is_collected_later(
    driven: Claim, courier: Courier, now: datetime
) -> None:
    cancel_claim(claim_id=driven.pk, reason="mistake", by=SYSTEM, now=now + SOON)
    passed = hand_over(driven, Kind.COLLECTED, at=now + 2 * SOON, courier_id=courier.pk)
    assert passed.breach_codes == ["no_live_claim"]
    assert_sound()


def test_what_offers_hold_meanwhile_is_booked_as_found_and_matching_is_told(
    lot: Lot, driven: Claim, courier: Courier, now: datetime
) -> None:
    cancel_claim(claim_id=driven.pk, reason="mistake", by=SYSTEM, now=now + SOON)
    move_mass(
        lot_id=lot.pk,
        from_bucket=Bucket.AVAILABLE,
        to_bucket=Bucket.HELD,
        mass_g=9_000,
        cause=lot,
        now=now + SOON,
        to_holder_id=uuid4(),
    )
    hand_over(driven, Kind.COLLECTED, at=now + 2 * SOON, courier_id=courier.pk)
    assert (fresh(lot).on_board_g, lot.held_g, lot.adjusted_g) == (4_000, 9_000, 3_000)
    assert Event.objects.get(type="lot.overdrawn").payload["short_g"] == 3_000
