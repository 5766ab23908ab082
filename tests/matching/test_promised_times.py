"""Rounds allow for hand-overs what routes will allow, so that they promise nothing in vain."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from backend.custody.domain.replay import Kind
from backend.custody.selectors import hand_over_times
from backend.organizations.models import Location
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.selectors.hand_over_times import SETUP_S
from logistics.selectors.planning import planning_inputs
from matching.domain.problem import Problem
from matching.domain.weights import Weights
from matching.models import Offer
from matching.selectors.round_inputs import round_inputs
from tests.builders.couriers import make_shift
from tests.builders.custody import lines_of
from tests.builders.listings import make_listing, make_lot
from tests.builders.logistics import driver_of, make_route_under_way, make_shipment
from tests.builders.matching import run_round
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
SAID_S = 300
HOUR = timedelta(hours=1)


@pytest.fixture
def shop() -> Location:
    return make_location(handling_s=SAID_S)


def fetched(shop: Location, *, now: datetime, service_s: float) -> None:
    """A pickup there that took so many seconds after parking."""
    shipment = make_shipment(now=now, lot=make_lot(shop, now=now))
    route = make_route_under_way(shipments=[shipment], now=now)
    visit = route.stops.get(sequence=1)
    arrive_at_stop(stop_id=visit.pk, by=driver_of(route), now=now)
    at = now + timedelta(seconds=SETUP_S + service_s)
    hand_over_at_stop(
        stop_id=visit.pk,
        client_id=shipment.claim.pk,
        claim_id=shipment.claim.pk,
        kind=Kind.COLLECTED,
        lines=lines_of(shipment.claim),
        at=at,
        code=shipment.claim.pickup_code,
        by=driver_of(route),
        now=at,
    )


def problem(*, now: datetime) -> Problem:
    return round_inputs("main", now=now, weights=Weights()).problem


def allowed_at(shop: Location, *, now: datetime) -> int:
    """Seconds for loading in the next round."""
    make_lot(shop, now=now)
    (handling_s,) = {one.lot.handling_s for one in problem(now=now).supplies}
    return handling_s


@pytest.mark.parametrize("share", [0.7, 0.9])
def test_a_round_allows_as_much_time_as_a_plan(
    shop: Location, settings: Settings, now: datetime, share: float
) -> None:
    settings.HAND_OVER_QUANTILE = share
    fetched(shop, now=now, service_s=2_400)
    later = now + HOUR
    make_shipment(now=later, lot=make_lot(shop, now=later))
    make_shift(from_at=later)
    shipments = planning_inputs("main", now=later).problem.shipments
    planned = {one.pickup.service_s for one in shipments}
    assert allowed_at(shop, now=later) in planned
    assert allowed_at(shop, now=later) > SAID_S


def test_who_receives_is_given_the_time_too(settings: Settings, now: datetime) -> None:
    settings.HAND_OVER_QUANTILE = 0.9
    make_taker()
    (demand,) = problem(now=now).demands
    assert demand.recipient.handling_s == 2 * SAID_S


def test_a_quick_place_is_still_given_what_claims_are_judged_by(
    shop: Location, settings: Settings, now: datetime
) -> None:
    settings.HAND_OVER_QUANTILE = 0.5
    fetched(shop, now=now, service_s=30)
    assert hand_over_times.time_allowed([shop], now=now + HOUR)[shop.pk] < SAID_S
    assert allowed_at(shop, now=now + HOUR) == SAID_S


@pytest.mark.parametrize(("share", "promised"), [(0.5, True), (0.99, False)])
def test_what_no_driver_has_time_for_is_not_promised(
    shop: Location, settings: Settings, now: datetime, share: float, promised: bool
) -> None:
    """Loading and unloading take ten minutes of the shift, or more than half an hour."""
    settings.HAND_OVER_QUANTILE = share
    make_listing(shop, now=now, allows_self_collect=False)
    make_taker()
    make_shift(from_at=now, until_at=now + timedelta(minutes=25))
    run_round()
    assert Offer.objects.exists() is promised


def test_without_an_estimate_the_place_itself_is_believed(
    shop: Location, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(hand_over_times, "_estimates", [])
    assert hand_over_times.time_allowed([shop], now=now) == {shop.pk: SAID_S}
