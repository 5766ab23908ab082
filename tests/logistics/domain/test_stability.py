"""A better plan changes the routes that people were told of only where it brings enough."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.invalid import InvalidProblem
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem, Task, TaskKind, TimeWindow
from logistics.domain.schedule import schedule
from logistics.domain.solution import Cost, Reason, Solution
from logistics.domain.solver.solve import solve
from logistics.domain.stability import Threshold, retimed, steady, touched
from tests.logistics.domain.cities import drawn_problem, problem, shipment, vehicle, ways

NEVER = Threshold(per_route=10**12)
ALWAYS = Threshold()
#: Two pairs of places, far from each other, with a vehicle and two shipments at either.
TOWNS = ways(0, 10, 500, 510)


def two_towns() -> Problem:
    return problem(
        TOWNS,
        [
            shipment("a", 0, 1),
            shipment("b", 0, 1),
            shipment("c", 2, 3),
            shipment("d", 2, 3),
        ],
        [
            vehicle("a1", 0),
            vehicle("a2", 1, fixed_cost=40),
            vehicle("c1", 2),
            vehicle("c2", 3, fixed_cost=900),
        ],
    )


def driven(asked: Problem, left: str = "", **by_vehicle: str) -> Solution:
    """The plan in which these vehicles drive their shipments one after the other."""
    routes = [
        schedule(asked, name, [Task(one, kind) for one in word for kind in TaskKind])
        for name, word in by_vehicle.items()
    ]
    cost = sum((route.cost for route in routes), Cost(missed=len(left)))
    return Solution(tuple(routes), dict.fromkeys(left, Reason.NO_ROOM_LEFT), cost, "by hand", 1)


def by_vehicle(plan: Solution) -> dict[str, str]:
    return {
        route.vehicle_id: "".join(t.shipment_id for t in route.sequence[::2])
        for route in plan.routes
    }


def test_towns_that_exchange_nothing_are_judged_alone() -> None:
    asked = two_towns()
    old = driven(asked, a1="a", a2="b", c1="c", c2="d")
    new = driven(asked, a1="ab", c1="cd")
    saved = {name: cost(old, name) for name in ("a2", "c2")}
    assert saved["a2"] < 500 < saved["c2"]
    kept = steady(asked, old, new, Threshold(per_route=250))
    assert by_vehicle(kept) == {"a1": "a", "a2": "b", "c1": "cd"}
    assert check(asked, kept) == []


def cost(plan: Solution, vehicle_id: str) -> int:
    route = plan.route(vehicle_id)
    assert route is not None
    return route.cost.total


@pytest.mark.parametrize(("percent", "changes"), [(10, True), (80, False)])
def test_a_share_of_what_the_routes_cost_is_a_threshold_too(percent: int, changes: bool) -> None:
    asked = two_towns()
    old, new = driven(asked, a1="ab", c1="c", c2="d"), driven(asked, a1="ab", c1="cd")
    result = steady(asked, old, new, Threshold(percent=percent))
    gain = old.cost.total - new.cost.total
    assert (100 * gain >= percent * (cost(old, "c1") + cost(old, "c2"))) is changes
    assert by_vehicle(result) == by_vehicle(new if changes else old)


def test_what_comes_after_a_promise_does_not_change_it() -> None:
    asked = two_towns()
    old, new = driven(asked, a1="a", a2="b", c1="cd"), driven(asked, a1="ab", c1="cd")
    told = {"a1": old.routes[0].sequence}
    assert touched(told, new, ["a1", "a2"]) == []
    assert steady(asked, old, new, NEVER, promised=told) == new
    assert touched({"a2": old.routes[1].sequence}, new, ["a1", "a2"]) == ["a2"]


def test_nothing_changes_for_nothing() -> None:
    asked = problem(
        TOWNS, [shipment("a", 0, 1), shipment("b", 0, 1)], [vehicle("a1", 0), vehicle("a2", 0)]
    )
    old, new = driven(asked, a1="a", a2="b"), driven(asked, a1="b", a2="a")
    assert steady(asked, old, new, ALWAYS) == old


def test_serving_what_must_be_served_is_worth_any_change() -> None:
    asked = two_towns()
    poor, full = driven(asked, left="b", a1="a", c1="cd"), driven(asked, a2="ab", c1="cd")
    assert steady(asked, poor, full, NEVER) == full
    assert steady(asked, full, poor, ALWAYS) == full


def test_a_new_plan_that_breaks_a_rule_is_dropped_for_the_old_one() -> None:
    asked = two_towns()
    old, new = driven(asked, a1="a", a2="b", c1="cd"), driven(asked, a1="ab", c1="cd")
    wrong = replace(new, routes=(replace(new.routes[0], distance_m=1), new.routes[1]))
    assert steady(asked, old, wrong, ALWAYS) == old


def test_a_plan_takes_the_times_of_another_problem_or_does_not_fit_it() -> None:
    asked = two_towns()
    plan = driven(asked, a1="ab", c1="cd")
    late = problem(
        TOWNS,
        [*asked.shipments[:3], shipment("d", 2, 3, pickup=(TimeWindow(300, 400),))],
        asked.vehicles,
    )
    there = retimed(late, plan)
    assert there is not None
    assert check(late, there) == []
    assert by_vehicle(there) == by_vehicle(plan)
    assert there.routes[1].end_s > plan.routes[1].end_s
    never = problem(
        TOWNS,
        [*asked.shipments[:3], shipment("d", 2, 3, pickup=(TimeWindow(0, 5),))],
        asked.vehicles,
    )
    assert retimed(never, plan) is None


def test_a_threshold_below_zero_is_refused() -> None:
    with pytest.raises(InvalidProblem):
        Threshold(per_route=-1)


@given(number=st.integers(0, 10**6), per_route=st.integers(0, 3_000))
def test_the_result_is_valid_never_worse_than_the_old_plan_and_always_the_same(
    number: int, per_route: int
) -> None:
    asked = drawn_problem(Random(number), 8, 4)  # noqa: S311 - draws an example
    old = solve(asked, limits=Limits(iterations=0), seed=1)
    new = solve(asked, limits=Limits(iterations=40), seed=number, start=old.routes)
    result = steady(asked, old, new, Threshold(per_route))
    assert check(asked, result) == []
    assert result.cost.key <= old.cost.key
    assert result == steady(asked, old, new, Threshold(per_route))
    assert steady(asked, old, new, ALWAYS).cost.key <= new.cost.key
    promised = {route.vehicle_id: route.sequence for route in old.routes}
    unmoved = steady(asked, old, new, NEVER)
    if unmoved.cost.missed == old.cost.missed:
        assert touched(promised, unmoved, promised) == []
