"""What becomes of an open listing: changed, withdrawn, expired, completed, corrected."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.common.actor import Actor, system
from backend.common.refusals import IllegalTransition, Invalid
from backend.events.models import Event
from backend.listings.actions.change_listing import change_listing
from backend.listings.actions.close_listing import close_listing
from backend.listings.actions.correct_lot import AlreadyPromised, correct_lot
from backend.listings.actions.draft_listing import draft_listing
from backend.listings.actions.move_mass import move_mass
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.domain.ledger import Bucket
from backend.listings.models import Listing, Lot
from backend.listings.tasks import close_due
from tests.builders.accounts import actor_of
from tests.builders.listings import BUILDER, listing_draft, lot_draft, make_listing, make_lot
from tests.builders.organizations import make_location, make_member

pytestmark = pytest.mark.django_db
SYSTEM = system("tests.step")


def hold(lot: Lot, mass_g: int, to: Bucket, now: datetime) -> None:
    move_mass(
        lot_id=lot.pk,
        from_bucket=Bucket.AVAILABLE,
        to_bucket=to,
        mass_g=mass_g,
        cause=lot,
        now=now,
        to_holder_id=uuid4(),
    )


def give_all(lot: Lot, now: datetime) -> None:
    move_mass(
        lot_id=lot.pk,
        from_bucket=Bucket.AVAILABLE,
        to_bucket=Bucket.DELIVERED,
        mass_g=lot.available_g,
        cause=lot,
        now=now,
    )


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


@pytest.fixture
def donor(lot: Lot) -> Actor:
    return actor_of(make_member(lot.listing.organization))


def test_withdrawing_closes_and_takes_what_is_free(lot: Lot, donor: Actor, now: datetime) -> None:
    hold(lot, 3_000, Bucket.RESERVED, now)
    listing = withdraw_listing(listing_id=lot.listing_id, reason="spoiled", by=donor, now=now)
    lot.refresh_from_db()
    assert (listing.status, listing.closed_reason) == ("closed", "withdrawn")
    assert (lot.available_g, lot.reserved_g, lot.withdrawn_g) == (0, 3_000, 7_000)


def test_a_draft_can_be_thrown_away(now: datetime) -> None:
    draft = draft_listing(
        location_id=make_location().pk, draft=listing_draft(now=now), by=BUILDER, now=now
    )
    listing = withdraw_listing(listing_id=draft.pk, reason="mistake", by=SYSTEM, now=now)
    assert (listing.status, listing.draft_lots) == ("closed", [])


def test_a_closed_listing_is_not_withdrawn_again(lot: Lot, donor: Actor, now: datetime) -> None:
    withdraw_listing(listing_id=lot.listing_id, reason="spoiled", by=donor, now=now)
    with pytest.raises(IllegalTransition):
        withdraw_listing(listing_id=lot.listing_id, reason="spoiled", by=donor, now=now)
    assert Event.objects.filter(type="listing.withdrawn").count() == 1


def test_what_nobody_took_expires_when_the_window_is_over(lot: Lot, now: datetime) -> None:
    over = lot.listing.pickup_until_at
    assert close_due(now=over - timedelta(seconds=1)) == 0
    assert close_due(now=over) == 1
    assert close_due(now=over) == 0
    lot.refresh_from_db()
    listing = Listing.objects.get()
    assert (listing.closed_reason, lot.expired_g) == ("expired", 10_000)
    assert Event.objects.filter(type="listing.closed").count() == 1


def test_a_promised_share_keeps_the_listing_open_until_it_is_settled(
    lot: Lot, now: datetime
) -> None:
    hold(lot, 3_000, Bucket.RESERVED, now)
    over = lot.listing.pickup_until_at
    close_due(now=over)
    lot.refresh_from_db()
    assert Listing.objects.get().status == "open"
    assert (lot.expired_g, lot.reserved_g) == (7_000, 3_000)
    move_mass(
        lot_id=lot.pk,
        from_bucket=Bucket.RESERVED,
        to_bucket=Bucket.AVAILABLE,
        mass_g=3_000,
        cause=lot,
        now=over,
    )
    close_due(now=over)
    lot.refresh_from_db()
    assert Listing.objects.get().closed_reason == "expired"
    assert lot.expired_g == 10_000


def test_a_listing_of_which_all_was_given_is_completed_before_its_window_ends(
    lot: Lot, now: datetime
) -> None:
    give_all(lot, now)
    assert close_due(now=now) == 1
    assert Listing.objects.get().closed_reason == "completed"


def test_what_comes_back_after_closing_follows_the_rest(
    lot: Lot, donor: Actor, now: datetime
) -> None:
    hold(lot, 3_000, Bucket.HELD, now)
    withdraw_listing(listing_id=lot.listing_id, reason="spoiled", by=donor, now=now)
    move_mass(
        lot_id=lot.pk,
        from_bucket=Bucket.HELD,
        to_bucket=Bucket.AVAILABLE,
        mass_g=3_000,
        cause=lot,
        now=now,
    )
    assert close_due(now=now) == 1
    lot.refresh_from_db()
    assert (lot.available_g, lot.withdrawn_g) == (0, 10_000)


def test_closing_leaves_drafts_alone(now: datetime) -> None:
    draft = draft_listing(
        location_id=make_location().pk, draft=listing_draft(now=now), by=BUILDER, now=now
    )
    assert (
        close_listing(listing_id=draft.pk, by=SYSTEM, now=now + timedelta(days=9)).status == "draft"
    )


def test_without_promises_window_and_ways_change_freely(
    lot: Lot, donor: Actor, now: datetime
) -> None:
    listing = change_listing(
        listing_id=lot.listing_id,
        by=donor,
        now=now,
        pickup_until_at=now + timedelta(hours=2),
        allows_courier=False,
    )
    assert listing.pickup_until_at == now + timedelta(hours=2)
    assert not listing.allows_courier


def test_with_promises_they_only_widen(lot: Lot, donor: Actor, now: datetime) -> None:
    hold(lot, 500, Bucket.HELD, now)
    narrower = {
        "pickup_from_at": now + timedelta(hours=1),
        "pickup_until_at": now + timedelta(hours=2),
        "allows_courier": False,
        "audience": "chosen",
    }
    for name, value in narrower.items():
        with pytest.raises(Invalid) as refusal:
            change_listing(listing_id=lot.listing_id, by=donor, now=now, **{name: value})
        assert [each.code for each in refusal.value.fields[name]] == ["promised"]
    wider = change_listing(
        listing_id=lot.listing_id,
        by=donor,
        now=now,
        pickup_until_at=now + timedelta(hours=9),
        donor_delivers=True,
    )
    assert wider.donor_delivers


def test_the_lots_of_an_open_listing_are_not_rewritten(
    lot: Lot, donor: Actor, now: datetime
) -> None:
    with pytest.raises(IllegalTransition):
        change_listing(
            listing_id=lot.listing_id, by=donor, now=now, lots=(lot_draft(declared_g=1_000),)
        )


def test_a_draft_changes_as_a_whole(donor: Actor, now: datetime) -> None:
    listing = draft_listing(
        location_id=make_location().pk, draft=listing_draft(now=now), by=BUILDER, now=now
    )
    changed = change_listing(
        listing_id=listing.pk,
        by=SYSTEM,
        now=now,
        title="Soup",
        lots=(lot_draft(category="soup", cooked_at=now),),
    )
    assert (changed.title, changed.draft_lots[0]["category"]) == ("Soup", "soup")


def test_correcting_up_and_down_keeps_the_ledger_balanced(
    lot: Lot, donor: Actor, now: datetime
) -> None:
    correct_lot(lot_id=lot.pk, change_g=2_500, reason="weighed", by=donor, now=now)
    corrected = correct_lot(lot_id=lot.pk, change_g=-4_000, reason="weighed", by=donor, now=now)
    assert (corrected.available_g, corrected.adjusted_g) == (8_500, -1_500)


def test_promised_mass_cannot_be_corrected_away(lot: Lot, donor: Actor, now: datetime) -> None:
    hold(lot, 9_000, Bucket.RESERVED, now)
    with pytest.raises(AlreadyPromised):
        correct_lot(lot_id=lot.pk, change_g=-1_500, reason="sold", by=donor, now=now)


def test_a_correction_by_nothing_or_to_an_absurd_mass_is_refused(
    lot: Lot, donor: Actor, now: datetime
) -> None:
    for change_g in (0, 40_000_000):
        with pytest.raises(Invalid):
            correct_lot(lot_id=lot.pk, change_g=change_g, reason="weighed", by=donor, now=now)
    lot.refresh_from_db()
    assert lot.available_g == 10_000


def test_a_closed_listing_is_not_corrected(now: datetime) -> None:
    listing = make_listing(now=now)
    give_all(listing.lots.get(), now)
    close_due(now=now)
    with pytest.raises(IllegalTransition):
        correct_lot(
            lot_id=listing.lots.get().pk, change_g=500, reason="weighed", by=SYSTEM, now=now
        )
