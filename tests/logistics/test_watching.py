"""What couriers are shown to do next, and what coordinators are shown to see to."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.common.actor import Actor, person
from backend.custody.domain.replay import Kind
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.models import Route, Shipment
from logistics.selectors.arrivals import arrivals
from logistics.selectors.driving import coming_routes, route_offers_of, route_under_way
from logistics.selectors.watching import late_routes, uncovered
from tests.builders.accounts import actor_of
from tests.builders.custody import lines_of
from tests.builders.listings import make_lot
from tests.builders.logistics import (
    close_plan,
    driver_of,
    make_accepted_route,
    make_carried_claim,
    make_plan,
    make_route_offer,
    make_route_under_way,
    make_shipment,
)
from tests.builders.organizations import make_coordinator, make_member

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shipment(now: datetime) -> Shipment:
    milk = make_lot(now=now, category="milk")
    return make_shipment(make_carried_claim(milk, now=now), now=now)


@pytest.fixture
def route(shipment: Shipment, now: datetime) -> Route:
    return make_route_under_way(shipments=[shipment], now=now)


@pytest.fixture
def coordinator() -> Actor:
    return actor_of(make_coordinator())


def hand(route: Route, sequence: int, kind: Kind, accepted_g: int, *, now: datetime) -> None:
    stop = route.stops.get(sequence=sequence)
    claim = stop.tasks.get().shipment.claim
    refused_g = 4_000 - accepted_g
    hand_over_at_stop(
        stop_id=stop.pk,
        client_id=uuid4(),
        claim_id=claim.pk,
        kind=kind,
        lines=lines_of(claim, accepted_g, refused_g=refused_g, reason="no_room"),
        at=now,
        by=driver_of(route),
        now=now,
    )


def test_the_next_stop_says_what_to_fetch(route: Route, shipment: Shipment) -> None:
    under_way = route_under_way(driver_of(route))
    assert under_way is not None
    assert under_way.next is not None
    [todo] = under_way.next.todos
    assert (todo.is_pickup, todo.claim_id, todo.expected_g) == (True, shipment.claim_id, 4_000)
    assert todo.lines[0].needs_temperature
    assert todo.counterpart == shipment.claim.listing.organization.name
    assert under_way.stops_left == 2


def test_then_the_next_stop_says_what_to_bring(route: Route, now: datetime) -> None:
    hand(route, 1, Kind.COLLECTED, 4_000, now=now + 15 * MINUTE)
    under_way = route_under_way(driver_of(route))
    assert under_way is not None
    assert under_way.next is not None
    [todo] = under_way.next.todos
    assert (todo.is_pickup, todo.expected_g, under_way.stops_left) == (False, 4_000, 1)
    assert under_way.carried == ()


def test_what_was_refused_is_still_to_be_brought_back(route: Route, now: datetime) -> None:
    hand(route, 1, Kind.COLLECTED, 4_000, now=now + 15 * MINUTE)
    hand(route, 2, Kind.DELIVERED, 3_000, now=now + 30 * MINUTE)
    under_way = route_under_way(driver_of(route))
    assert under_way is not None
    assert under_way.next is None
    [todo] = under_way.carried
    assert todo.expected_g == 1_000


def test_a_person_who_drives_nothing_has_no_route(now: datetime) -> None:
    assert route_under_way(person(uuid4())) is None
    accepted = make_accepted_route(now=now)
    assert route_under_way(driver_of(accepted)) is None
    assert list(coming_routes(driver_of(accepted))) == [accepted]


def test_offers_are_shown_until_their_time_is_over(now: datetime) -> None:
    offer = make_route_offer(now=now)
    by = driver_of(offer.route)
    assert list(route_offers_of(by, now=now)) == [offer]
    assert list(route_offers_of(by, now=offer.answer_by_at)) == []
    assert list(route_offers_of(person(uuid4()), now=now)) == []


def test_a_coordinator_sees_what_nobody_drives_and_why(
    shipment: Shipment, coordinator: Actor, now: datetime
) -> None:
    close_plan(make_plan(now=now), now=now, unassigned={str(shipment.pk): "no_room_left"})
    [found] = uncovered(coordinator, now=now)
    assert (found.shipment, found.reason) == (shipment, "no_room_left")
    assert found.time_left == timedelta(hours=4)
    elsewhere = actor_of(make_coordinator("64000"))
    assert list(uncovered(elsewhere, now=now)) == []
    make_route_offer(shipments=[shipment], now=now)
    assert list(uncovered(coordinator, now=now)) == []


def test_a_route_that_nobody_started_is_late(coordinator: Actor, now: datetime) -> None:
    route = make_accepted_route(now=now)
    assert list(late_routes(coordinator, now=now + 14 * MINUTE)) == []
    [late] = late_routes(coordinator, now=now + 16 * MINUTE)
    assert (late.route, late.late_by, late.endangers) == (route, 16 * MINUTE, False)
    elsewhere = actor_of(make_coordinator("64000"))
    assert list(late_routes(elsewhere, now=now + 16 * MINUTE)) == []


def test_a_route_that_does_not_get_on_is_late_and_may_endanger_food(
    route: Route, coordinator: Actor, now: datetime
) -> None:
    first = route.stops.get(sequence=1)
    assert list(late_routes(coordinator, now=first.arrive_at + 10 * MINUTE)) == []
    [late] = late_routes(coordinator, now=first.arrive_at + 20 * MINUTE)
    assert (late.stop, late.late_by) == (first, 20 * MINUTE)
    arrive_at_stop(stop_id=first.pk, by=driver_of(route), now=first.arrive_at + 20 * MINUTE)
    [late] = late_routes(coordinator, now=first.leave_at + 20 * MINUTE)
    assert late.late_by == 20 * MINUTE
    Shipment.objects.update(deliver_until_at=route.stops.get(sequence=2).service_from_at + MINUTE)
    [late] = late_routes(coordinator, now=first.leave_at + 20 * MINUTE)
    assert late.endangers


def test_both_sides_are_told_when_it_comes(shipment: Shipment, now: datetime) -> None:
    offer = make_route_offer(shipments=[shipment], now=now)
    claim = shipment.claim
    charity = actor_of(make_member(claim.organization))
    [coming] = arrivals(charity, [claim.pk]).values()
    pickup, delivery = offer.route.stops.all()
    assert (coming.pickup_at, coming.delivery_at) == (pickup.arrive_at, delivery.arrive_at)
    assert not coming.is_sure
    accept_route_offer(offer_id=offer.pk, by=driver_of(offer.route), now=now)
    hand(offer.route, 1, Kind.COLLECTED, 4_000, now=now + 15 * MINUTE)
    [coming] = arrivals(charity, [claim.pk]).values()
    assert (coming.pickup_at, coming.is_sure) == (None, True)
    assert coming.delivery_at == delivery.arrive_at
    assert arrivals(person(uuid4()), [claim.pk]) == {}
