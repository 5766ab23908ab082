"""Parts of the compiled search against their originals: the timetable and the random numbers."""

from dataclasses import replace
from random import Random
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.domain.compiled import Compiled
from logistics.domain.schedule import InfeasibleRoute, planned_route
from logistics.domain.solver.kernel import building, chance, places, warming
from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.compiling import entry
from logistics.domain.solver.kernel.tables import Facts, Ints, Plan, Small
from tests.logistics.domain.searches import draft_of, drawn

ROOMY: Final[dict[str, Any]] = {"capacity": (99, 99)}


@pytest.fixture(scope="session", autouse=True)
def _machine_code() -> None:
    warming.warm()


@entry
def cost_of(facts: Facts, plan: Plan, v: int, row: Small, length: int) -> int:
    return places.sequence_cost(facts, plan, v, row, length, True)


def drawn_sequence(compiled: Compiled, v: int, rnd: Random) -> list[int]:
    """Some requests in an order drawn at random, each pickup before its delivery."""
    aboard = compiled.cars[v].aboard
    elsewhere = {r for car in compiled.cars for r in car.aboard} - set(aboard)
    able = [r for r in compiled.requests if r not in elsewhere]
    nodes: list[int] = []
    for r in rnd.sample(able, rnd.randint(min(1, len(able)), min(4, len(able)))):
        first = rnd.randint(0, len(nodes))
        nodes.insert(rnd.randint(first, len(nodes)), 2 * r + 1)
        if r not in aboard:
            nodes.insert(first, 2 * r)
    return nodes


def true_route_cost(compiled: Compiled, v: int, nodes: list[int]) -> int:
    try:
        return planned_route(compiled, compiled.cars[v], nodes).cost.total
    except InfeasibleRoute:
        return -1


@given(st.integers(0, 10**6), st.integers(0, 1))
@settings(max_examples=150)
def test_the_compiled_timetable_agrees_with_the_schedule(city: int, cost_per_s: int) -> None:
    """Also where seconds cost nothing, and the times of a sequence need only exist."""
    rnd, one = Random(city), drawn(city)  # noqa: S311
    roomy = [replace(v, cost_per_s=cost_per_s, **ROOMY) for v in one.vehicles]
    draft = draft_of(replace(one, vehicles=tuple(roomy)))
    compiled, held = draft.compiled, building.fixed(draft)
    facts = building.facts(compiled, draft.able, held)
    plan = building.plan(compiled, facts, held, 0)
    for v in range(facts.vehicles):
        for _ in range(5):
            nodes = drawn_sequence(compiled, v, rnd)
            assume(nodes)
            start = 2 * facts.requests + v
            row = np.array([start, *nodes, start + facts.vehicles], dtype=np.int32)
            found = cost_of(facts, plan, v, row, len(row))
            assert found == true_route_cost(compiled, v, nodes)


@entry
def draws(totals: Ints, into: Ints) -> None:
    for at in range(len(into)):
        into[at] = np.int64(chance.draw(totals))


@entry
def draws_below(totals: Ints, into: Ints, end: int) -> None:
    for at in range(len(into)):
        into[at] = chance.below(totals, end)


def test_random_numbers_are_those_of_splitmix64() -> None:
    """The first values for seed 0 that its authors' code gives."""
    totals, into = np.zeros(col.TOTALS, dtype=np.int64), np.zeros(3, dtype=np.int64)
    draws(totals, into)
    known = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert into.view(np.uint64).tolist() == known


@given(st.integers(0, 2**61), st.integers(1, 1 << 30))
@settings(max_examples=60)
def test_random_numbers_stay_below_their_end(seed: int, end: int) -> None:
    totals, into = np.zeros(col.TOTALS, dtype=np.int64), np.zeros(200, dtype=np.int64)
    totals[col.RANDOM] = seed
    draws_below(totals, into, end)
    assert 0 <= into.min() <= into.max() < end
    assert end > 3 or set(into.tolist()) == set(range(end))
