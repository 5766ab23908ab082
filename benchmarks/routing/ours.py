"""Our own solver, as the product calls it."""

import time
from typing import Final

from benchmarks.routing.method import Budget, Feature, Plan, Tell
from logistics.domain.limits import Limits, Progress
from logistics.domain.problem import Problem
from logistics.domain.solver.kernel import warming
from logistics.domain.solver.solve import solve

PARALLEL: Final = True
MODELS: Final = frozenset(Feature)


def missing() -> str:
    return ""


def prepare() -> None:
    """Have machine code at hand before the clock starts."""
    warming.warm()


def plan(problem: Problem, budget: Budget, tell: Tell) -> Plan | None:
    begun = time.monotonic()
    best: list[tuple[int, int]] = []

    def heard(progress: Progress) -> None:
        value = progress["missed"], progress["cost"]
        if not best or value < best[-1]:
            best.append(value)
            tell()

    solution = solve(
        problem,
        limits=Limits(wall_s=budget.seconds),
        seed=budget.seed,
        start=budget.start or None,
        on_progress=heard,
        pace=lambda: (time.monotonic() - begun) / budget.seconds,
    )
    routes = [(route.vehicle_id, route.sequence) for route in solution.routes]
    return Plan(routes, dict(solution.figures))
