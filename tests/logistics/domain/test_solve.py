"""Plans: valid whatever the problem, repeatable, never worse for more room, and near the best."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import (
    UNREACHABLE,
    Handling,
    Lock,
    Matrix,
    OnBoard,
    Problem,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
    Vehicle,
)
from logistics.domain.schedule import InfeasibleRoute, schedule
from logistics.domain.solution import Reason, Route, Solution
from logistics.domain.solver.kernel.engine import RuinAndRecreate
from logistics.domain.solver.routing_library import RoutingLibrary
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import drawn_problem, problem, problems, shipment, vehicle, ways

PICKUP, DELIVERY = TaskKind.PICKUP, TaskKind.DELIVERY
CONSTRUCT = Limits(iterations=0)
SHORT = Limits(iterations=30)


def solved(one: Problem, limits: Limits = SHORT, seed: int = 1) -> Solution:
    plan = solve(one, limits=limits, seed=seed)
    assert check(one, plan) == []
    return plan


@given(problems(most_shipments=7))
@settings(max_examples=100)
def test_every_constructed_plan_passes_the_checker(one: Problem) -> None:
    assert check(one, solve(one, limits=CONSTRUCT, seed=1)) == []


@given(problems(most_shipments=6))
@settings(max_examples=40)
def test_every_improved_plan_passes_the_checker(one: Problem) -> None:
    constructed, improved = solved(one, CONSTRUCT), solved(one)
    assert improved.cost.key <= constructed.cost.key
    assert not improved.truncated


@given(problems(most_shipments=6))
@settings(max_examples=25)
def test_each_engine_alone_gives_plans_that_pass_the_checker(one: Problem) -> None:
    for engine in (RuinAndRecreate(), RoutingLibrary(), RoutingLibrary(guided=True)):
        plan = solve(one, limits=SHORT, seed=1, engines=(engine,))
        assert check(one, plan) == []
        assert plan.engine in {engine.name, "insertion"}


@given(problems(most_shipments=6), st.integers(0, 1000))
@settings(max_examples=25)
def test_a_seed_and_limits_fix_the_whole_plan(one: Problem, seed: int) -> None:
    assert solved(one, seed=seed) == solved(one, seed=seed)


@given(problems(most_shipments=6), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_renaming_and_reordering_shipments_and_vehicles_keeps_the_cost(
    one: Problem, rnd: Random
) -> None:
    shipments = [replace(s, id=f"z{n}") for n, s in enumerate(one.shipments)]
    vehicles = [replace(v, id=f"q{n}") for n, v in enumerate(one.vehicles)]
    rnd.shuffle(shipments)
    rnd.shuffle(vehicles)
    other = replace(one, shipments=tuple(shipments), vehicles=tuple(vehicles))
    assert solved(other).cost == solved(one).cost


@given(problems(most_shipments=6))
@settings(max_examples=25)
def test_a_bigger_vehicle_and_more_work_never_make_a_running_plan_worse(one: Problem) -> None:
    now = solved(one, CONSTRUCT)
    bigger = [replace(v, capacity=tuple(2 * c for c in v.capacity)) for v in one.vehicles]
    roomy = replace(one, vehicles=tuple(bigger))
    for again in (one, roomy):
        plan = solve(again, limits=SHORT, seed=3, start=now.routes)
        assert check(again, plan) == []
        assert plan.cost.key <= now.cost.key


@given(problems(most_shipments=6))
@settings(max_examples=25)
def test_wider_windows_never_make_a_running_plan_worse_where_time_is_free(one: Problem) -> None:
    free = replace(one, vehicles=tuple(replace(v, cost_per_s=0) for v in one.vehicles))
    now = solved(free, CONSTRUCT)
    wide = replace(free, shipments=tuple(map(widened, free.shipments)))
    plan = solve(wide, limits=SHORT, seed=3, start=now.routes)
    assert plan.cost.key <= now.cost.key


def widened(one: Shipment) -> Shipment:
    def wider(handling: Handling) -> Handling:
        first, last = handling.windows[0], handling.windows[-1]
        return replace(handling, windows=(TimeWindow(first.from_s, last.until_s + 50),))

    return replace(one, pickup=wider(one.pickup), delivery=wider(one.delivery))


@given(problems(most_shipments=6))
@settings(max_examples=30)
def test_a_running_plan_that_no_longer_fits_is_mended(one: Problem) -> None:
    now = solved(one, CONSTRUCT)
    smaller = [replace(v, capacity=tuple(c // 2 for c in v.capacity)) for v in one.vehicles[:1]]
    gone = {one.shipments[0].id}
    left = tuple(s for s in one.shipments if s.id not in gone)
    other = replace(one, vehicles=tuple(smaller), shipments=left)
    plan = solve(other, limits=SHORT, seed=1, start=now.routes)
    assert check(other, plan) == []


def on_the_road(one: Problem, plan: Solution, tasks_done: int, tasks_locked: int) -> Problem:
    """The first vehicle has done some tasks and is bound to some more."""
    route = plan.routes[0]
    done, locked = route.tasks[:tasks_done], route.sequence[tasks_done:][:tasks_locked]
    delivered = {task.shipment_id for task in done if task.kind is DELIVERY}
    aboard = tuple(
        OnBoard(task.shipment_id, task.departure_s)
        for task in done
        if task.kind is PICKUP and task.shipment_id not in delivered
    )
    locked = tuple(task for task in locked if task.shipment_id not in delivered)
    moved = [
        replace(v, start=done[-1].point, shift=TimeWindow(done[-1].departure_s, v.shift.until_s))
        if v.id == route.vehicle_id and done and done[-1].departure_s < v.shift.until_s
        else v
        for v in one.vehicles
    ]
    left = tuple(s for s in one.shipments if s.id not in delivered)
    lock = Lock(route.vehicle_id, locked, aboard)
    return replace(one, shipments=left, vehicles=tuple(moved), locks=(lock,))


@given(problems(most_shipments=6), st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=60)
def test_locked_tasks_stay_first_and_what_is_on_board_stays_there(
    one: Problem, done: int, locked: int
) -> None:
    plan = solved(one, CONSTRUCT)
    if plan.routes:
        later = on_the_road(one, plan, done, locked)
        again = solve(later, limits=SHORT, seed=1, start=plan.routes)
        assert check(later, again) == []


def all_routes(one: Problem, car: Vehicle, names: tuple[str, ...]) -> Iterator[Route]:
    """Every feasible order of these shipments' tasks."""
    tasks = [Task(name, kind) for name in names for kind in (PICKUP, DELIVERY)]
    for order in permutations(tasks):
        place = {task: at for at, task in enumerate(order)}
        if all(place[Task(n, PICKUP)] < place[Task(n, DELIVERY)] for n in names):
            lacking = {s for n in names for s in one.shipment(n).skills} - car.skills
            if not lacking:
                try:
                    yield schedule(one, car.id, order)
                except InfeasibleRoute:
                    continue


def best_key(one: Problem) -> tuple[int, int]:
    """The least cost over every assignment and every order."""
    best = {
        (car.id, names): min(
            (route.cost.total for route in all_routes(one, car, names)), default=None
        )
        for car in one.vehicles
        for size in range(1, len(one.shipments) + 1)
        for names in subsets([s.id for s in one.shipments], size)
    }
    keys = []
    for chosen in product([None, *(car.id for car in one.vehicles)], repeat=len(one.shipments)):
        keys.append(key_of(one, chosen, best))
    return min(key for key in keys if key is not None)


def subsets(names: list[str], size: int) -> list[tuple[str, ...]]:
    return sorted({tuple(sorted(p)) for p in permutations(names, size)})


def key_of(
    one: Problem,
    chosen: tuple[str | None, ...],
    best: dict[tuple[str, tuple[str, ...]], int | None],
) -> tuple[int, int] | None:
    left_out = [s.prize for s, car in zip(one.shipments, chosen, strict=True) if car is None]
    total = sum(prize for prize in left_out if prize is not None)
    for car in one.vehicles:
        names = tuple(
            sorted(s.id for s, by in zip(one.shipments, chosen, strict=True) if by == car.id)
        )
        if names:
            cost = best[car.id, names]
            if cost is None:
                return None
            total += cost
    return left_out.count(None), total


@pytest.mark.solver
@pytest.mark.parametrize("seed", range(25))
def test_tiny_problems_are_solved_to_the_best_of_all_plans(seed: int) -> None:
    one = drawn_problem(Random(seed), 3, 2)  # noqa: S311 - draws an example
    plan = solved(one, Limits(iterations=100))
    assert plan.cost.key == best_key(one)


LINE = ways(0, 5, 9)


@pytest.mark.parametrize(
    ("changes", "car", "reason"),
    [
        ({"skills": frozenset({"cold"})}, {}, Reason.NO_VEHICLE_WITH_SKILL),
        ({"amounts": (11,)}, {}, Reason.TOO_LARGE_FOR_EVERY_VEHICLE),
        (
            {"pickup": (TimeWindow(50, 60),), "delivery": (TimeWindow(10, 20),)},
            {},
            Reason.WINDOWS_IMPOSSIBLE,
        ),
        ({"max_on_board_s": 3}, {}, Reason.WINDOWS_IMPOSSIBLE),
        ({}, {"shift": TimeWindow(0, 17)}, Reason.SHIFT_TOO_SHORT),
        ({}, {"max_route_m": 170}, Reason.SHIFT_TOO_SHORT),
        ({}, {"max_stops": 1}, Reason.SHIFT_TOO_SHORT),
        ({"prize": 70}, {}, Reason.NOT_WORTH_THE_WAY),
    ],
)
def test_a_shipment_left_out_says_why(
    changes: dict[str, Any], car: dict[str, Any], reason: Reason
) -> None:
    one = problem(LINE, [shipment("a", 1, 2, **changes), shipment("b", 1, 1)], [vehicle(**car)])
    plan = solved(one)
    assert plan.unassigned.get("a") == reason
    assert "b" not in plan.unassigned


def test_a_shipment_over_the_sea_is_unreachable_and_the_rest_is_served() -> None:
    cut = ((0, 5, UNREACHABLE), (5, 0, UNREACHABLE), (UNREACHABLE, UNREACHABLE, 0))
    one = problem(Matrix("car", cut, cut), [shipment("a", 1, 2), shipment("b", 1, 0)], [vehicle()])
    plan = solved(one)
    assert plan.unassigned == {"a": Reason.UNREACHABLE}
    assert [route.vehicle_id for route in plan.routes] == ["van"]


def test_when_the_vehicle_is_full_the_cheaper_prize_stays() -> None:
    same_time = {"pickup": (TimeWindow(5, 6),), "delivery": (TimeWindow(9, 10),), "amounts": (6,)}
    both = [
        shipment("a", 1, 2, prize=900, **same_time),
        shipment("b", 1, 2, prize=800, **same_time),
    ]
    plan = solved(problem(LINE, both, [vehicle()]))
    assert plan.unassigned == {"b": Reason.NO_ROOM_LEFT}
    assert plan.cost.unserved == 800


def test_one_mandatory_shipment_outweighs_every_prize() -> None:
    same_time = {"pickup": (TimeWindow(5, 6),), "delivery": (TimeWindow(9, 10),), "amounts": (6,)}
    both = [shipment("a", 1, 2, prize=10**9, **same_time), shipment("b", 1, 2, **same_time)]
    plan = solved(problem(LINE, both, [vehicle()]))
    assert plan.unassigned == {"a": Reason.NO_ROOM_LEFT}
    assert plan.cost.key == (0, 10**9 + 180)


@pytest.mark.parametrize("limits", [Limits(wall_s=0), Limits(iterations=0)])
def test_no_time_at_all_still_gives_a_valid_plan(limits: Limits) -> None:
    one = drawn_problem(Random(5), 8, 3)  # noqa: S311 - draws an example
    plan = solved(one, limits)
    assert (plan.engine, plan.truncated) == ("insertion", False)


def test_an_empty_problem_has_an_empty_plan() -> None:
    assert solved(problem(LINE, [], [vehicle()])).routes == ()
    alone = solved(problem(LINE, [shipment("a", 1, 2)], []))
    assert alone.unassigned == {"a": Reason.NO_VEHICLE_WITH_SKILL}


def test_stop_ends_the_search_and_says_so() -> None:
    one = drawn_problem(Random(5), 8, 3, reach=10)  # noqa: S311 - draws an example
    plan = solve(one, limits=Limits(iterations=500), seed=1, stop=lambda: True)
    assert check(one, plan) == []
    assert plan.truncated


def test_progress_tells_of_each_better_plan() -> None:
    one = drawn_problem(Random(11), 12, 3, reach=10)  # noqa: S311 - draws an example
    told: list[tuple[int, int]] = []
    plan = solve(
        one,
        limits=Limits(iterations=100),
        seed=1,
        on_progress=lambda p: told.append((p["missed"], p["cost"])),
        engines=(RuinAndRecreate(),),
    )
    assert told == sorted(told, reverse=True)
    assert not told or told[-1] == plan.cost.key
