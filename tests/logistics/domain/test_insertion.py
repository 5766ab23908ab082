"""One more shipment for a running plan: the cheapest place of all, or the reason there is none."""

from itertools import combinations_with_replacement
from random import Random

import pytest

from logistics.domain.checker import check
from logistics.domain.insertion import Quote, insert
from logistics.domain.limits import Limits
from logistics.domain.problem import Lock, Problem, Task, TaskKind
from logistics.domain.schedule import InfeasibleRoute, schedule
from logistics.domain.solution import Reason, Route
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import drawn_problem, problem, shipment, vehicle, ways

LINE = ways(0, 5, 9)


def running(one: Problem, without: str) -> tuple[Route, ...]:
    """A plan for everything but one shipment."""
    rest = tuple(s for s in one.shipments if s.id != without)
    fewer = Problem(one.setup_s, one.matrices, rest, one.vehicles, (), one.skills, one.dimensions)
    return solve(fewer, limits=Limits(iterations=0), seed=1).routes


def cheapest_by_trying(one: Problem, routes: tuple[Route, ...], name: str) -> int | None:
    """Every vehicle, every pair of places."""
    extras = []
    for car in one.vehicles:
        if not one.shipment(name).skills <= car.skills:
            continue
        route = next((r for r in routes if r.vehicle_id == car.id), None)
        now = list(route.sequence) if route else []
        for at, until in combinations_with_replacement(range(len(now) + 1), 2):
            order = [
                *now[:at],
                Task(name, TaskKind.PICKUP),
                *now[at:until],
                Task(name, TaskKind.DELIVERY),
                *now[until:],
            ]
            try:
                cost = schedule(one, car.id, order).cost.total
            except InfeasibleRoute:
                continue
            extras.append(cost - (route.cost.total if route else 0))
    return min(extras, default=None)


@pytest.mark.parametrize("seed", range(80))
def test_the_quote_is_the_cheapest_of_all_places(seed: int) -> None:
    """Up to the few places that are compared exactly where waiting costs money."""
    one = drawn_problem(Random(seed), 5, 3)  # noqa: S311 - draws an example
    routes = running(one, "s0")
    quote = insert(one, routes, "s0")
    best = cheapest_by_trying(one, routes, "s0")
    if not isinstance(quote, Quote):
        assert best is None
        return
    assert best is not None
    assert quote.extra_cost >= best
    if all(car.cost_per_s == 0 for car in one.vehicles):
        assert quote.extra_cost == best
    assert schedule(one, quote.route.vehicle_id, quote.route.sequence) == quote.route


def test_the_running_plan_with_the_quote_in_it_passes_the_checker() -> None:
    one = drawn_problem(Random(1), 6, 2, reach=10)  # noqa: S311 - draws an example
    routes = running(one, "s2")
    quote = insert(one, routes, "s2")
    assert isinstance(quote, Quote)
    others = [route for route in routes if route.vehicle_id != quote.route.vehicle_id]
    found = check(one, solve(one, limits=Limits(0), seed=1, start=[*others, quote.route]))
    assert found == []


def test_nothing_goes_before_or_between_what_is_locked() -> None:
    locked = (Task("a", TaskKind.PICKUP), Task("a", TaskKind.DELIVERY))
    both = [shipment("a", 1, 2), shipment("b", 1, 2)]
    one = problem(LINE, both, [vehicle()], locks=(Lock("van", locked),))
    quote = insert(one, running(one, "b"), "b")
    assert isinstance(quote, Quote)
    assert quote.route.sequence[:2] == locked


def test_the_reason_is_told_when_nobody_can() -> None:
    cold = shipment("a", 1, 2, skills=frozenset({"cold"}))
    assert insert(problem(LINE, [cold], [vehicle()]), (), "a") is Reason.NO_VEHICLE_WITH_SKILL
    full = [shipment("a", 1, 2, amounts=(10,)), shipment("b", 1, 2, amounts=(10,))]
    busy = problem(LINE, full, [vehicle(max_stops=2)])
    assert insert(busy, running(busy, "b"), "b") is Reason.NO_ROOM_LEFT
