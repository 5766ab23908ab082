"""What is on a route that was given up goes to somebody else at once."""

from datetime import datetime
from typing import Any

import pytest

from backend.couriers.models import Shift
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from logistics import handlers, tasks
from logistics.actions.abandon_route import abandon_route
from logistics.domain.solver.solve import solve
from logistics.models import AbandonReason, Route, RouteStatus, Shipment, ShipmentStatus
from logistics.selectors.planning import planning_inputs
from logistics.tasks import plan_area
from tests.builders.couriers import make_shift
from tests.builders.logistics import driver_of, make_accepted_route, make_shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
AREA = "main"


@pytest.fixture
def route(now: datetime) -> Route:
    """Accepted by its courier, with two shipments."""
    return make_accepted_route(shipments=[make_shipment(now=now) for _ in range(2)], now=now)


@pytest.fixture
def plans_at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The areas that the queue was asked to plan, each planned on the spot."""
    asked: list[str] = []

    def work(*, kwargs: dict[str, Any], countdown: int) -> None:
        asked.append(kwargs["area"])
        tasks.solve_area(**kwargs)

    monkeypatch.setattr(handlers.solve_area, "apply_async", work)
    monkeypatch.setattr(tasks, "routing_process", Here)
    return asked


class Here:
    """The solver in this process: nobody watches it."""

    def solve(self, problem: Any, *, watch: object, **given: Any) -> Any:
        return solve(problem, **given)


def give_up(route: Route, reason: AbandonReason, now: datetime) -> None:
    abandon_route(route_id=route.pk, reason=reason, by=driver_of(route), now=now)


def test_another_driver_is_asked_for_both_shipments_at_once(
    route: Route,
    plans_at_once: list[str],
    now: datetime,
    django_capture_on_commit_callbacks: Any,
) -> None:
    other = make_shift(from_at=now)
    give_up(route, AbandonReason.VEHICLE, now)
    with django_capture_on_commit_callbacks(execute=True):
        drain(now=now)
    assert plans_at_once == [AREA]
    offered = Route.objects.get(status=RouteStatus.OFFERED)
    assert offered.shift == other != route.shift
    carried = set(offered.commitments.values_list("shipment_id", flat=True))
    assert carried == set(Shipment.objects.values_list("pk", flat=True))
    assert {one.status for one in Shipment.objects.all()} == {ShipmentStatus.PLANNED}
    drain(now=now)
    assert [verdict for verdict in check_all() if not verdict.holds] == []


@pytest.mark.parametrize("reason", [AbandonReason.VEHICLE, AbandonReason.HEALTH])
def test_who_cannot_go_on_is_asked_for_nothing_more_in_that_shift(
    route: Route, reason: AbandonReason, now: datetime
) -> None:
    give_up(route, reason, now)
    make_shipment(now=now)
    assert plan_area(AREA, now=now, solve=solve) is None
    assert not planning_inputs(AREA, now=now).shifts


@pytest.mark.parametrize("reason", [AbandonReason.TIME, AbandonReason.COORDINATOR])
def test_who_lacked_the_time_is_asked_for_other_food_only(
    route: Route, reason: AbandonReason, now: datetime
) -> None:
    give_up(route, reason, now)
    more = make_shipment(now=now)
    plan_area(AREA, now=now, solve=solve)
    offered = Route.objects.get(status=RouteStatus.OFFERED)
    assert offered.shift == route.shift
    assert [one.shipment for one in offered.commitments.all()] == [more]


def test_a_changed_shift_gets_the_same_food_if_it_still_fits(route: Route, now: datetime) -> None:
    give_up(route, AbandonReason.SHIFT, now)
    plan_area(AREA, now=now, solve=solve)
    assert Route.objects.get(status=RouteStatus.OFFERED).shift == Shift.objects.get()
