"""From rows to a routing problem, through the solver, to routes on offer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.common.clock import SteppedClock
from backend.common.solver_process import SolverTimedOut
from backend.couriers.models import Courier, Shift, VehicleKind
from backend.events.models import Event
from backend.events.relay import drain
from backend.geo.domain.points import Point
from backend.impact.selectors.invariants import check_all
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem
from logistics.domain.solution import Route as SolverRoute
from logistics.domain.solution import Solution
from logistics.domain.solver.solve import solve
from logistics.models import Plan, PlanStatus, Route, RouteOffer, Shipment, ShipmentStatus
from logistics.selectors.planning import areas_with_work, planning_inputs
from logistics.solver_process import routing_process
from logistics.tasks import lapse_due, plan_area
from tests.builders.claims import make_claim
from tests.builders.couriers import make_shift, make_vehicle
from tests.builders.listings import make_lot
from tests.builders.logistics import (
    driver_of,
    make_carried_claim,
    make_plan,
    make_route_under_way,
    make_shipment,
)
from tests.builders.needs import make_taker
from tests.builders.organizations import TAIPEI, make_location, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
AREA = "main"
FEW = Limits(iterations=50)
#: Some four kilometres to the north.
NORTH = Point(TAIPEI.lon, TAIPEI.lat + 0.036)


def plan(now: datetime, **fields: Any) -> Plan | None:
    return plan_area(AREA, now=now, **({"limits": FEW, "solve": solve} | fields))


def far_shipment(now: datetime, **lot: Any) -> Shipment:
    """From the centre to a charity in the north."""
    taker = make_taker(make_location(make_recipient(), point=NORTH))
    claim = make_carried_claim(make_lot(now=now, **lot), now=now, programme=taker)
    return make_shipment(claim, now=now)


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def test_what_waits_is_planned_and_offered_to_the_shift(now: datetime) -> None:
    far_shipment(now)
    far_shipment(now)
    shift = make_shift(from_at=now)
    assert areas_with_work(now) == [AREA]
    applied = plan(now)
    assert applied is not None
    assert (applied.status, applied.checker_violations) == (PlanStatus.APPLIED, [])
    route = Route.objects.get()
    assert (route.shift, route.status, route.stops.count()) == (shift, "offered", 4)
    assert route.distance_m == sum(route.stops.values_list("distance_m", flat=True))
    assert {one.status for one in Shipment.objects.all()} == {ShipmentStatus.PLANNED}
    assert applied.figures["routes"] == 1
    assert Event.objects.filter(type="plan.applied").count() == 1
    drain(now=now)
    assert_sound()


def test_the_same_inputs_give_the_same_problem_and_digest(now: datetime) -> None:
    far_shipment(now)
    make_shift(from_at=now)
    first, second = planning_inputs(AREA, now=now), planning_inputs(AREA, now=now)
    assert first.digest == second.digest
    assert first.problem == second.problem


def test_the_digest_tells_what_changed(now: datetime) -> None:
    shipment = far_shipment(now)
    make_shift(from_at=now)
    before = planning_inputs(AREA, now=now).digest
    Shipment.objects.filter(pk=shipment.pk).update(version=2)
    after = planning_inputs(AREA, now=now).digest
    make_shift(from_at=now)
    assert len({before, after, planning_inputs(AREA, now=now).digest}) == 3


def test_nothing_is_planned_without_work_or_drivers(now: datetime) -> None:
    make_shift(from_at=now)
    assert plan(now) is None
    Shift.objects.update(until_at=now + timedelta(seconds=1), from_at=now)
    far_shipment(now)
    assert plan(now + timedelta(minutes=1)) is None
    assert not Plan.objects.exists()


def test_the_same_inputs_are_not_solved_again_within_ten_minutes(now: datetime) -> None:
    far_shipment(now, declared_g=400_000)
    Shipment.objects.update(mass_g=400_000)
    make_shift(from_at=now)
    first = plan(now)
    assert first is not None
    assert Shipment.objects.get().unassigned_reason == "too_large_for_every_vehicle"
    assert plan(now + timedelta(minutes=5)) is None
    assert plan(now + timedelta(minutes=11)) is not None


def test_an_area_that_is_being_planned_is_left_alone(now: datetime) -> None:
    far_shipment(now)
    make_shift(from_at=now)
    make_plan(now=now)
    assert plan(now) is None
    assert plan(now + timedelta(minutes=4)) is not None
    assert Plan.objects.filter(status=PlanStatus.FAILED).count() == 1


def test_a_solver_that_runs_out_of_time_leaves_everything_as_it_is(now: datetime) -> None:
    def too_slow(problem: Problem, **_: Any) -> Solution:
        raise SolverTimedOut

    shipment = far_shipment(now)
    make_shift(from_at=now)
    failed = plan(now, solve=too_slow)
    assert failed is not None
    assert (failed.status, failed.checker_violations) == ("failed", ["solver:SolverTimedOut"])
    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.WAITING
    assert plan(now) is not None
    assert Route.objects.count() == 1


def test_a_plan_that_the_checker_refuses_offers_nothing(now: datetime) -> None:
    def careless(problem: Problem, *, limits: Limits, seed: int, **_: Any) -> Solution:
        found = solve(problem, limits=limits, seed=seed)
        return _without(found, found.routes[:1])

    far_shipment(now)
    make_shift(from_at=now)
    failed = plan(now, solve=careless)
    assert failed is not None
    assert failed.status == PlanStatus.FAILED
    assert "lost_shipment" in failed.checker_violations
    assert not Route.objects.exists()


def _without(solution: Solution, gone: Sequence[SolverRoute]) -> Solution:
    kept = tuple(route for route in solution.routes if route not in gone)
    return Solution(kept, {}, solution.cost, solution.engine, solution.seed)


def test_a_route_that_is_no_longer_possible_is_dropped(now: datetime) -> None:
    def meanwhile(problem: Problem, *, limits: Limits, seed: int, **_: Any) -> Solution:
        Shift.objects.update(version=9)
        return solve(problem, limits=limits, seed=seed)

    far_shipment(now)
    make_shift(from_at=now)
    applied = plan(now, solve=meanwhile)
    assert applied is not None
    assert (applied.routes_dropped, applied.figures["routes_offered"]) == (1, 0)
    assert not Route.objects.exists()
    assert_sound()


def test_who_said_no_is_not_asked_for_the_same_food_again(now: datetime) -> None:
    far_shipment(now)
    first = make_shift(from_at=now)
    plan(now)
    offer = RouteOffer.objects.get()
    decline_route_offer(offer_id=offer.pk, reason="", by=driver_of(offer.route), now=now)
    again = plan(now)
    assert again is not None
    assert Shipment.objects.get().unassigned_reason == "no_vehicle_with_skill"
    second = make_shift(from_at=now)
    plan(now)
    asked = RouteOffer.objects.get(status="offered")
    assert asked.route.shift == second != first


def test_a_silent_courier_is_not_asked_again_in_that_shift(now: datetime) -> None:
    make_shift(from_at=now)
    for _ in range(2):
        far_shipment(now)
        plan(now)
        offer = RouteOffer.objects.get(status="offered")
        now = offer.answer_by_at
        lapse_due(now=now)
    far_shipment(now)
    assert plan(now) is None


def test_cold_food_goes_with_who_has_a_cold_box(now: datetime) -> None:
    far_shipment(now, category="milk")
    make_shift(make_vehicle(chilled_ml=0), from_at=now)
    cold = make_shift(make_vehicle(), from_at=now)
    plan(now)
    assert Route.objects.get().shift == cold


def test_without_any_cold_box_cold_food_must_hurry(now: datetime) -> None:
    far_shipment(now, category="milk")
    make_shift(make_vehicle(chilled_ml=0), from_at=now)
    [shipment] = planning_inputs(AREA, now=now).problem.shipments
    assert (shipment.max_on_board_s, shipment.amounts[2]) == (7_200, 0)
    assert shipment.amounts[1] > 0
    plan(now)
    assert Route.objects.count() == 1


def test_what_a_courier_accepted_stays_and_more_comes_after_it(now: datetime) -> None:
    first = far_shipment(now)
    shift = make_shift(from_at=now)
    plan(now)
    offer = RouteOffer.objects.get()
    accepted = accept_route_offer(offer_id=offer.pk, by=driver_of(offer.route), now=now)
    far_shipment(now)
    plan(now)
    later = Route.objects.get(status="offered")
    assert (later.shift, accepted.shift) == (shift, shift)
    assert later.starts_at >= accepted.stops.last().leave_at
    first.refresh_from_db()
    assert first.commitment.route == accepted
    assert_sound()


def test_a_route_under_way_holds_its_courier_where_they_are(now: datetime) -> None:
    route = make_route_under_way(shipments=[far_shipment(now)], now=now)
    far_shipment(now)
    inputs = planning_inputs(AREA, now=now)
    [lock] = inputs.problem.locks
    assert len(lock.tasks) == 2
    assert lock.vehicle_id == str(route.shift_id)
    assert plan(now) is not None
    assert Route.objects.filter(status="offered").count() == 1


def test_nobody_is_sent_where_it_will_be_closed_or_spoilt(now: datetime) -> None:
    shipment = far_shipment(now)
    Shipment.objects.filter(pk=shipment.pk).update(
        delivery_windows=[
            [(now - timedelta(hours=3)).isoformat(), (now - timedelta(hours=2)).isoformat()]
        ]
    )
    make_shift(from_at=now)
    plan(now)
    shipment.refresh_from_db()
    assert (shipment.status, shipment.unassigned_reason) == ("waiting", "windows_impossible")


def test_a_paused_courier_is_not_planned(now: datetime) -> None:
    far_shipment(now)
    make_shift(from_at=now)
    Courier.objects.update(status="paused")
    assert plan(now) is None


def test_one_who_walks_is_planned_on_foot(now: datetime) -> None:
    make_shipment(now=now)
    make_shift(make_vehicle(kind=VehicleKind.ON_FOOT, max_mass_g=10_000), from_at=now)
    inputs = planning_inputs(AREA, now=now)
    assert [matrix.profile for matrix in inputs.problem.matrices] == ["foot"]


@pytest.mark.solver
def test_a_plan_from_the_solver_process_is_the_same(
    now: datetime, stepped_clock: SteppedClock
) -> None:
    for _ in range(3):
        far_shipment(now)
    make_shift(from_at=now)
    inputs = planning_inputs(AREA, now=now)
    try:
        applied = plan_area(AREA, now=now, limits=FEW)
    finally:
        routing_process().close()
    assert applied is not None
    expected = solve(inputs.problem, limits=FEW, seed=applied.seed)
    assert applied.figures["cost"]["distance"] == expected.cost.distance
    assert stepped_clock.now() == now


def test_self_collection_is_nothing_to_plan(now: datetime) -> None:
    make_claim(make_lot(now=now), now=now)
    drain(now=now)
    assert areas_with_work(now) == []
