"""The routes that searches met on their way: of those that serve the same, the cheapest."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.tables import Facts, Plan, Small

STEPS_PER_ROUTE: Final = 15
"""Steps, for every route in use, after which a search looks again at which routes it has."""

MOST: Final = 150_000
"""Routes that are remembered; beyond that the older half is forgotten."""

Key = tuple[int, bytes]


def key_of(cls: int, route: Small) -> Key:
    """The vehicle class, and what the route serves in whatever order."""
    return cls, np.sort(route).tobytes()


class Pool:
    """Routes by vehicle class and requests; used by one search.

    Vehicles that are alike in everything are one class. One that has something on board, or tasks
    that may not move, is a class of its own.
    """

    def __init__(self, facts: Facts, plan: Plan) -> None:
        self.held = plan.route[: facts.vehicles, col.HELD] > 0
        self.classes = _classes(facts, self.held)
        self.routes: dict[Key, tuple[int, Small]] = {}
        self._versions = np.full(facts.vehicles, col.NONE)
        self._waited = 0

    def wait(self, plan: Plan, steps: int) -> None:
        """Collect from the plan when it has gone so many steps that this is worth it."""
        self._waited += steps
        if self._waited >= STEPS_PER_ROUTE * plan.totals[col.IN_USE]:
            self._waited = 0
            self.collect(plan)

    def collect(self, plan: Plan) -> None:
        """Remember the plan's routes that have changed."""
        versions = plan.route[: len(self._versions), col.VERSION]
        for v in np.flatnonzero(versions != self._versions):
            length, cost = plan.route[v, col.LENGTH], int(plan.route[v, col.COST])
            if length > 2 and cost < col.MISSED:
                self._add(int(self.classes[v]), plan.sequence[v, 1 : length - 1], cost)
        self._versions[:] = versions

    def _add(self, cls: int, route: Small, cost: int) -> None:
        key = key_of(cls, route)
        known = self.routes.get(key)
        if known is None or cost < known[0]:
            self.routes[key] = cost, route.copy()
        if len(self.routes) > MOST:
            for old in list(self.routes)[: MOST // 2]:
                del self.routes[old]


def _classes(facts: Facts, held: NDArray[np.bool_]) -> Small:
    """The class of each vehicle; numbers from `facts.vehicles` on have one vehicle only."""
    aboard = facts.request[:, col.ALONE] == 1
    own = held | facts.able[aboard].any(axis=0)
    numbers = facts.vehicles + np.arange(facts.vehicles)
    return np.where(own, numbers, facts.car[:, col.KIND]).astype(np.int32)
