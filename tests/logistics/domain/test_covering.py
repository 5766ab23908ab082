"""Plans put together from routes that searches met: complete, no dearer, and every promise kept."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import Lock, Problem, Task, TaskKind
from logistics.domain.solver.kernel import building, engine, warming
from logistics.domain.solver.kernel.covering import recombined
from logistics.domain.solver.kernel.engine import RuinAndRecreate
from logistics.domain.solver.kernel.lanes import Lane
from logistics.domain.solver.kernel.pool import Pool
from logistics.domain.solver.kernel.tables import Small
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import problem, shipment, vehicle, ways
from tests.logistics.domain.searches import claimed, draft_of, drawn, searched, true_cost

KERNEL = (RuinAndRecreate(),)
STEPS = 400
SEEDS = st.integers(0, 10**6)
Routes = Sequence[Sequence[int]]

#: Pickups and deliveries of the requests 0 to 3: two pairs that lie together, far from one another.
PAIRS = [shipment("a", 1, 2), shipment("b", 1, 2), shipment("c", 3, 4), shipment("d", 3, 4)]
TOGETHER, AND_TOGETHER = (0, 2, 1, 3), (4, 6, 5, 7)


def two_pairs(vehicles: int = 2, **changes: object) -> Problem:
    vans = [vehicle(f"v{n}", **changes) for n in range(vehicles)]
    return problem(ways(0, 10, 20, -10, -20), PAIRS, vans)


def lane_of(one: Problem) -> Lane:
    draft = draft_of(one)
    held = building.fixed(draft)
    facts = building.facts(draft.compiled, draft.able, held)
    plan = building.plan(draft.compiled, facts, held, 1)
    return Lane(facts, plan, rows_of(facts.vehicles, draft.routes))


def rows_of(vehicles: int, routes: Routes) -> Small:
    rows = np.zeros((vehicles, 2 * len(PAIRS) + 4), dtype=np.int32)
    for row, nodes in zip(rows, routes, strict=False):
        row[0] = len(nodes)
        row[1 : len(nodes) + 1] = nodes
    return rows


def routes_in(rows: Small) -> list[tuple[int, ...]]:
    return [tuple(map(int, row[1 : row[0] + 1])) for row in rows]


def met(lane: Lane, *plans: Routes) -> Small:
    """The lane goes through these plans; the rows of the last one."""
    for routes in plans:
        lane.lay(rows_of(lane.facts.vehicles, routes))
        lane.pool.collect(lane.plan)
    return lane.routes.copy()


@pytest.fixture(scope="module", autouse=True)
def _machine_code() -> None:
    warming.warm()


def test_good_routes_of_two_plans_become_one_plan() -> None:
    lane = lane_of(two_pairs())
    now = met(lane, [TOGETHER, (4, 5), (6, 7)], [(0, 1, 4, 5), (2, 3, 6, 7)])
    other = Lane(lane.facts, lane.plan, now)
    met(other, [(0, 1), AND_TOGETHER])
    rows = recombined(lane.facts, [lane.pool, other.pool], now, None)
    assert rows is not None
    assert sorted(routes_in(rows)) == [TOGETHER, AND_TOGETHER]


def test_of_routes_that_serve_the_same_the_cheapest_is_remembered() -> None:
    lane = lane_of(two_pairs())
    met(lane, [(0, 1, 2, 3), AND_TOGETHER], [TOGETHER, AND_TOGETHER], [(2, 3, 0, 1), AND_TOGETHER])
    remembered = sorted(tuple(map(int, route)) for _, route in lane.pool.routes.values())
    assert remembered == [TOGETHER, AND_TOGETHER]


def test_routes_beyond_what_is_remembered_push_out_the_oldest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("logistics.domain.solver.kernel.pool.MOST", 3)
    lane = lane_of(two_pairs())
    met(lane, [(0, 1), (2, 3)], [(4, 5), (6, 7)])
    newest = [tuple(map(int, route)) for _, route in lane.pool.routes.values()]
    assert newest[-1] == (6, 7)
    assert (0, 1) not in newest


def test_a_request_in_two_routes_is_served_by_one() -> None:
    lane = lane_of(two_pairs())
    now = met(lane, [(0, 2, 4, 1, 3, 5), (4, 6, 5, 7)], [(0, 2, 4, 1, 3, 5), (6, 7)])
    rows = recombined(lane.facts, [lane.pool], now, None)
    assert rows is not None
    nodes = [node for route in routes_in(rows) for node in route]
    assert sorted(nodes) == list(range(2 * len(PAIRS)))


def test_with_a_vehicle_less_what_no_route_takes_is_left_out() -> None:
    lane = lane_of(two_pairs(capacity=(2,)))
    now = met(lane, [TOGETHER, AND_TOGETHER])
    rows = recombined(lane.facts, [lane.pool], now, fleet=1)
    assert rows is not None
    assert [route for route in routes_in(rows) if route] in ([TOGETHER], [AND_TOGETHER])


def test_a_vehicle_that_drives_a_route_already_keeps_it() -> None:
    lane = lane_of(two_pairs(vehicles=3))
    now = met(lane, [TOGETHER, (), AND_TOGETHER])
    rows = recombined(lane.facts, [lane.pool], now, None)
    assert rows is not None
    assert routes_in(rows) == [TOGETHER, (), AND_TOGETHER]


def test_what_is_locked_stays_with_its_vehicle() -> None:
    one = two_pairs()
    locked = Lock("v1", (Task("c", TaskKind.PICKUP),), ())
    held = problem(one.matrices[0], one.shipments, one.vehicles, locks=(locked,))
    lane = lane_of(held)
    assert lane.pool.classes.tolist()[1] >= lane.facts.vehicles
    now = met(lane, [(0, 1, 2, 3), (4, 5, 6, 7)], [(), (4, 0, 2, 1, 3, 6, 5, 7)])
    rows = recombined(lane.facts, [lane.pool], now, None)
    assert rows is not None
    assert routes_in(rows)[1][0] == 4


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recombination also where walking alone would do."""
    monkeypatch.setattr(engine, "FEW", 0)


@pytest.mark.usefixtures("always")
def test_plans_of_recombined_routes_cost_what_the_search_claims_and_pass_the_checker() -> None:
    @given(SEEDS)
    @settings(max_examples=40)
    def kept(city: int) -> None:
        one = drawn(city)
        plan = solve(one, limits=Limits(iterations=STEPS), seed=city, engines=KERNEL)
        assert check(one, plan) == []
        assert "ruin_and_recreate_routes_refused" not in plan.figures
        again = solve(one, limits=Limits(iterations=STEPS), seed=city, engines=KERNEL)
        assert plan == again
        draft, team = searched(one, city, steps=STEPS)
        assert claimed(team) == true_cost(draft)

    kept()


@pytest.mark.usefixtures("always")
def test_recombination_happens_in_every_search_that_anneals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []

    def noted(facts: object, pools: Sequence[Pool], now: Small, fleet: int | None) -> Small | None:
        seen.append(sum(len(pool.routes) for pool in pools))
        return recombined(facts, pools, now, fleet)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "recombined", noted)
    solve(two_pairs(), limits=Limits(iterations=STEPS), seed=1, engines=KERNEL)
    assert len(seen) == len(engine.RECOMBINING)
    assert min(seen) > 0


@pytest.mark.usefixtures("always")
def test_where_the_program_finds_nothing_the_search_goes_on_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "recombined", lambda *_: None)
    one = two_pairs()
    plan = solve(one, limits=Limits(iterations=STEPS), seed=1, engines=KERNEL)
    assert check(one, plan) == []
    assert not plan.unassigned
