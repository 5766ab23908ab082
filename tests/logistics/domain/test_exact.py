"""Plans of small problems against CP-SAT, which proves what is best."""

from dataclasses import replace
from random import Random

import pytest

from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem
from logistics.domain.solver.solve import solve
from tests.logistics.domain.brute_force import optimum, tiny_problem
from tests.logistics.domain.cities import drawn_problem
from tests.logistics.domain.exact import best_key

ITERATIONS = Limits(iterations=300)
REACHED: float = 0.9
"""Share of the problems of five and six shipments whose proved best plan is found."""


def without_breaks(one: Problem, **changes: int) -> Problem:
    return replace(
        one, vehicles=tuple(replace(van, rest=None, **changes) for van in one.vehicles), locks=()
    )


@pytest.mark.solver
def test_the_exact_model_agrees_with_brute_force() -> None:
    """Two second opinions, so that neither is believed alone."""
    for seed in range(40):
        one = without_breaks(tiny_problem(Random(seed)))  # noqa: S311 - draws an example
        assert best_key(one) == optimum(one).least, seed


@pytest.mark.solver
def test_no_plan_beats_the_proved_best_and_nine_in_ten_reach_it_where_only_metres_cost() -> None:
    """Five or six shipments, two vehicles, several windows, longest times on board, prizes."""
    reached = 0
    problems = 30
    for seed in range(problems):
        rnd = Random(seed)  # noqa: S311 - draws an example
        drawn = drawn_problem(rnd, 5 + seed % 2, 2, reach=30)
        one = without_breaks(drawn, cost_per_s=0)
        plan, best = solve(one, limits=ITERATIONS, seed=seed), best_key(one)
        assert check(one, plan) == []
        assert plan.cost.key >= best, seed
        reached += plan.cost.key == best
    assert reached >= REACHED * problems
