"""Checker and solver against a search that tries everything, on problems of half a minute."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem, Task, TaskKind, Vehicle
from logistics.domain.solution import Cost, Reason, Solution
from logistics.domain.solver.solve import solve
from tests.logistics.domain.brute_force import (
    earliest_ends,
    keeps_rules,
    optimum,
    orders,
    servable_alone,
    tiny_problem,
)
from tests.logistics.domain.timings import Timing, every_timing, is_allowed, timed_route

SHORT = Limits(iterations=30)
SEEDS = st.integers(0, 10**6)
REACHED: float = 0.98
"""Share of tiny problems on which 30 iterations find the best of all plans."""


def drawn(seed: int, *, locks: bool = True) -> tuple[Random, Problem]:
    rnd = Random(seed)  # noqa: S311 - draws an example
    return rnd, tiny_problem(rnd, locks=locks)


def plain(one: Problem, names: Sequence[str]) -> Problem:
    """Only these shipments, and of the locks what speaks of them."""
    locks = (
        replace(
            lock,
            tasks=tuple(task for task in lock.tasks if task.shipment_id in names),
            on_board=tuple(had for had in lock.on_board if had.shipment_id in names),
        )
        for lock in one.locks
    )
    shipments = tuple(shipment for shipment in one.shipments if shipment.id in names)
    return replace(one, shipments=shipments, locks=tuple(locks))


def some_order(rnd: Random, one: Problem, van: Vehicle) -> tuple[Task, ...]:
    """An order of all tasks that keeps every rule but time, or anything at all."""
    good = list(orders(one, van, [shipment.id for shipment in one.shipments]))
    if good and rnd.random() < 0.8:
        return rnd.choice(good)
    aboard = one.lock(van.id).carried_ids()
    tasks = [Task(s.id, kind) for s in one.shipments for kind in TaskKind]
    needed = [t for t in tasks if t.kind is TaskKind.DELIVERY or t.shipment_id not in aboard]
    return tuple(rnd.sample(needed, len(needed)))


def some_timing(rnd: Random, one: Problem, van: Vehicle, order: Sequence[Task]) -> Timing:
    """Times that nearly fit: as early as ways and windows have it, give or take a second."""
    drive = one.matrix(van.profile).durations_s
    rest_s = None if van.rest is None else van.rest.window.from_s + rnd.randint(0, 3)
    departure = now = van.shift.from_s + rnd.randint(0, 6)
    here, starts = van.start, []
    for number, task in enumerate(order):
        place = one.shipment(task.shipment_id).handling(task.kind)
        setup_s = 0 if number and here == place.point else one.setup_s[place.point]
        now += max(drive[here][place.point], 0) + setup_s
        if van.rest is not None and rnd.random() < 0.3:
            now += van.rest.duration_s
        opens = [w.from_s for w in place.windows if w.until_s > now]
        now = max(now, min(opens, default=now)) + rnd.choice([0, 0, 0, 0, 0, 1, -1])
        starts.append(now)
        now, here = now + place.service_s, place.point
    home_s = 0 if van.end is None else max(drive[here][van.end], 0)
    return Timing(departure, tuple(starts), now + home_s + rnd.choice([0, 0, 0, 1, -1]), rest_s)


def is_within(van: Vehicle, timing: Timing) -> bool:
    """Shift and break keep to their own windows."""
    rested = van.rest is None or (
        timing.rest_s is not None
        and van.rest.window.from_s <= timing.rest_s < van.rest.window.until_s
    )
    return rested and van.shift.from_s <= timing.departs_s and timing.ends_s <= van.shift.until_s


@pytest.mark.solver
def test_the_checker_accepts_exactly_the_routes_that_keep_every_rule() -> None:
    """Rules of order and rules of time are both worked out in code of the tests' own."""
    met: Counter[bool] = Counter()
    for seed in range(4_000):
        rnd, one = drawn(seed)
        van = one.vehicles[0]
        names = [s.id for s in rnd.sample(one.shipments, rnd.randint(1, len(one.shipments)))]
        one = plain(one, names)
        order = some_order(rnd, one, van)
        timing = some_timing(rnd, one, van, order)
        route = timed_route(one, van, order, timing)
        plan = Solution((route,), {}, Cost() + route.cost, "test", seed=0)
        ordered, within = keeps_rules(one, van, order), is_within(van, timing)
        allowed = ordered and within and is_allowed(one, van, order, timing)
        assert (check(one, plan) == []) == allowed, (seed, check(one, plan))
        met[allowed] += 1
    assert min(met.values()) >= 400


@pytest.mark.solver
def test_the_search_by_departures_misses_no_timing() -> None:
    """The quicker search of these tests against one that tries every second for every task."""
    met = 0
    for seed in range(300):
        rnd, one = drawn(seed)
        van = replace(one.vehicles[0], shift=replace(one.vehicles[0].shift, until_s=11))
        one = replace(one, vehicles=(van, *one.vehicles[1:]))
        for order in list(orders(one, van, [rnd.choice(one.shipments).id]))[:1]:
            timings = every_timing(one, van, order)
            allowed = [timing for timing in timings if is_allowed(one, van, order, timing)]
            ends: dict[int, int] = {}
            for timing in allowed:
                ends[timing.departs_s] = min(timing.ends_s, ends.get(timing.departs_s, 99))
            assert earliest_ends(one, van, order) == ends
            met += bool(ends)
    assert met >= 30


@given(SEEDS, st.integers(0, 9), st.sampled_from([Limits(iterations=0), SHORT]))
@settings(max_examples=150)
def test_every_plan_passes_the_checker_and_none_beats_the_best_of_all_plans(
    drawn_by: int, seed: int, limits: Limits
) -> None:
    _, one = drawn(drawn_by)
    plan = solve(one, limits=limits, seed=seed)
    assert check(one, plan) == []
    assert plan.cost.key >= optimum(one).least


@pytest.mark.solver
def test_thirty_iterations_find_the_best_plan_of_49_in_50_tiny_problems() -> None:
    """Best with the times that are promised for an order: earliest end, then latest departure."""
    reached = 0
    problems = 200
    for seed in range(problems):
        _, one = drawn(seed, locks=False)
        plan, best = solve(one, limits=SHORT, seed=seed), optimum(one)
        assert best.least <= best.planned <= plan.cost.key
        assert plan.cost.missed == best.planned[0]
        reached += plan.cost.key == best.planned
    assert reached >= REACHED * problems


ALONE = {Reason.NO_ROOM_LEFT, Reason.NOT_WORTH_THE_WAY}


@given(SEEDS)
@settings(max_examples=100)
def test_a_reason_speaks_of_the_shipment_alone_exactly_when_nobody_could_carry_it_alone(
    drawn_by: int,
) -> None:
    _, one = drawn(drawn_by, locks=False)
    for name, reason in solve(one, limits=SHORT, seed=1).unassigned.items():
        assert (reason in ALONE) == servable_alone(one, name)
