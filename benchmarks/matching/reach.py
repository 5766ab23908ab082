"""Who can take a lot at all, in one order or another; every method asks the same rules."""

from collections import defaultdict
from collections.abc import Iterator
from random import Random

import numpy as np

from matching.domain.case import Case, Option
from matching.domain.feasibility import Feasibility
from matching.domain.problem import Problem


class Reach:
    """Options of a case, looked at one by one."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def near(self, supply: int) -> Iterator[Option]:
        """Nearest first."""
        metres = self._case.feasibility.metres(supply)
        possible = np.flatnonzero(self._case.feasibility.codes(supply) == 0)
        yield from self._options(supply, possible[np.argsort(metres[possible], kind="stable")])

    def in_order_of(self, supply: int, within_m: int, random: Random) -> Iterator[Option]:
        """In any order, within so many metres of road."""
        metres = self._case.feasibility.metres(supply)
        codes = self._case.feasibility.codes(supply)
        possible = np.flatnonzero((codes == 0) & (metres <= within_m))
        order = possible.tolist()
        random.shuffle(order)
        yield from self._options(supply, np.array(order, dtype=np.int64))

    def _options(self, supply: int, demands: np.ndarray) -> Iterator[Option]:
        for demand in demands.tolist():
            option = self._case.option(supply, demand)
            if option is not None:
                yield option


def counties_within_reach(problem: Problem) -> frozenset[str]:
    """Counties with a programme to which the rules let some lot be brought."""
    feasibility = Feasibility(problem)
    waiting = defaultdict[str, list[int]](list)
    for row, demand in enumerate(problem.demands):
        waiting[demand.county_code].append(row)
    reached = set[str]()
    for supply in range(len(problem.supplies)):
        for county in waiting.keys() - reached:
            if not all(feasibility.reason(supply, row) for row in waiting[county]):
                reached.add(county)
    return frozenset(reached)
