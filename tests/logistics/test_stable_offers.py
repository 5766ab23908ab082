"""Planning again leaves offers that drivers think about alone, unless a change brings enough."""

from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from backend.couriers.models import Shift
from backend.events.models import AuditEntry
from backend.events.relay import drain
from backend.geo.domain.points import Point
from backend.impact.selectors.invariants import check_all
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.offer_route import RouteOutdated
from logistics.actions.replace_routes import replace_routes
from logistics.domain.limits import Limits
from logistics.domain.solver.solve import solve
from logistics.models import (
    Plan,
    Route,
    RouteOffer,
    RouteOfferStatus,
    RouteStatus,
    Shipment,
    ShipmentStatus,
)
from logistics.selectors.planning import planning_inputs
from logistics.selectors.reopening import reopened
from logistics.tasks import plan_area
from tests.builders.couriers import make_courier, make_shift, make_vehicle
from tests.builders.listings import make_lot
from tests.builders.logistics import (
    BUILDER,
    draft_of,
    driver_of,
    make_accepted_route,
    make_carried_claim,
    make_plan,
    make_route_offer,
    make_shipment,
)
from tests.builders.needs import make_taker
from tests.builders.organizations import TAIPEI, make_location, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
AREA = "main"
FEW = Limits(iterations=200)
PAIRS = 3


def at(north_m: float, east_m: float) -> Point:
    return Point(TAIPEI.lon + east_m / 100_800, TAIPEI.lat + north_m / 111_200)


def shipment_from(point: Point, *, now: datetime, **lot: Any) -> Shipment:
    """To a charity ten kilometres to the north."""
    taker = make_taker(make_location(make_recipient(), point=at(10_000, 0)))
    food = make_lot(make_location(point=point), now=now, **lot)
    return make_shipment(make_carried_claim(food, now=now, programme=taker), now=now)


def shift_at(point: Point, *, now: datetime) -> Shift:
    """A scooter that carries one shipment at a time."""
    vehicle = make_vehicle(make_courier(point=point), max_mass_g=5_000)
    return make_shift(vehicle, from_at=now)


def crossed_offers(now: datetime, *, apart_m: float = 300) -> list[RouteOffer]:
    """Pairs of neighbours, of whom each was offered what lies at the other's door."""
    offers = []
    for pair in range(PAIRS):
        doors = at(0, 5_000 * pair), at(0, 5_000 * pair + apart_m)
        shifts = [shift_at(door, now=now) for door in doors]
        carried = [shipment_from(door, now=now) for door in reversed(doors)]
        offers += [
            make_route_offer(shift, [one], now=now)
            for shift, one in zip(shifts, carried, strict=True)
        ]
    return offers


def too_much(now: datetime) -> Shipment:
    """Waits, and no vehicle can take it: planning again is needless."""
    heavy = shipment_from(at(0, 0), now=now, declared_g=400_000)
    Shipment.objects.filter(pk=heavy.pk).update(mass_g=400_000)
    return heavy


def plan(now: datetime) -> Plan:
    made = plan_area(AREA, now=now, limits=FEW, solve=solve)
    assert made is not None
    assert made.checker_violations == []
    return made


def withdrawn() -> int:
    return RouteOffer.objects.filter(status=RouteOfferStatus.WITHDRAWN).count()


def assert_sound(now: datetime) -> None:
    drain(now=now)
    assert [verdict for verdict in check_all() if not verdict.holds] == []


@pytest.mark.parametrize(
    ("gain", "taken_back"),
    [({"per_route_g": 0, "percent": 0}, 2 * PAIRS), ({"per_route_g": 600, "percent": 5}, 0)],
)
def test_a_needless_plan_withdraws_offers_only_without_a_threshold(
    gain: dict[str, int], taken_back: int, now: datetime, settings: Settings
) -> None:
    settings.ROUTE_CHANGE_GAIN = gain
    crossed_offers(now)
    too_much(now)
    made = plan(now)
    assert made.figures["routes_taken_back"] == withdrawn() == taken_back
    assert RouteOffer.objects.filter(status=RouteOfferStatus.OFFERED).count() == 2 * PAIRS
    assert_sound(now)


def test_a_change_that_brings_enough_is_made_and_told(now: datetime) -> None:
    offers = crossed_offers(now, apart_m=2_400)
    too_much(now)
    made = plan(now)
    assert made.figures["routes_taken_back"] == withdrawn() == len(offers)
    for offer in offers:
        offer.route.refresh_from_db()
        assert offer.route.status == RouteStatus.ABANDONED
        assert not offer.route.commitments.exists()
    reasons = AuditEntry.objects.filter(action="route.abandoned").values_list("reason", flat=True)
    assert set(reasons) == {"replanned"}
    fresh = Route.objects.filter(status=RouteStatus.OFFERED)
    assert {route.plan for route in fresh} == {made}
    assert Shipment.objects.filter(status=ShipmentStatus.PLANNED).count() == len(offers)
    assert_sound(now)


def test_after_the_change_nothing_is_left_to_change(now: datetime) -> None:
    crossed_offers(now, apart_m=2_400)
    too_much(now)
    plan(now)
    before = withdrawn()
    too_much(now)
    assert plan(now).figures["routes_taken_back"] == 0
    assert withdrawn() == before


def test_what_was_accepted_is_not_opened_again(now: datetime) -> None:
    first, *others = crossed_offers(now, apart_m=2_400)
    accept_route_offer(offer_id=first.pk, by=driver_of(first.route), now=now)
    too_much(now)
    opened = reopened(planning_inputs(AREA, now=now))
    assert opened is not None
    assert str(first.route.shift_id) not in opened.promised
    assert set(opened.promised) == {str(offer.route.shift_id) for offer in others}
    plan(now)
    first.route.refresh_from_db()
    assert first.route.status == RouteStatus.ACCEPTED


def test_without_unanswered_offers_there_is_nothing_to_open(now: datetime) -> None:
    make_accepted_route(now=now)
    too_much(now)
    assert reopened(planning_inputs(AREA, now=now)) is None


def test_an_offer_that_was_answered_meanwhile_stays_and_nothing_else_happens(
    now: datetime,
) -> None:
    first, second, *_ = crossed_offers(now)
    running = make_plan(now=now)
    routes = [offer.route for offer in (first, second)]
    carried = [route.commitments.get().shipment for route in routes]
    drafts = [
        draft_of(route.shift, [one], now=now)
        for route, one in zip(routes, reversed(carried), strict=True)
    ]
    accept_route_offer(offer_id=second.pk, by=driver_of(second.route), now=now)
    with pytest.raises(RouteOutdated):
        replace_routes(
            plan=running,
            taken_back=[(route.pk, route.version) for route in routes],
            drafts=drafts,
            by=BUILDER,
            now=now,
        )
    first.refresh_from_db()
    assert first.status == RouteOfferStatus.OFFERED
    assert withdrawn() == 0
    assert_sound(now)
