"""What is usual instead of an engine: whoever is nearest, quickest or best at the moment gets it.

All keep every hard rule, take whole steps and split no lot further than the engine may.
"""

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Final

from benchmarks.matching.reach import Reach
from matching.domain.case import Case, Option
from matching.domain.problem import Problem
from matching.domain.solution import Assignment
from matching.domain.solver.choose import place_one_by_one

#: How far the programmes are that look at the board of a place.
BOARD_M: Final = 30_000

Plan = list[Assignment]
Order = Callable[[Reach, int], Iterable[Option]]


class Ledger:
    """What is left of lots, rooms and splits while somebody hands out food."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._room_g = dict(case.room_g)
        self.plan: Plan = []

    def hand_out(self, supply: int, options: Iterable[Option]) -> None:
        """To one after the other, each as much as fits, until nothing or no split is left."""
        facts = self._case.supplies[supply]
        left_g, splits = facts.lot.left_g, facts.splits - self._case.shares[facts.id]
        for option in options:
            if not left_g or splits < 1:
                return
            mass_g = min(self._room_g[option.store], option.most_g)
            mass_g = left_g if mass_g >= left_g else mass_g - mass_g % facts.lot.step_g
            if mass_g:
                self._room_g[option.store] -= mass_g
                left_g -= mass_g
                splits -= 1
                self.plan.append(
                    self._case.assignment(option.supply, option.demand, mass_g, option.trip)
                )


def nearest(problem: Problem, seed: int) -> Plan:
    """Lots as they come, each to the nearest that can take it."""
    return _each(problem, lambda reach, supply: reach.near(supply), by=_arrival)


def urgent_first(problem: Problem, seed: int) -> Plan:
    """The same, but the food with the least time first."""
    return _each(problem, lambda reach, supply: reach.near(supply), by=_urgency)


def first_come(problem: Problem, seed: int) -> Plan:
    """Lots as they come; of all within 30 km that can take it, whoever looks first takes it."""
    random = Random(f"first come {seed}")  # noqa: S311

    def quickest(reach: Reach, supply: int) -> Iterator[Option]:
        return reach.in_order_of(supply, BOARD_M, random)

    return _each(problem, quickest, by=_arrival)


def score_greedy(problem: Problem, seed: int) -> Plan:
    """Lots as they come, each where our score is best at that moment."""
    case = Case(problem)
    return place_one_by_one(case, sorted(range(len(case.supplies)), key=_arrival(case)))


def _each(problem: Problem, order: Order, *, by: Callable[[Case], Callable[[int], object]]) -> Plan:
    case = Case(problem)
    reach, ledger = Reach(case), Ledger(case)
    for supply in sorted(range(len(case.supplies)), key=by(case)):  # type: ignore[arg-type]
        ledger.hand_out(supply, order(reach, supply))
    return ledger.plan


def _arrival(case: Case) -> Callable[[int], tuple[object, str]]:
    return lambda supply: (
        case.supplies[supply].lot.pickup_from_at,
        case.supplies[supply].lot.lot_id,
    )


def _urgency(case: Case) -> Callable[[int], tuple[object, str]]:
    return lambda supply: (case.supplies[supply].ends_at, case.supplies[supply].lot.lot_id)
