"""When a donor hands out food for longer, what was promised waits for longer."""

from datetime import datetime, timedelta

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Claim, ClaimStatus, Transport
from backend.claims.tasks import lapse_due
from backend.events.models import Event
from backend.events.relay import drain
from backend.listings.actions.change_listing import change_listing
from backend.listings.models import Lot
from backend.organizations.domain.hours import Interval
from tests.builders.claims import BUILDER, make_claim
from tests.builders.listings import make_lot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

LONGER = timedelta(hours=2)


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


def extend(lot: Lot, now: datetime, by: timedelta = LONGER) -> None:
    lot.listing.refresh_from_db()
    until_at = lot.listing.pickup_until_at + by
    change_listing(listing_id=lot.listing_id, by=BUILDER, now=now, pickup_until_at=until_at)


@pytest.mark.parametrize("transport", [Transport.SELF_COLLECT, Transport.COURIER])
def test_the_claim_ends_as_much_later(lot: Lot, transport: Transport, now: datetime) -> None:
    claim = make_claim(lot, now=now, transport=transport)
    before_at, version = claim.lapses_at, claim.version
    extend(lot, now)
    drain(now=now)
    claim.refresh_from_db()
    assert (claim.lapses_at, claim.version) == (before_at + LONGER, version + 1)
    lapse_due(now=before_at)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.RESERVED
    event = Event.objects.get(type="claim.prolonged")
    assert event.payload["lapses_at"] == claim.lapses_at.isoformat()


def test_a_booking_of_all_the_time_there_is_is_as_long(lot: Lot, now: datetime) -> None:
    """Also when the window grew twice before anybody heard of it."""
    claim = make_claim(lot, now=now)
    extend(lot, now)
    extend(lot, now)
    drain(now=now)
    claim.refresh_from_db()
    lot.listing.refresh_from_db()
    assert claim.booked_until_at == lot.listing.pickup_until_at
    assert Event.objects.filter(type="claim.prolonged").count() == 1


def test_a_time_that_the_charity_chose_stays(lot: Lot, now: datetime) -> None:
    from_at = lot.listing.pickup_from_at
    booked = Interval(from_at, from_at + timedelta(minutes=30))
    claim = make_claim(lot, now=now, booked=booked)
    extend(lot, now)
    drain(now=now)
    after = Claim.objects.get()
    assert (after.lapses_at, after.booked_until_at) == (claim.lapses_at, booked.until_at)


def test_what_has_ended_is_left_alone(lot: Lot, now: datetime) -> None:
    claim = make_claim(lot, now=now)
    cancel_claim(claim_id=claim.pk, reason="not_needed", by=BUILDER, now=now)
    extend(lot, now)
    drain(now=now)
    assert Claim.objects.get().lapses_at == claim.lapses_at
