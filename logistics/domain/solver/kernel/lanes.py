"""Searches side by side: a lane is one plan under change with the best one it has met."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from logistics.domain.limits import Pace, Stop
from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel import search
from logistics.domain.solver.kernel.pool import Pool
from logistics.domain.solver.kernel.tables import Facts, Marks, Plan, Small

TASKS_PER_CALL: Final = 30_000
FEWEST_PER_CALL: Final = 40
"""Steps in one call of compiled code, between two looks at the clock, shrink with the problem."""

FEW_ROUTES: Final = 20
"""Up to this many routes all are asked for a place, not only those with a stop nearby."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a search may do: so many steps in each lane, or until the pace is over."""

    steps: int
    pace: Pace | None
    stop: Stop | None

    def spent(self, done: int) -> float:
        """Share of the budget that is used up."""
        return self.pace() if self.pace is not None else done / max(self.steps, 1)

    def is_stopped(self) -> bool:
        return self.stop is not None and self.stop()


class Lane:
    """One plan under change; used by one thread at a time.

    `strayed` counts the walks in a row that met no plan without mandatory requests left out.
    """

    def __init__(self, facts: Facts, plan: Plan, routes: Small) -> None:
        self.facts, self.plan = facts, plan
        self.routes = routes.copy()
        self.pool = Pool(facts, plan)
        self.done = 0
        self.strayed = 0
        self.least = 0
        self.plan.totals[col.FLEET] = facts.vehicles
        self.lay(routes)

    def lay(self, routes: Small, mine: Marks | None = None, banks: bool = True) -> None:
        """Go on from these routes, or from those of the vehicles that are mine."""
        everyone = np.ones(self.facts.vehicles, dtype=np.uint8)
        search.lay(self.facts, self.plan, routes, everyone if mine is None else mine, banks)
        search.save(self.facts, self.plan, self.routes)
        self.least = int(search.total(self.plan))

    def now(self) -> Small:
        """The routes as they are at the moment, better or not."""
        routes = np.zeros_like(self.routes)
        search.save(self.facts, self.plan, routes)
        return routes

    def fill(self) -> None:
        """Insert everything that has a place anywhere."""
        search.fill(self.facts, self.plan)
        search.save(self.facts, self.plan, self.routes)
        self.least = int(search.total(self.plan))

    @property
    def in_use(self) -> int:
        """Vehicles that drive in the plan at hand."""
        return int(self.plan.totals[col.IN_USE])

    @property
    def cost_per_request(self) -> float:
        """What serving a request costs on average, without what is fixed; never under 1."""
        totals = self.plan.totals
        placed = max(1, self.facts.requests - int(totals[col.BANKED]))
        return max(1.0, float(totals[col.DRIVEN] - totals[col.FIXED_SUM]) / placed)

    def keep_to(self, fleet: int) -> None:
        """From here on so many vehicles may be used, and how many are costs nothing."""
        self.plan.totals[col.FLEET] = fleet
        self.plan.totals[col.FEWEST] = 1

    def lend(self, fleet: int) -> None:
        """Until `give_back`, so many vehicles may be used; plans are better by other costs only."""
        self.keep_to(fleet)
        self.plan.totals[col.LENT] = 1
        self.least = int(search.total(self.plan))

    def give_back(self) -> None:
        """How many vehicles are used counts again."""
        self.plan.totals[col.LENT] = 0

    def anneal(self, budget: Budget, until: float, heat: Callable[[float], float]) -> None:
        """Walk until that share of the budget is used up, at the temperature of each moment."""
        begun = self.done
        everywhere = bool(self.plan.totals[col.IN_USE] <= FEW_ROUTES)
        for steps in self._portions(budget, until):
            self.least = int(
                search.anneal(
                    self.facts,
                    self.plan,
                    self.routes,
                    self.least,
                    steps,
                    heat(min(budget.spent(self.done), 1.0)),
                    everywhere,
                )
            )
            self.pool.wait(self.plan, steps)
        away = self.plan.totals[col.AWAY] >= max(self.done - begun, 1)
        self.strayed = self.strayed + 1 if away else 0

    def shrink(self, budget: Budget, until: float, heat: float, enough: int = 0) -> None:
        """Shut routes until that share of the budget is used up; go on from the last full plan.

        It ends before that when no more vehicles than `enough` are in use.
        """
        everywhere = bool(self.plan.totals[col.IN_USE] <= FEW_ROUTES)
        for steps in self._portions(budget, until):
            if not search.shrink(self.facts, self.plan, self.routes, steps, heat, everywhere):
                break
            self.pool.wait(self.plan, steps)
            if np.count_nonzero(self.routes[:, 0]) <= enough:
                break
        if search.total(self.plan) < self.least:
            search.save(self.facts, self.plan, self.routes)
        self.lay(self.routes.copy())

    def _portions(self, budget: Budget, until: float) -> Iterator[int]:
        """Steps for one call after another."""
        most = max(FEWEST_PER_CALL, TASKS_PER_CALL // max(self.facts.requests, 1))
        while not budget.is_stopped() and budget.spent(self.done) < until:
            left = most
            if budget.pace is None:
                left = min(most, round(budget.steps * until) - self.done)
                if left <= 0:
                    return
            yield left
            self.done += left
