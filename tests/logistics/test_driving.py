"""What a courier does with a route: answer, start, arrive, hand over, fail, give up."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.claims.models import Claim, ClaimStatus
from backend.common.actor import Actor, system
from backend.common.refusals import IllegalTransition, NotFound
from backend.custody.domain.replay import Kind
from backend.custody.models import Attempt, AttemptReason, HandOver
from backend.events import audiences
from backend.events.models import Event
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from logistics.actions.abandon_route import StillOnBoard, abandon_route
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.fail_stop import fail_stop
from logistics.actions.hand_over_at_stop import NotAtThisStop, hand_over_at_stop
from logistics.actions.start_route import AlreadyDriving, start_route
from logistics.models import (
    AbandonReason,
    Commitment,
    Route,
    RouteStatus,
    Shipment,
    ShipmentStatus,
    Stop,
    StopStatus,
)
from logistics.permissions import NotUnderWay
from tests.builders.accounts import actor_of, make_user
from tests.builders.couriers import make_shift
from tests.builders.custody import lines_of
from tests.builders.logistics import (
    driver_of,
    make_accepted_route,
    make_route_offer,
    make_route_under_way,
    make_shipment,
)
from tests.builders.organizations import make_coordinator, make_member

pytestmark = pytest.mark.django_db
STEP = system("tests.step")
SOON = timedelta(minutes=15)


@pytest.fixture
def shipment(now: datetime) -> Shipment:
    return make_shipment(now=now)


@pytest.fixture
def route(shipment: Shipment, now: datetime) -> Route:
    return make_route_under_way(shipments=[shipment], now=now)


@pytest.fixture
def courier(route: Route) -> Actor:
    return driver_of(route)


@pytest.fixture
def outsider() -> Actor:
    return actor_of(make_shift(from_at=datetime.fromisoformat("2026-06-10T02:00Z")).courier.user)


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def stop(route: Route, sequence: int) -> Stop:
    return route.stops.get(sequence=sequence)


def hand(
    visit: Stop, claim: Claim, kind: Kind, *, by: Actor, now: datetime, **fields: object
) -> HandOver:
    chosen = {"client_id": uuid4(), "lines": lines_of(claim), "at": now}
    return hand_over_at_stop(
        stop_id=visit.pk, claim_id=claim.pk, kind=kind, by=by, now=now, **(chosen | fields)
    )


def test_a_whole_route(route: Route, courier: Actor, shipment: Shipment, now: datetime) -> None:
    claim = shipment.claim
    arrive_at_stop(stop_id=stop(route, 1).pk, by=courier, now=now + SOON)
    hand(stop(route, 1), claim, Kind.COLLECTED, by=courier, now=now + SOON, code=claim.pickup_code)
    shipment.refresh_from_db()
    assert (shipment.status, stop(route, 1).status) == ("on_board", "done")
    hand(
        stop(route, 2),
        claim,
        Kind.DELIVERED,
        by=courier,
        now=now + 2 * SOON,
        code=claim.delivery_code,
    )
    route.refresh_from_db()
    shipment.refresh_from_db()
    claim.refresh_from_db()
    assert (route.status, shipment.status, claim.status) == ("finished", "delivered", "settled")
    assert not Commitment.objects.exists()
    drain(now=now + 2 * SOON)
    assert_sound()


def test_a_courier_drives_one_route_at_a_time(route: Route, courier: Actor, now: datetime) -> None:
    other = make_accepted_route(route.shift, now=now)
    with pytest.raises(AlreadyDriving):
        start_route(route_id=other.pk, by=courier, now=now)


def test_nobody_else_starts_a_route_or_works_on_its_stops(
    route: Route, shipment: Shipment, outsider: Actor, now: datetime
) -> None:
    with pytest.raises(NotFound):
        start_route(route_id=route.pk, by=outsider, now=now)
    with pytest.raises(NotFound):
        arrive_at_stop(stop_id=stop(route, 1).pk, by=outsider, now=now)
    with pytest.raises(NotFound):
        hand(stop(route, 1), shipment.claim, Kind.COLLECTED, by=outsider, now=now)
    with pytest.raises(NotFound):
        fail_stop(
            stop_id=stop(route, 1).pk,
            client_id=uuid4(),
            reason=AttemptReason.CLOSED,
            at=now,
            by=outsider,
            now=now,
        )
    assert not HandOver.objects.exists()
    assert not Attempt.objects.exists()


def test_another_claim_is_not_handed_over_here(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    foreign = make_shipment(now=now).claim
    with pytest.raises(NotAtThisStop):
        hand(stop(route, 1), foreign, Kind.COLLECTED, by=courier, now=now)
    with pytest.raises(NotAtThisStop):
        hand(stop(route, 1), shipment.claim, Kind.DELIVERED, by=courier, now=now)
    assert not HandOver.objects.exists()


def test_a_route_that_nobody_accepted_records_nothing(shipment: Shipment, now: datetime) -> None:
    offer = make_route_offer(shipments=[shipment], now=now)
    with pytest.raises(NotUnderWay):
        hand(
            stop(offer.route, 1),
            shipment.claim,
            Kind.COLLECTED,
            by=driver_of(offer.route),
            now=now,
        )


def test_whoever_hands_over_has_set_out(shipment: Shipment, now: datetime) -> None:
    route = make_accepted_route(shipments=[shipment], now=now)
    hand(stop(route, 1), shipment.claim, Kind.COLLECTED, by=driver_of(route), now=now)
    route.refresh_from_db()
    assert route.status == RouteStatus.UNDER_WAY


def test_a_repeated_hand_over_changes_nothing_twice(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    same = uuid4()
    for minute in (0, 1):
        hand(
            stop(route, 1),
            shipment.claim,
            Kind.COLLECTED,
            by=courier,
            now=now + SOON + timedelta(minutes=minute),
            client_id=same,
        )
    assert HandOver.objects.count() == 1
    assert Event.objects.filter(type="shipment.on_board").count() == 1
    assert_sound()


def test_refused_food_keeps_the_route_under_way_until_it_is_brought_back(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    claim = shipment.claim
    hand(stop(route, 1), claim, Kind.COLLECTED, by=courier, now=now + SOON)
    part = lines_of(claim, 3_000, refused_g=1_000, reason="damaged")
    hand(stop(route, 2), claim, Kind.DELIVERED, by=courier, now=now + 2 * SOON, lines=part)
    route.refresh_from_db()
    assert route.status == RouteStatus.UNDER_WAY
    with pytest.raises(StillOnBoard):
        abandon_route(route_id=route.pk, reason=AbandonReason.TIME, by=courier, now=now)
    rest = lines_of(claim, 1_000)
    hand(stop(route, 1), claim, Kind.RETURNED, by=courier, now=now + 3 * SOON, lines=rest)
    route.refresh_from_db()
    shipment.refresh_from_db()
    assert (route.status, shipment.status) == (RouteStatus.FINISHED, ShipmentStatus.DELIVERED)
    assert_sound()


def test_one_arrives_once(route: Route, courier: Actor, now: datetime) -> None:
    arrive_at_stop(stop_id=stop(route, 1).pk, by=courier, now=now)
    with pytest.raises(IllegalTransition):
        arrive_at_stop(stop_id=stop(route, 1).pk, by=courier, now=now)


def fail(visit: Stop, *, by: Actor, now: datetime, **fields: object) -> Stop:
    chosen = {"client_id": uuid4(), "reason": AttemptReason.CLOSED, "at": now}
    return fail_stop(stop_id=visit.pk, by=by, now=now, **(chosen | fields))


def test_a_failed_pickup_waits_again_and_its_delivery_is_not_driven(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    fail(stop(route, 1), by=courier, now=now + SOON)
    shipment.refresh_from_db()
    route.refresh_from_db()
    assert (shipment.status, route.status) == (ShipmentStatus.WAITING, RouteStatus.FINISHED)
    assert [each.status for each in route.stops.all()] == [StopStatus.FAILED, StopStatus.SKIPPED]
    drain(now=now + SOON)
    shipment.claim.refresh_from_db()
    assert shipment.claim.status == ClaimStatus.RESERVED
    assert_sound()


def test_a_failure_sent_twice_is_one(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    same = uuid4()
    for _ in range(2):
        fail(stop(route, 1), by=courier, now=now + SOON, client_id=same)
    assert Attempt.objects.count() == 1
    drain(now=now + SOON)
    shipment.claim.refresh_from_db()
    assert shipment.claim.status == ClaimStatus.RESERVED


def test_after_the_second_visit_in_vain_the_food_goes_back_to_the_board(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    fail(stop(route, 1), by=courier, now=now + SOON)
    drain(now=now + SOON)
    shipment.refresh_from_db()
    again = make_route_under_way(make_shift(from_at=now), [shipment], now=now + SOON)
    fail(stop(again, 1), by=driver_of(again), now=now + 2 * SOON)
    drain(now=now + 2 * SOON)
    claim = shipment.claim
    claim.refresh_from_db()
    assert (claim.status, claim.end_reason) == (ClaimStatus.CANCELLED, "pickup_failed")
    assert claim.lines.get().lot.available_g == 10_000
    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.CANCELLED
    assert_sound()


def test_nobody_is_sent_again_for_food_that_is_gone(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    fail(stop(route, 1), by=courier, now=now + SOON, reason=AttemptReason.GONE)
    drain(now=now + SOON)
    shipment.claim.refresh_from_db()
    assert shipment.claim.status == ClaimStatus.CANCELLED
    assert_sound()


def test_a_failed_delivery_stays_on_board_and_may_still_be_made(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    hand(stop(route, 1), shipment.claim, Kind.COLLECTED, by=courier, now=now + SOON)
    fail(stop(route, 2), by=courier, now=now + 2 * SOON)
    route.refresh_from_db()
    shipment.refresh_from_db()
    assert (route.status, shipment.status) == (RouteStatus.UNDER_WAY, ShipmentStatus.ON_BOARD)
    hand(stop(route, 2), shipment.claim, Kind.DELIVERED, by=courier, now=now + 3 * SOON)
    route.refresh_from_db()
    assert (route.status, stop(route, 2).status) == (RouteStatus.FINISHED, StopStatus.DONE)
    assert_sound()


def test_a_coordinator_gives_a_route_to_others(
    route: Route, shipment: Shipment, now: datetime
) -> None:
    elsewhere = actor_of(make_coordinator("64000"))
    with pytest.raises(NotFound):
        abandon_route(route_id=route.pk, reason=AbandonReason.OTHER, by=elsewhere, now=now)
    here = actor_of(make_coordinator())
    abandon_route(route_id=route.pk, reason=AbandonReason.COORDINATOR, by=here, now=now)
    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.WAITING
    assert_sound()


def test_what_a_device_reports_after_the_route_was_given_up_still_counts(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    abandon_route(route_id=route.pk, reason=AbandonReason.OTHER, by=courier, now=now + SOON)
    late = now + 3 * SOON
    hand(stop(route, 1), shipment.claim, Kind.COLLECTED, by=courier, now=late, at=now + SOON)
    hand(stop(route, 2), shipment.claim, Kind.DELIVERED, by=courier, now=late, at=now + 2 * SOON)
    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.DELIVERED
    assert_sound()


def test_records_may_come_in_any_order(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    late = now + 3 * SOON
    hand(stop(route, 2), shipment.claim, Kind.DELIVERED, by=courier, now=late, at=now + 2 * SOON)
    hand(stop(route, 1), shipment.claim, Kind.COLLECTED, by=courier, now=late, at=now + SOON)
    drain(now=late)
    shipment.refresh_from_db()
    route.refresh_from_db()
    assert (shipment.status, route.status) == (ShipmentStatus.DELIVERED, RouteStatus.FINISHED)
    assert_sound()


def test_who_is_concerned_may_follow_a_route_while_it_lasts(
    route: Route, courier: Actor, shipment: Shipment, now: datetime
) -> None:
    charity, stranger = make_member(shipment.claim.organization), make_user()
    name = audiences.route(route.pk)
    assert name in audiences.of_person(courier.user_id)
    assert name in audiences.of_person(charity.pk)
    assert name not in audiences.of_person(stranger.pk)
    abandon_route(route_id=route.pk, reason=AbandonReason.OTHER, by=courier, now=now)
    assert name not in audiences.of_person(charity.pk)
