"""Whoever holds the food keeps it: others are cut, told, and their claims are another version."""

from datetime import datetime, timedelta

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Claim, Transport
from backend.custody.domain.replay import Kind
from backend.events import audiences
from backend.events.models import Event
from backend.listings.models import Lot
from tests.builders.claims import make_claim
from tests.builders.couriers import make_courier
from tests.builders.custody import BUILDER, hand_over
from tests.builders.listings import make_lot
from tests.builders.matching import make_offer
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location, make_recipient
from tests.matching.balanced import assert_all_balanced

pytestmark = pytest.mark.django_db

SOON = timedelta(minutes=30)


def reserved_g(claim: Claim) -> int:
    return claim.lines.get().reserved_g


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


def test_the_newest_is_cut_first_and_then_also_the_older(lot: Lot, now: datetime) -> None:
    """What an offer holds is for matching to take out of it."""
    oldest = make_claim(lot, 2_000, now=now)
    held = make_claim(lot, 8_000, now=now + timedelta(minutes=1), transport=Transport.COURIER)
    cancel_claim(claim_id=held.pk, reason="not_needed", by=BUILDER, now=now)
    make_offer((lot, 1_500), now=now)
    newer = make_claim(lot, 3_500, now=now + timedelta(minutes=2))
    newest = make_claim(lot, 3_000, now=now + timedelta(minutes=3))
    collected = {"at": now + timedelta(minutes=1), "now": now + SOON}
    hand_over(held, Kind.COLLECTED, courier_id=make_courier().pk, accepted_g=7_000, **collected)
    assert [reserved_g(each) for each in (oldest, newer, newest)] == [1_500, 0, 0]
    assert_all_balanced()


def test_the_donors_county_hears_of_a_cut_and_the_claim_is_another_version(
    lot: Lot, now: datetime
) -> None:
    held = make_claim(lot, 10_000, now=now, transport=Transport.COURIER)
    cancel_claim(claim_id=held.pk, reason="not_needed", by=BUILDER, now=now)
    away = make_location(make_recipient(), county_code="65000")
    cut = make_claim(lot, 6_000, now=now, programme=make_taker(away))
    hand_over(
        held,
        Kind.COLLECTED,
        at=now,
        now=now + SOON,
        courier_id=make_courier().pk,
        accepted_g=8_000,
    )
    event = Event.objects.get(type="claim.cut")
    heard_by = set(event.audience_rows.values_list("audience", flat=True))
    assert {audiences.county("65000"), audiences.county(lot.listing.county_code)} <= heard_by
    assert event.payload["cut_g"] == 4_000
    assert event.payload["listing_id"] == str(lot.listing_id)
    before = cut.version
    cut.refresh_from_db()
    assert cut.version > before
    assert event.subject_version == cut.version


def test_weighing_makes_another_version_of_the_claim(lot: Lot, now: datetime) -> None:
    claim = make_claim(lot, 5_000, now=now, transport=Transport.COURIER)
    courier = make_courier()
    hand_over(claim, Kind.COLLECTED, at=now, courier_id=courier.pk)
    claim.refresh_from_db()
    collected, status = claim.version, claim.status
    weighed = {"accepted_g": 4_000, "line": {"remainder": "comes_later"}}
    sent = hand_over(claim, at=now + SOON, courier_id=courier.pk, **weighed)
    claim.refresh_from_db()
    assert claim.status == status
    assert claim.version == collected + 1
    hand_over(claim, at=now + SOON, courier_id=courier.pk, client_id=sent.client_id, **weighed)
    claim.refresh_from_db()
    assert claim.version == collected + 1
