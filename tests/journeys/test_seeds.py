"""Plans are seeded with the digest of what they are made of, whatever number that is."""

from random import Random

import pytest

from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import drawn_problem


@pytest.mark.parametrize("seed", [2**31 - 1, 2**31, 2**32 - 1])
def test_a_plan_takes_every_seed_of_32_bits(seed: int) -> None:
    problem = drawn_problem(Random(1), 6, 2)  # noqa: S311 - the same towns each time
    assert check(problem, solve(problem, limits=Limits(iterations=50), seed=seed)) == []
