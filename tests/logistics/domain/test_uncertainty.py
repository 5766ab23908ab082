"""How likely plans are kept: agrees with the schedule when nothing varies, and with reason else."""

from dataclasses import replace
from math import log
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.limits import Limits
from logistics.domain.problem import Break, Problem, Task, TaskKind, TimeWindow
from logistics.domain.service_times import Spread
from logistics.domain.solution import Solution
from logistics.domain.solver.solve import solve
from logistics.domain.uncertainty import Punctuality, Roads, Uncertainty, simulate, simulated_starts
from tests.logistics.domain.cities import problem, problems, shipment, vehicle, ways

QUICK = Limits(iterations=0)
FEW = 200


def planned(question: Problem) -> Solution:
    return solve(question, limits=QUICK, seed=1)


def spreads(question: Problem, factor: float, sigma: float) -> dict[Task, Spread]:
    """A spread for every task around a multiple of what the problem says, and a bit."""
    return {
        Task(one.id, kind): Spread(factor * (one.handling(kind).service_s + 1), sigma)
        for one in question.shipments
        for kind in TaskKind
    }


def simulated(question: Problem, plan: Solution, world: Uncertainty, seed: int = 7) -> Punctuality:
    return simulate(question, plan, world, seed=seed, samples=FEW)


def tight(until_s: int) -> Problem:
    """One parcel, 20 seconds away; it must be there before `until_s`."""
    parcel = shipment("s", 1, 2, service_s=10, delivery=(TimeWindow(0, until_s),))
    return problem(ways(0, 10, 20), [parcel], [vehicle()])


@given(problems())
def test_when_nothing_varies_everything_happens_as_planned(question: Problem) -> None:
    plan = planned(question)
    for route in plan.routes:
        starts = simulated_starts(question, route, Uncertainty(), seed=1, samples=2)
        assert [set(start) for start in starts] == [{task.start_s} for task in route.tasks]
    sure = simulated(question, plan, Uncertainty())
    assert set(sure.tasks.values()) | set(sure.routes.values()) <= {1.0}


@given(problems(), st.floats(0, 5))
def test_times_that_are_certain_keep_a_window_always_or_never(
    question: Problem, factor: float
) -> None:
    world = Uncertainty(spreads(question, factor, 0.0))
    found = simulated(question, planned(question), world)
    assert set(found.tasks.values()) | set(found.routes.values()) <= {0.0, 1.0}


@given(problems(), st.floats(0.2, 3), st.floats(1, 3), st.floats(0, 1))
def test_more_service_time_never_makes_a_stop_more_punctual(
    question: Problem, factor: float, more: float, sigma: float
) -> None:
    plan, roads = planned(question), Roads(sigma=0.2)
    quick = simulated(question, plan, Uncertainty(spreads(question, factor, sigma), roads))
    slow = simulated(question, plan, Uncertainty(spreads(question, factor * more, sigma), roads))
    assert all(slow.tasks[task] <= share for task, share in quick.tasks.items())
    assert all(slow.routes[one] <= share for one, share in quick.routes.items())


@given(problems(), st.floats(1, 3))
def test_slower_roads_never_make_a_stop_more_punctual(question: Problem, median: float) -> None:
    plan = planned(question)
    usual = simulated(question, plan, Uncertainty(roads=Roads(1.0, 0.2)))
    slow = simulated(question, plan, Uncertainty(roads=Roads(median, 0.2)))
    assert all(slow.tasks[task] <= share for task, share in usual.tasks.items())


@given(problems(most_shipments=6, most_vehicles=4), st.randoms())
@settings(max_examples=50)
def test_the_order_of_vehicles_and_routes_changes_no_figure(question: Problem, rnd: Random) -> None:
    plan = planned(question)
    world = Uncertainty(spreads(question, 1.5, 0.5), Roads(sigma=0.2))
    vehicles, routes = list(question.vehicles), list(plan.routes)
    rnd.shuffle(vehicles)
    rnd.shuffle(routes)
    shuffled = replace(question, vehicles=tuple(vehicles))
    again = simulated(shuffled, replace(plan, routes=tuple(routes)), world)
    assert again == simulated(question, plan, world)
    for route in plan.routes:
        alone = simulated(question, replace(plan, routes=(route,)), world)
        assert alone.routes[route.vehicle_id] == again.routes[route.vehicle_id]


@given(problems())
@settings(max_examples=30)
def test_a_route_is_never_surer_than_its_least_sure_stop(question: Problem) -> None:
    plan = planned(question)
    found = simulated(question, plan, Uncertainty(spreads(question, 2.0, 0.5)))
    for route in plan.routes:
        least = min(found.tasks[task.task] for task in route.tasks)
        missed = sum(1 - found.tasks[task.task] for task in route.tasks)
        assert 1 - missed - 1e-9 <= found.routes[route.vehicle_id] <= least


def test_a_seed_repeats_the_figures_and_another_one_hardly_moves_them() -> None:
    question = tight(40)
    plan = planned(question)
    world = Uncertainty({Task("s", TaskKind.PICKUP): Spread(15.0, 0.6)}, Roads(sigma=0.2))
    first = simulate(question, plan, world, seed=3)
    assert simulate(question, plan, world, seed=3) == first
    other = simulate(question, plan, world, seed=4)
    assert other != first
    assert other.routes["van"] == pytest.approx(first.routes["van"], abs=0.08)


def test_the_share_is_that_of_the_distribution() -> None:
    """Ten seconds there, ten on, 30 at most between: the bell up to ln(30 / 20) fits."""
    question = tight(50)
    world = Uncertainty({Task("s", TaskKind.PICKUP): Spread(20.0, 1.0)})
    found = simulate(question, planned(question), world, seed=1, samples=20_000)
    expected = NormalDist().cdf(log(1.5))
    assert found.tasks[Task("s", TaskKind.DELIVERY)] == pytest.approx(expected, abs=0.01)


def test_being_early_means_waiting_and_hurts_nobody() -> None:
    noon = (TimeWindow(500, 600),)
    question = problem(ways(0, 10), [shipment("s", 0, 1, delivery=noon)], [vehicle()])
    quick = Uncertainty(roads=Roads(median=0.1))
    [route] = planned(question).routes
    [_, start] = simulated_starts(question, route, quick, seed=1, samples=3)
    assert set(start) == {500.0}


def test_between_two_windows_one_waits_and_after_the_last_one_is_late() -> None:
    door = (TimeWindow(0, 30), TimeWindow(100, 120))
    question = problem(ways(0, 10), [shipment("s", 0, 1, service_s=5, delivery=door)], [vehicle()])
    plan = planned(question)
    task = Task("s", TaskKind.PICKUP)
    for service_s, expected in ((10, 20.0), (30, 100.0), (95, 105.0), (200, 210.0)):
        world = Uncertainty({task: Spread(float(service_s))})
        [_, start] = simulated_starts(question, plan.routes[0], world, seed=1, samples=2)
        assert set(start) == {expected}
        late = simulated(question, plan, world).tasks[Task("s", TaskKind.DELIVERY)] == 0
        assert late == (expected > 120)


def test_the_break_stays_where_the_plan_has_it() -> None:
    rest = Break(TimeWindow(15, 25), 20)
    question = problem(ways(0, 10, 20), [shipment("s", 1, 2, service_s=10)], [vehicle(rest=rest)])
    [route] = planned(question).routes
    assert route.rest_s == 20
    for service_s, expected in ((2, 42.0), (10, 50.0), (30, 70.0)):
        world = Uncertainty({Task("s", TaskKind.PICKUP): Spread(float(service_s))})
        [_, drop] = simulated_starts(question, route, world, seed=1, samples=2)
        assert set(drop) == {expected}


def test_tasks_of_one_visit_share_their_luck() -> None:
    """Two parcels at one door take twice the time of one, not an average of two draws."""
    pair = [shipment("a", 1, 0), shipment("b", 1, 0)]
    question = problem(ways(0, 10), pair, [vehicle()])
    plan = planned(question)
    [route] = plan.routes
    first, second = (task for task in route.tasks if task.kind is TaskKind.PICKUP)
    world = Uncertainty({first.task: Spread(60.0, 0.5), second.task: Spread(60.0, 0.5)})
    starts = simulated_starts(question, route, world, seed=2, samples=50)
    one, both = starts[1] - starts[0], starts[2] - starts[1] - 10
    assert both == pytest.approx(one)


def test_a_plan_without_routes_has_no_figures() -> None:
    nobody = problem(ways(0, 1), [], [vehicle()])
    assert simulated(nobody, planned(nobody), Uncertainty()) == Punctuality({}, {})
