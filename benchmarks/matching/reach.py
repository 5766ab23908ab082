"""Who can take a lot at all, in one order or another; every method asks the same rules."""

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
    """Counties to which the rules let at least an equal share of all food be brought.

    Of what is on offer, shared equally among all people. To others no plan could be fair.
    """
    codes = [demand.county_code for demand in problem.demands]
    names, county = np.unique(codes, return_inverse=True)
    people = np.bincount(county, weights=[demand.people for demand in problem.demands])
    brought_g = np.zeros(len(names), dtype=np.int64)
    feasibility = Feasibility(problem)
    for number, supply in enumerate(problem.supplies):
        reached = np.bincount(county[feasibility.codes(number) == 0], minlength=len(names)) > 0
        brought_g[reached] += supply.lot.left_g
    offered_g = sum(supply.lot.left_g for supply in problem.supplies)
    fair = (brought_g > 0) & (brought_g * people.sum() >= offered_g * people)
    return frozenset(names[fair].tolist())
