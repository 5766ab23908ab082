"""The compiled search: what it claims holds, a seed repeats it, and where it cannot, others do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.compiled import Compiled
from logistics.domain.limits import Limits, Progress
from logistics.domain.problem import Lock, OnBoard, Problem, TimeWindow
from logistics.domain.solution import Solution
from logistics.domain.solver.construct import Draft, fill, lay_routes, nodes_of
from logistics.domain.solver.engine import Improved
from logistics.domain.solver.kernel import building, engine, warming
from logistics.domain.solver.kernel.engine import RuinAndRecreate
from logistics.domain.solver.kernel.lanes import FEW_ROUTES, Budget
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import drawn_problem, problem, shipment, vehicle, ways
from tests.logistics.domain.searches import claimed, draft_of, drawn, searched, true_cost

SHORT: Final = Limits(iterations=60)
KERNEL: Final = (RuinAndRecreate(),)
SEEDS: Final = st.integers(0, 10**6)
CITY: Final = drawn_problem(Random(12), 8, 3)  # noqa: S311


@pytest.fixture(scope="session", autouse=True)
def _machine_code() -> None:
    warming.warm()


@given(SEEDS, st.integers(0, 2**60))
@settings(max_examples=150)
def test_every_route_holds_and_costs_exactly_what_the_search_claims(city: int, seed: int) -> None:
    draft, team = searched(drawn(city), seed)
    assert claimed(team) == true_cost(draft)


@pytest.mark.parametrize("prize", [None, 5])
def test_what_is_on_board_is_delivered_however_many_others_would_fit_instead(
    prize: int | None,
) -> None:
    aboard = Lock("van", (), (OnBoard("old", 0),))
    old = shipment("old", 0, 1, prize=prize)
    others = [shipment("a", 2, 3), shipment("b", 2, 3)]
    van = vehicle(shift=TimeWindow(0, 110))
    one = problem(ways(0, 50, -20, -40), [old, *others], [van], locks=(aboard,))
    plan = solve(one, limits=SHORT, seed=1)
    assert set(plan.unassigned) == {"a", "b"}
    assert "ruin_and_recreate_routes_refused" not in plan.figures


def test_what_is_on_board_leaves_before_there_is_room_for_more() -> None:
    aboard = Lock("van", (), (OnBoard("old", 0),))
    both = [shipment("old", 0, 1), shipment("new", 2, 3)]
    van = vehicle(capacity=(1,))
    one = problem(ways(0, 50, 40, 60), both, [van], locks=(aboard,))
    plan = solve(one, limits=SHORT, seed=1)
    assert [task.shipment_id for task in plan.routes[0].tasks] == ["old", "new", "new"]
    assert "ruin_and_recreate_routes_refused" not in plan.figures


def test_who_drives_past_takes_it_along_even_without_a_stop_nearby() -> None:
    crowd = [shipment(f"near {n}", 1, 1, service_s=700) for n in range(FEW_ROUTES + 1)]
    vans = [vehicle(f"van {n}") for n in range(len(crowd) + 1)]
    along, far = shipment("along", 2, 2), shipment("far", 3, 3, service_s=700)
    before = problem(ways(0, -3, 3, 100), [*crowd, along], vans[:-1])
    now = solve(before, limits=Limits(iterations=0), seed=1)
    draft = draft_of(replace(before, shipments=(*crowd, along, far), vehicles=tuple(vans)))
    lay_routes(draft, nodes_of(draft.compiled, now.routes))
    fill(draft)
    held = building.fixed(draft)
    facts = building.facts(draft.compiled, draft.able, held)
    lane = engine.Team(draft, facts, held, 1, Budget(4_000, None, None)).lanes[0]
    cost = lane.least
    lane.anneal(Budget(4_000, None, None), 1.0, lambda spent: 1e-6)
    assert lane.least == cost - 60


def test_progress_ends_with_the_cost_of_the_plan() -> None:
    told: list[Progress] = []
    plan = solve(CITY, limits=SHORT, seed=1, engines=KERNEL, on_progress=told.append)
    assert plan.engine == "ruin_and_recreate"
    last = {"cost": plan.cost.total, "missed": plan.cost.missed, "unassigned": len(plan.unassigned)}
    assert last.items() <= told[-1].items()


@given(SEEDS)
@settings(max_examples=60)
def test_the_checker_accepts_the_plan_and_no_route_is_refused(city: int) -> None:
    one = drawn(city)
    plan = solve(one, limits=SHORT, seed=city)
    assert check(one, plan) == []
    assert "ruin_and_recreate_routes_refused" not in plan.figures


@given(SEEDS)
@settings(max_examples=25)
def test_a_seed_gives_the_same_plan_again_also_from_two_threads_at_once(city: int) -> None:
    one = drawn(city)

    def again(_: int) -> Solution:
        return solve(one, limits=SHORT, seed=city, engines=KERNEL)

    with ThreadPoolExecutor(2) as pool:
        plans = list(pool.map(again, range(2)))
    assert plans == [again(0)] * 2
    assert not plans[0].truncated


@pytest.fixture
def halves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LARGE", 2)


@pytest.mark.usefixtures("halves")
def test_lanes_with_half_of_the_routes_each_keep_every_promise() -> None:
    @given(SEEDS)
    @settings(max_examples=40)
    def kept(city: int) -> None:
        one = drawn(city)
        now = solve(one, limits=Limits(iterations=0), seed=1)
        plan = solve(one, limits=SHORT, seed=city, start=now.routes, engines=KERNEL)
        assert check(one, plan) == []
        assert plan.cost.key <= now.cost.key
        assert "ruin_and_recreate_routes_refused" not in plan.figures
        draft, team = searched(one, city)
        assert claimed(team) == true_cost(draft)

    kept()


def dear_vehicles(one: Problem) -> Problem:
    return replace(one, vehicles=tuple(replace(v, fixed_cost=10**9) for v in one.vehicles))


def mandatory(one: Problem) -> Problem:
    return replace(one, shipments=tuple(replace(s, prize=None) for s in one.shipments))


def test_fewer_vehicles_are_found_where_one_outweighs_all_driving() -> None:
    one = mandatory(dear_vehicles(drawn_problem(Random(3), 8, 6)))  # noqa: S311
    inserted = solve(one, limits=Limits(iterations=0), seed=1)
    plan = solve(one, limits=Limits(iterations=2000), seed=1, engines=KERNEL)
    assert check(one, plan) == []
    assert plan.cost.missed == inserted.cost.missed == 0
    assert len(plan.routes) < len(inserted.routes)


@given(SEEDS)
@settings(max_examples=40)
def test_mandatory_requests_are_never_given_up_for_a_vehicle(city: int) -> None:
    one = mandatory(dear_vehicles(drawn(city)))
    now = solve(one, limits=Limits(iterations=0), seed=1)
    draft, team = searched(one, city, steps=200)
    assert claimed(team)[0] == true_cost(draft)[0] <= now.cost.missed


def answered_by_the_library(one: Problem) -> Solution:
    plan = solve(one, limits=SHORT, seed=1)
    assert check(one, plan) == []
    assert "routing_library_iterations" in plan.figures
    return plan


def test_without_machine_code_the_routing_library_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "is_ready", lambda: False)
    plan = answered_by_the_library(CITY)
    assert plan.engine == "routing_library"
    assert "ruin_and_recreate_iterations" not in plan.figures


def ages_apart(one: Problem) -> Problem:
    [matrix] = one.matrices
    slow = ((0, 10**9, *matrix.durations_s[0][2:]), *matrix.durations_s[1:])
    return replace(one, matrices=(replace(matrix, durations_s=slow),))


def with_vehicles(**changes: Any) -> Problem:
    return replace(CITY, vehicles=tuple(replace(van, **changes) for van in CITY.vehicles))


TOO_LARGE: Final = [
    with_vehicles(cost_per_m=10**12),
    with_vehicles(cost_per_s=10**12),
    with_vehicles(shift=TimeWindow(0, 10**9)),
    ages_apart(CITY),
]


@pytest.mark.parametrize("one", TOO_LARGE)
def test_figures_too_large_for_it_are_left_to_the_routing_library(one: Problem) -> None:
    assert not building.fits(Compiled(one))
    assert "ruin_and_recreate_iterations" not in answered_by_the_library(one).figures


BROKEN: Final[list[Callable[[tuple[int, ...]], tuple[int, ...]]]] = [
    lambda nodes: nodes[::-1],
    lambda nodes: nodes[1:],
    lambda nodes: nodes + nodes[:1],
]


@pytest.mark.parametrize("breaks", BROKEN)
def test_broken_routes_are_noted_and_the_routing_library_answers(
    breaks: Callable[[tuple[int, ...]], tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: RuinAndRecreate, draft: Draft, **wishes: object) -> Improved:
        return Improved([breaks(nodes) for nodes in draft.routes], 1)

    monkeypatch.setattr(RuinAndRecreate, "improve", broken)
    plan = answered_by_the_library(CITY)
    assert plan.figures["ruin_and_recreate_routes_refused"] == len(plan.routes)


@given(SEEDS)
@settings(max_examples=15)
def test_a_stop_ends_the_search_at_once_with_a_plan_that_says_so(city: int) -> None:
    one = drawn(city)
    assume(building.fixed(draft_of(one)).free)
    plan = solve(one, limits=SHORT, seed=city, engines=KERNEL, stop=lambda: True)
    assert check(one, plan) == []
    assert plan.truncated
    assert plan.figures["ruin_and_recreate_iterations"] == 0


def test_a_stop_after_a_while_ends_the_search_between_two_looks() -> None:
    asked = count()
    many = Limits(iterations=10**9)
    plan = solve(CITY, limits=many, seed=1, stop=lambda: next(asked) > 5)
    assert check(CITY, plan) == []
    assert plan.truncated
    assert 0 < plan.figures["ruin_and_recreate_iterations"] < 10**6


@given(SEEDS, st.integers(0, 6))
@settings(max_examples=15)
def test_a_pace_that_jumps_to_its_end_ends_the_search(city: int, looks: int) -> None:
    one, asked = drawn(city), count()
    assume(building.fixed(draft_of(one)).free)
    plan = solve(one, limits=SHORT, seed=1, pace=lambda: float(next(asked) >= looks))
    assert check(one, plan) == []
    assert plan.truncated
