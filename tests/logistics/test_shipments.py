"""Claims that somebody has to drive become shipments, and shipments follow their claims."""

from datetime import datetime, timedelta

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.lapse_claim import lapse_claim
from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import ClaimSource, ClaimStatus, Transport
from backend.common.actor import system
from backend.custody.domain.replay import Kind, Remainder
from backend.events.models import Event
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from logistics.actions.make_shipments import make_shipments
from logistics.models import (
    Commitment,
    Route,
    RouteOffer,
    RouteOfferStatus,
    RouteStatus,
    Shipment,
    ShipmentStatus,
    StopStatus,
)
from logistics.tasks import expire_due
from tests.builders.claims import make_claim
from tests.builders.couriers import make_courier
from tests.builders.custody import hand_over
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.logistics import (
    BUILDER,
    make_accepted_route,
    make_carried_claim,
    make_route_offer,
    make_route_under_way,
    make_shipment,
)
from tests.builders.needs import make_taker

pytestmark = pytest.mark.django_db
STEP = system("tests.step")
SOON = timedelta(minutes=30)


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def status(shipment: Shipment) -> str:
    shipment.refresh_from_db()
    return shipment.status


def test_a_claim_for_a_driver_becomes_one_shipment_for_each_storage_class(now: datetime) -> None:
    lots = (
        lot_draft(category="bread"),
        lot_draft(category="milk", declared_g=8_000),
        lot_draft(category="fruit", declared_g=5_000),
    )
    listing = make_listing(now=now, lots=lots)
    shares = {lot.pk: 2_000 for lot in listing.lots.all()}
    claim = reserve_claim(
        listing_id=listing.pk,
        programme_id=make_taker().pk,
        shares=shares,
        transport=Transport.COURIER,
        source=ClaimSource.HAND,
        by=BUILDER,
        now=now,
    )
    drain(now=now)
    found = {one.storage_class: (one.mass_g, one.lines.count()) for one in claim.shipments.all()}
    assert found == {"ambient": (4_000, 2), "chilled": (2_000, 1)}
    assert claim.shipments.get(storage_class="chilled").longest_on_board_s == 7_200


def test_hearing_of_a_claim_twice_makes_its_shipments_once(now: datetime) -> None:
    claim = make_carried_claim(now=now)
    make_shipments(claim=claim, by=BUILDER, now=now)
    make_shipments(claim=claim, by=BUILDER, now=now)
    assert claim.shipments.count() == 1


def test_nobody_drives_what_a_charity_fetches_itself(now: datetime) -> None:
    claim = make_claim(make_lot(now=now), now=now)
    drain(now=now)
    assert not claim.shipments.exists()


def test_a_claim_given_back_takes_its_shipment_off_an_offered_route(now: datetime) -> None:
    shipment = make_shipment(now=now)
    offer = make_route_offer(shipments=[shipment], now=now)
    cancel_claim(claim_id=shipment.claim_id, reason="mistake", by=STEP, now=now + SOON)
    drain(now=now + SOON)
    offer.refresh_from_db()
    assert status(shipment) == ShipmentStatus.CANCELLED
    assert offer.status == RouteOfferStatus.WITHDRAWN
    assert Route.objects.get().status == RouteStatus.ABANDONED
    assert not Commitment.objects.exists()
    assert_sound()


def test_what_else_is_on_the_route_is_driven(now: datetime) -> None:
    first, second = make_shipment(now=now), make_shipment(now=now)
    route = make_route_under_way(shipments=[first, second], now=now)
    lapse_claim(claim_id=first.claim_id, now=first.claim.lapses_at, by=STEP)
    drain(now=first.claim.lapses_at)
    route.refresh_from_db()
    assert route.status == RouteStatus.UNDER_WAY
    found = list(route.stops.order_by("sequence").values_list("status", flat=True))
    assert found == ["skipped", "planned", "skipped", "planned"]
    assert (status(first), status(second)) == (ShipmentStatus.CANCELLED, ShipmentStatus.PLANNED)
    assert_sound()


def test_a_claim_that_is_cut_shrinks_its_shipment(now: datetime) -> None:
    lot = make_lot(now=now)
    older = make_carried_claim(lot, 4_000, now=now)
    cancel_claim(claim_id=older.pk, reason="mistake", by=STEP, now=now)
    shipment = make_shipment(make_carried_claim(lot, 8_000, now=now), now=now)
    make_route_offer(shipments=[shipment], now=now)
    courier = make_courier()
    hand_over(older, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk)
    drain(now=now + SOON)
    assert status(shipment) == ShipmentStatus.PLANNED
    assert shipment.mass_g == 6_000
    assert shipment.lines.get().mass_g == 6_000
    assert Event.objects.filter(type="shipment.resized").count() == 1
    assert_sound()


def test_a_claim_that_is_cut_to_nothing_is_not_driven(now: datetime) -> None:
    lot = make_lot(now=now)
    older = make_carried_claim(lot, 10_000, now=now)
    cancel_claim(claim_id=older.pk, reason="mistake", by=STEP, now=now)
    shipment = make_shipment(make_carried_claim(lot, 10_000, now=now), now=now)
    hand_over(older, Kind.COLLECTED, at=now + SOON, courier_id=make_courier().pk)
    drain(now=now + SOON)
    assert status(shipment) == ShipmentStatus.CANCELLED
    assert_sound()


def test_what_follows_with_another_visit_waits_for_it(now: datetime) -> None:
    shipment = make_shipment(now=now)
    route = make_route_under_way(shipments=[shipment], now=now)
    courier, claim = route.courier_id, shipment.claim
    visit = route.stops.get(sequence=1).pk
    rest = {"remainder": Remainder.COMES_LATER}
    hand_over(
        claim,
        Kind.COLLECTED,
        at=now + SOON,
        courier_id=courier,
        visit_id=visit,
        accepted_g=3_000,
        line=rest,
    )
    drain(now=now + SOON)
    assert status(shipment) == ShipmentStatus.ON_BOARD
    later = now + 2 * SOON
    visit = route.stops.get(sequence=2).pk
    hand_over(claim, at=later, courier_id=courier, visit_id=visit, accepted_g=3_000)
    drain(now=later)
    assert (status(shipment), shipment.mass_g) == (ShipmentStatus.WAITING, 1_000)
    assert Route.objects.get().status == RouteStatus.FINISHED
    assert_sound()
    over = shipment.pickup_until_at
    expire_due(now=over)
    claim.refresh_from_db()
    assert (status(shipment), claim.status) == (ShipmentStatus.FAILED, ClaimStatus.SETTLED)
    assert_sound()


def test_a_shipment_whose_window_is_over_has_failed(now: datetime) -> None:
    shipment = make_shipment(now=now)
    route = make_accepted_route(shipments=[shipment], now=now)
    expire_due(now=shipment.pickup_until_at - timedelta(seconds=1))
    assert status(shipment) == ShipmentStatus.PLANNED
    expire_due(now=shipment.pickup_until_at)
    assert status(shipment) == ShipmentStatus.FAILED
    assert not Commitment.objects.exists()
    assert not route.stops.filter(status=StopStatus.PLANNED).exists()
    assert_sound()


def test_a_driver_who_is_late_may_still_come(now: datetime) -> None:
    shipment = make_shipment(now=now)
    make_route_under_way(shipments=[shipment], now=now)
    expire_due(now=shipment.pickup_until_at)
    assert status(shipment) == ShipmentStatus.PLANNED


def test_what_was_fetched_though_the_claim_had_lapsed_is_driven_on(now: datetime) -> None:
    shipment = make_shipment(now=now)
    route = make_route_under_way(shipments=[shipment, make_shipment(now=now)], now=now)
    claim = shipment.claim
    late = claim.lapses_at
    lapse_claim(claim_id=claim.pk, now=late, by=STEP)
    drain(now=late)
    hand_over(
        claim,
        Kind.COLLECTED,
        at=late - SOON,
        now=late + SOON,
        courier_id=route.courier_id,
        visit_id=route.stops.get(sequence=1).pk,
    )
    drain(now=late + SOON)
    assert status(shipment) == ShipmentStatus.ON_BOARD
    assert Commitment.objects.get(shipment=shipment).route == route
    assert_sound()
    hand_over(claim, at=late, now=late + SOON, courier_id=route.courier_id)
    drain(now=late + SOON)
    assert status(shipment) == ShipmentStatus.DELIVERED
    assert_sound()


def test_offers_of_a_route_that_is_given_up_are_taken_back(now: datetime) -> None:
    offer = make_route_offer(now=now)
    shipment = Shipment.objects.get()
    cancel_claim(claim_id=shipment.claim_id, reason="mistake", by=STEP, now=now)
    drain(now=now)
    assert not RouteOffer.objects.filter(status=RouteOfferStatus.OFFERED).exists()
    assert RouteOffer.objects.get().pk == offer.pk
