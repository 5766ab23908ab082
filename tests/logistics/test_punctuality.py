"""A plan says how likely each of its stops is on time, and keeps that with the route."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from logistics.domain.limits import Limits
from logistics.domain.solver.solve import solve
from logistics.models import Plan, Route, Shipment, Stop
from logistics.selectors.planning import planning_inputs
from logistics.tasks import plan_area
from tests.builders.couriers import make_shift
from tests.builders.logistics import make_shipment
from tests.builders.organizations import make_coordinator
from tests.builders.rest import API, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
FEW = Limits(iterations=20)


def planned(now: datetime) -> Route:
    plan_area("main", now=now, limits=FEW, solve=solve)
    return Route.objects.get()


def closes_soon_after_the_arrival(shipment: Shipment, now: datetime) -> None:
    """The receiver's door, half a minute after it could be reached."""
    inputs = planning_inputs("main", now=now)
    [route] = solve(inputs.problem, limits=FEW, seed=1).routes
    closes_at = inputs.epoch + timedelta(seconds=route.tasks[-1].start_s + 30)
    window = [now.isoformat(), closes_at.isoformat()]
    Shipment.objects.filter(pk=shipment.pk).update(delivery_windows=[window])


def test_a_plan_with_time_to_spare_is_sure(now: datetime) -> None:
    make_shipment(now=now)
    make_shift(from_at=now)
    route = planned(now)
    assert route.on_time_share == 1.0
    assert set(route.stops.values_list("on_time_share", flat=True)) == {1.0}
    figures = Plan.objects.get().figures
    assert (figures["on_time_share"], figures["hand_overs_at_risk"]) == (1.0, 0)


def test_a_door_that_closes_soon_makes_its_stop_unsure(settings: Settings, now: datetime) -> None:
    settings.ON_TIME_SHARE_WANTED = 0.99
    shipment = make_shipment(now=now)
    make_shift(from_at=now)
    closes_soon_after_the_arrival(shipment, now)
    route = planned(now)
    pickup, drop = route.stops.order_by("sequence")
    assert pickup.on_time_share == 1.0
    assert 0.3 < drop.on_time_share < 0.98
    assert route.on_time_share == drop.on_time_share
    assert Plan.objects.get().figures["hand_overs_at_risk"] == 1


def test_allowing_more_time_makes_the_same_door_surer(settings: Settings, now: datetime) -> None:
    shares = []
    for share in (0.5, 0.95):
        settings.HAND_OVER_QUANTILE = share
        with transaction.atomic():
            shipment = make_shipment(now=now)
            make_shift(from_at=now)
            closes_soon_after_the_arrival(shipment, now)
            shares.append(planned(now).on_time_share)
            transaction.set_rollback(True)
    assert shares[0] < shares[1]


def test_machines_read_it_with_the_route(now: datetime) -> None:
    make_shipment(now=now)
    make_shift(from_at=now)
    route = planned(now)
    machine = client_of(make_coordinator())
    told = machine.get(f"{API}/routes/{route.pk}").json()
    assert told["on_time_share"] == 1.0
    assert [stop["on_time_share"] for stop in told["stops"]] == [1.0, 1.0]
    [head] = machine.get(f"{API}/routes").json()["results"]
    assert head["on_time_share"] == 1.0
    [plan] = machine.get(f"{API}/plans").json()["results"]
    assert plan["figures"]["on_time_share"] == 1.0


@pytest.mark.parametrize("model", [Route, Stop])
@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_beyond_everything_is_refused(
    model: type[Route] | type[Stop], share: float, now: datetime
) -> None:
    make_shipment(now=now)
    make_shift(from_at=now)
    planned(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(on_time_share=share)
