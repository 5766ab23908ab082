"""Plans allow for hand-overs what the region expects, until a place has shown otherwise."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp, log
from statistics import NormalDist

import pytest
from pytest_django import Settings

from backend.claims.models import Claim
from backend.custody.domain.replay import Kind
from backend.organizations.models import Location
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.domain.service_times import Spread
from logistics.models import Route, Shipment, Stop
from logistics.selectors.hand_over_times import SETUP_S, hand_over_times
from logistics.selectors.planning import planning_inputs
from tests.builders.couriers import make_shift
from tests.builders.custody import lines_of
from tests.builders.logistics import driver_of, make_route_under_way, make_shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
#: The first region's: half as long as said, nine of ten twice as long at most.
SIGMA = log(2.0) / NormalDist().inv_cdf(0.9)
SAID_S = 300
DAY = timedelta(days=1)


@pytest.fixture
def shipment(now: datetime) -> Shipment:
    return make_shipment(now=now)


def fetched(shipment: Shipment, *, now: datetime, service_s: float) -> Stop:
    """The pickup of a route of its own, in so many seconds after parking."""
    route = make_route_under_way(shipments=[shipment], now=now)
    visit = route.stops.get(sequence=1)
    arrive_at_stop(stop_id=visit.pk, by=driver_of(route), now=now)
    at = now + timedelta(seconds=SETUP_S + service_s)
    collect(route, visit, shipment.claim, at=at, heard_at=at)
    visit.refresh_from_db()
    return visit


def collect(route: Route, visit: Stop, claim: Claim, *, at: datetime, heard_at: datetime) -> None:
    hand_over_at_stop(
        stop_id=visit.pk,
        client_id=claim.pk,
        claim_id=claim.pk,
        kind=Kind.COLLECTED,
        lines=lines_of(claim),
        at=at,
        code=claim.pickup_code,
        by=driver_of(route),
        now=heard_at,
    )


def times_at(location: Location, *, now: datetime) -> Spread:
    return hand_over_times([location], now=now)[location.pk]


def after(seen_s: Sequence[float], said_s: float = SAID_S, weight: float = 8) -> float:
    """The median that so many equal visits lead to."""
    total = weight + len(seen_s)
    return exp((weight * log(said_s) + sum(map(log, seen_s))) / total)


def test_a_place_without_a_record_takes_what_the_region_expects(
    shipment: Shipment, now: datetime
) -> None:
    expected = times_at(shipment.pickup_location, now=now)
    assert (expected.median_s, expected.sigma) == (SAID_S, pytest.approx(SIGMA))


def test_a_recorded_visit_moves_the_expectation_towards_it(
    shipment: Shipment, now: datetime
) -> None:
    fetched(shipment, now=now, service_s=1_200)
    learnt = times_at(shipment.pickup_location, now=now + DAY)
    assert learnt.median_s == pytest.approx(after([1_200]))
    assert times_at(shipment.delivery_location, now=now + DAY).median_s == SAID_S


def test_what_a_device_reports_late_counts_with_its_own_time(
    shipment: Shipment, now: datetime
) -> None:
    route = make_route_under_way(shipments=[shipment], now=now)
    visit = route.stops.get(sequence=1)
    arrive_at_stop(stop_id=visit.pk, by=driver_of(route), now=now)
    collect(
        route,
        visit,
        shipment.claim,
        at=now + timedelta(seconds=SETUP_S + 600),
        heard_at=now + timedelta(hours=2),
    )
    learnt = times_at(shipment.pickup_location, now=now + DAY)
    assert learnt.median_s == pytest.approx(after([600]))


def test_waiting_for_the_food_is_no_hand_over_time(shipment: Shipment, now: datetime) -> None:
    ready_at = now + timedelta(minutes=20)
    Shipment.objects.filter(pk=shipment.pk).update(pickup_from_at=ready_at)
    fetched(shipment, now=now, service_s=20 * 60 - SETUP_S + 400)
    learnt = times_at(shipment.pickup_location, now=now + DAY)
    assert learnt.median_s == pytest.approx(after([400]))


def test_both_buttons_at_once_teach_nothing(shipment: Shipment, now: datetime) -> None:
    fetched(shipment, now=now, service_s=-SETUP_S + 2)
    assert times_at(shipment.pickup_location, now=now + DAY).median_s == SAID_S


def test_visits_of_long_ago_are_forgotten(shipment: Shipment, now: datetime) -> None:
    fetched(shipment, now=now, service_s=1_200)
    later = now + timedelta(days=200)
    assert times_at(shipment.pickup_location, now=later).median_s == SAID_S


def test_the_setting_says_how_much_time_a_plan_allows(
    shipment: Shipment, settings: Settings, now: datetime
) -> None:
    make_shift(from_at=now)
    allowed, digests = {}, set()
    for share in (0.5, 0.9):
        settings.HAND_OVER_QUANTILE = share
        inputs = planning_inputs("main", now=now)
        [one] = inputs.problem.shipments
        assert one.pickup.service_s == one.delivery.service_s
        allowed[share] = one.pickup.service_s
        digests.add(inputs.digest)
    assert allowed == {0.5: SAID_S, 0.9: 2 * SAID_S}
    assert len(digests) == 2


def test_what_is_learnt_of_a_place_is_planned_with(
    shipment: Shipment, settings: Settings, now: datetime
) -> None:
    settings.HAND_OVER_QUANTILE = 0.5
    fetched(shipment, now=now, service_s=2_400)
    make_shift(from_at=now)
    [one] = planning_inputs("main", now=now + timedelta(hours=1)).problem.shipments
    assert one.delivery.service_s == SAID_S
    assert one.pickup.service_s == round(after([2_400]))
