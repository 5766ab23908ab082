"""What a recorded hand-over is judged by: our clock, every way of passing on, boxes of the day."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Claim, ClaimSource, Transport
from backend.couriers.models import Courier, Vehicle
from backend.custody.domain.replay import Kind
from backend.custody.models import HandOver, Incident
from backend.impact.selectors.invariants import check_all
from backend.listings.models import Lot
from tests.builders.claims import make_claim
from tests.builders.couriers import make_vehicle
from tests.builders.custody import BUILDER, hand_over
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.needs import make_taker

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def broken() -> set[str]:
    return {verdict.name for verdict in check_all() if not verdict.holds}


def test_food_that_is_collected_after_its_end_is_flagged(
    lot: Lot, driven: Claim, courier: Courier
) -> None:
    collected = hand_over(
        driven, Kind.COLLECTED, at=lot.safe_until_at + MINUTE, courier_id=courier.pk
    )
    assert collected.breach_codes == ["after_safe_until"]
    assert_sound()
    Incident.objects.all().delete()
    assert "unsafe_hand_overs_are_flagged" in broken()


def test_food_that_is_given_back_or_disposed_of_after_its_end_is_fine(
    lot: Lot, driven: Claim, courier: Courier, now: datetime
) -> None:
    late = lot.safe_until_at + MINUTE
    hand_over(driven, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk)
    back = hand_over(driven, Kind.RETURNED, at=late, courier_id=courier.pk, accepted_g=1_000)
    away = hand_over(driven, Kind.DISPOSED, at=late + MINUTE, courier_id=courier.pk)
    for each in (back, away):
        assert "after_safe_until" not in each.breach_codes
    assert_sound()


@pytest.mark.parametrize(
    ("ahead", "codes"),
    [
        (timedelta(minutes=20), []),
        (timedelta(0), ["after_safe_until"]),
        (timedelta(minutes=-20), ["after_safe_until"]),
    ],
)
def test_a_fast_clock_makes_no_food_late(
    lot: Lot, claim: Claim, ahead: timedelta, codes: list[str]
) -> None:
    shown = lot.safe_until_at + 10 * MINUTE
    recorded_at, offset_s = shown - ahead, int(ahead.total_seconds())
    passed = hand_over(claim, at=shown, now=recorded_at, clock_offset_s=offset_s)
    assert passed.breach_codes == codes
    assert_sound()


def test_late_by_a_slow_clock_and_not_flagged_breaks_the_invariant(lot: Lot, claim: Claim) -> None:
    shown = lot.safe_until_at - 10 * MINUTE
    hand_over(claim, at=shown, now=shown + SOON, clock_offset_s=-1_200)
    assert_sound()
    Incident.objects.all().delete()
    assert "unsafe_hand_overs_are_flagged" in broken()


@pytest.fixture
def van() -> Vehicle:
    """With a box for chilled food."""
    return make_vehicle(chilled_ml=50_000)


def driven_for_hours(van: Vehicle, now: datetime) -> HandOver:
    """Chilled food, on the road for longer than it may be without a box."""
    milk = make_lot(now=now, category="milk")
    claim = make_claim(milk, 4_000, now=now, transport=Transport.COURIER)
    hand_over(claim, Kind.COLLECTED, at=now + SOON, courier_id=van.courier_id)
    return hand_over(claim, at=now + SOON + timedelta(hours=3), courier_id=van.courier_id)


def test_a_box_keeps_food_cold_for_longer(van: Vehicle, now: datetime) -> None:
    assert "out_too_long" not in driven_for_hours(van, now).breach_codes


def test_a_box_that_was_given_away_before_keeps_nothing_cold(van: Vehicle, now: datetime) -> None:
    Vehicle.objects.filter(pk=van.pk).update(retired_at=now)
    assert "out_too_long" in driven_for_hours(van, now).breach_codes


def test_a_box_that_was_given_away_since_counts_as_of_then(van: Vehicle, now: datetime) -> None:
    delivered = driven_for_hours(van, now)
    Vehicle.objects.filter(pk=van.pk).update(retired_at=delivered.at + MINUTE)
    assert delivered.claim is not None
    hand_over(
        delivered.claim, Kind.RETURNED, at=delivered.at + 2 * MINUTE, courier_id=van.courier_id
    )
    delivered.refresh_from_db()
    assert "out_too_long" not in delivered.breach_codes


def test_vehicles_are_read_once_for_all_lines(van: Vehicle, now: datetime) -> None:
    lots = (lot_draft(category="milk"), lot_draft(category="milk", declared_g=8_000))
    listing = make_listing(now=now, lots=lots)
    claim = reserve_claim(
        listing_id=listing.pk,
        programme_id=make_taker().pk,
        shares={lot.pk: 2_000 for lot in listing.lots.all()},
        transport=Transport.COURIER,
        source=ClaimSource.HAND,
        by=BUILDER,
        now=now,
    )
    hand_over(claim, Kind.COLLECTED, at=now + SOON, courier_id=van.courier_id)
    with CaptureQueriesContext(connection) as seen:
        hand_over(claim, at=now + 2 * SOON, courier_id=van.courier_id)
    asked = [query for query in seen if 'FROM "couriers_vehicle"' in query["sql"]]
    assert len(asked) == 1
