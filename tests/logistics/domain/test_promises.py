"""What a caller of `solve` may rely on, whichever engine answers: each name says it in full."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import (
    Handling,
    Lock,
    Matrix,
    OnBoard,
    Problem,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
)
from logistics.domain.solution import Reason, Solution
from logistics.domain.solver.solve import solve
from tests.logistics.domain.brute_force import tiny_problem
from tests.logistics.domain.cities import drawn_problem, problem, shipment, vehicle, ways

CONSTRUCT, SHORT, LONGER = Limits(iterations=0), Limits(iterations=40), Limits(iterations=80)
SEEDS = st.integers(0, 10**6)
few = settings(max_examples=20)


def drawn(seed: int) -> tuple[Random, Problem]:
    """Twelve shipments near each other, so that there is something to choose."""
    rnd = Random(seed)  # noqa: S311 - draws an example
    return rnd, drawn_problem(rnd, 12, 3, reach=25)


def solved(one: Problem, limits: Limits = SHORT, *, start: Solution | None = None) -> Solution:
    plan = solve(one, limits=limits, seed=7, start=start.routes if start else None)
    assert check(one, plan) == []
    return plan


def renamed(one: Problem, rnd: Random) -> Problem:
    """Other names, and every list in another order."""
    names = {s.id: f"z{n}" for n, s in enumerate(rnd.sample(one.shipments, len(one.shipments)))}
    vans = {v.id: f"q{n}" for n, v in enumerate(rnd.sample(one.vehicles, len(one.vehicles)))}
    shipments = [replace(s, id=names[s.id]) for s in one.shipments]
    vehicles = [replace(v, id=vans[v.id]) for v in one.vehicles]
    locks = [_renamed_lock(lock, names, vans) for lock in one.locks]
    return replace(
        one,
        shipments=tuple(sorted(shipments, key=lambda s: s.id)),
        vehicles=tuple(sorted(vehicles, key=lambda v: v.id)),
        locks=tuple(reversed(locks)),
    )


def _renamed_lock(lock: Lock, names: Mapping[str, str], vans: Mapping[str, str]) -> Lock:
    tasks = tuple(replace(task, shipment_id=names[task.shipment_id]) for task in lock.tasks)
    aboard = [replace(had, shipment_id=names[had.shipment_id]) for had in lock.on_board]
    return Lock(vans[lock.vehicle_id], tasks, tuple(reversed(aboard)))


def renumbered(one: Problem, rnd: Random) -> Problem:
    """The same points under other numbers."""
    old = rnd.sample(range(one.points), one.points)
    new = {point: number for number, point in enumerate(old)}

    def grid(rows: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(rows[a][b] for b in old) for a in old)

    def moved(handling: Handling) -> Handling:
        return replace(handling, point=new[handling.point])

    return replace(
        one,
        setup_s=tuple(one.setup_s[point] for point in old),
        matrices=tuple(
            Matrix(m.profile, grid(m.durations_s), grid(m.distances_m)) for m in one.matrices
        ),
        shipments=tuple(
            replace(s, pickup=moved(s.pickup), delivery=moved(s.delivery)) for s in one.shipments
        ),
        vehicles=tuple(
            replace(v, start=new[v.start], end=None if v.end is None else new[v.end])
            for v in one.vehicles
        ),
    )


@given(SEEDS)
@few
def test_under_one_seed_names_and_order_of_shipments_vehicles_and_locks_keep_the_cost(
    seed: int,
) -> None:
    rnd, one = drawn(seed)
    assert solved(renamed(one, rnd)).cost == solved(one).cost
    locked = tiny_problem(rnd)
    assert solved(renamed(locked, rnd)).cost == solved(locked).cost


@given(SEEDS)
@few
def test_under_one_seed_the_numbers_of_points_keep_the_cost(seed: int) -> None:
    rnd, one = drawn(seed)
    assert solved(renumbered(one, rnd)).cost == solved(one).cost


Change = Callable[[Problem, Random], Problem]


def bigger(one: Problem, rnd: Random) -> Problem:
    vehicles = list(one.vehicles)
    at = rnd.randrange(len(vehicles))
    vehicles[at] = replace(vehicles[at], capacity=tuple(c + 3 for c in vehicles[at].capacity))
    return replace(one, vehicles=tuple(vehicles))


def abler(one: Problem, rnd: Random) -> Problem:
    """Every skill, any number of stops and metres."""
    free = {"skills": one.skills, "max_route_m": None, "max_stops": None}
    return replace(one, vehicles=tuple(replace(v, **free) for v in one.vehicles))


def one_more(one: Problem, rnd: Random) -> Problem:
    another = replace(rnd.choice(one.vehicles), id="another")
    vehicles = [*one.vehicles, another]
    return replace(one, vehicles=tuple(rnd.sample(vehicles, len(vehicles))))


def unchanged(one: Problem, rnd: Random) -> Problem:
    return one


@pytest.mark.parametrize("change", [unchanged, bigger, abler, one_more])
@given(seed=SEEDS, limits=st.sampled_from([CONSTRUCT, SHORT, LONGER]))
@settings(max_examples=12)
def test_with_the_same_or_more_to_work_with_a_plan_is_never_worse_than_the_one_it_starts_from(
    change: Change, seed: int, limits: Limits
) -> None:
    """More work, a bigger or abler vehicle, one vehicle more."""
    rnd, one = drawn(seed)
    now = solved(one, rnd.choice([CONSTRUCT, SHORT]))
    assert solved(change(one, rnd), limits, start=now).cost.key <= now.cost.key


def wider(one: Problem, rnd: Random) -> Problem:
    """Some windows open sooner or close later; some that had a gap lose it."""

    def widened(handling: Handling) -> Handling:
        first, last = handling.windows[0], handling.windows[-1]
        if rnd.random() < 0.5:
            return replace(handling, windows=(TimeWindow(first.from_s, last.until_s + 30),))
        sooner = TimeWindow(first.from_s - rnd.randint(0, 30), first.until_s)
        return replace(handling, windows=(sooner, *handling.windows[1:]))

    def eased(s: Shipment) -> Shipment:
        return replace(s, pickup=widened(s.pickup), delivery=widened(s.delivery))

    return replace(one, shipments=tuple(map(eased, one.shipments)))


@given(SEEDS, st.sampled_from([CONSTRUCT, SHORT]))
@settings(max_examples=25)
def test_with_wider_windows_a_plan_is_never_worse_than_its_start_where_only_metres_cost(
    seed: int, limits: Limits
) -> None:
    rnd, one = drawn(seed)
    free = replace(one, vehicles=tuple(replace(v, cost_per_s=0) for v in one.vehicles))
    now = solved(free, CONSTRUCT)
    assert solved(wider(free, rnd), limits, start=now).cost.key <= now.cost.key


def test_where_seconds_cost_a_wider_window_may_end_a_route_sooner_and_dearer() -> None:
    """Why the promise above stops there: of all times, a route has the earliest end."""
    early_or_late = (TimeWindow(0, 5), TimeWindow(90, 96))
    narrow = shipment("a", 1, 2, pickup=early_or_late, delivery=(TimeWindow(100, 101),))
    wide = shipment("a", 1, 2, pickup=early_or_late, delivery=(TimeWindow(20, 101),))
    van = vehicle(start=1, end=None, cost_per_m=0, cost_per_s=1)
    now, then = (solved(problem(ways(0, 5, 9), [one], [van])) for one in (narrow, wide))
    assert (now.routes[0].end_s, now.cost.time) == (100, 5)
    assert (then.routes[0].end_s, then.cost.time) == (20, 16)


def on_the_road(one: Problem, plan: Solution, rnd: Random) -> Problem:
    """The first tasks of each route are locked."""
    locks = []
    for route in plan.routes:
        locked = route.sequence[: rnd.randint(0, len(route.tasks))]
        locks.append(Lock(route.vehicle_id, locked))
    return replace(one, locks=tuple(locks))


@given(SEEDS, st.sampled_from([CONSTRUCT, SHORT]))
@few
def test_a_running_plan_with_locks_is_never_made_worse_by_planning_again(
    seed: int, limits: Limits
) -> None:
    rnd, one = drawn(seed)
    now = solved(one, CONSTRUCT)
    again = solved(on_the_road(one, now, rnd), limits, start=now)
    assert again.cost.key <= now.cost.key


@pytest.mark.parametrize("limits", [Limits(wall_s=0), Limits(wall_s=0.0, iterations=50), CONSTRUCT])
@given(seed=SEEDS)
@settings(max_examples=10)
def test_no_time_at_all_gives_a_valid_plan_that_keeps_a_given_one(
    limits: Limits, seed: int
) -> None:
    rnd, one = drawn(seed)
    now = solved(one)
    for problem_now in (one, on_the_road(one, now, rnd), tiny_problem(rnd)):
        assert not solved(problem_now, limits).truncated
    assert solved(one, limits, start=now).cost.key <= now.cost.key


def test_a_stop_that_is_asked_at_once_gives_a_valid_plan_no_worse_than_its_start() -> None:
    _, one = drawn(3)
    now = solved(one, CONSTRUCT)
    plan = solve(one, limits=SHORT, seed=1, start=now.routes, stop=lambda: True)
    assert check(one, plan) == []
    assert plan.cost.key <= now.cost.key


@pytest.mark.parametrize("limits", [CONSTRUCT, SHORT])
def test_a_locked_pickup_without_room_comes_back_and_is_not_done_later(limits: Limits) -> None:
    lock = Lock("van", (Task("late", TaskKind.PICKUP),), (OnBoard("first", 0),))
    both = [shipment("first", 1, 2), shipment("late", 1, 2)]
    vans = [vehicle(capacity=(1,)), vehicle("bike")]
    plan = solved(problem(ways(0, 5, 9), both, vans, locks=(lock,)), limits)
    assert plan.unassigned == {"late": Reason.NO_ROOM_LEFT}
    assert [task.shipment_id for task in plan.routes[0].tasks] == ["first"]
