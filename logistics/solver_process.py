"""The routing solver in its warm process: what the rest of logistics calls for a plan."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from django.conf import settings

from backend.common.solver_process import SolverProcess, Watch
from logistics.domain.limits import Limits, Progress
from logistics.domain.problem import Problem
from logistics.domain.solution import Route, Solution
from logistics.domain.wire import (
    limits_to_json,
    problem_to_json,
    routes_to_json,
    solution_from_json,
)

TARGET: Final = "logistics.domain.solver.wire:solve_json"
WARM_UP: Final = (
    "logistics.domain.solver.kernel.warming:bring",
    "logistics.domain.solver.kernel.warming:warm",
)
"""Loads machine code beside the first calls, or makes it where set-up has not."""

GRACE_S: Final = 10.0
"""Beyond the limit's own wall clock, before the process is killed: building and last steps."""


class RoutingProcess:
    """`solve` in another process; safe to use from several threads, which then take turns."""

    def __init__(self, process: SolverProcess | None = None) -> None:
        self._process = process or SolverProcess(warm=[TARGET], warm_up=WARM_UP)

    def solve(
        self,
        problem: Problem,
        *,
        limits: Limits,
        seed: int,
        start: Sequence[Route] = (),
        wall_s: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        watch: Watch | None = None,
    ) -> Solution:
        """The plan for a problem; see `logistics.domain.solver.solve`.

        The search is asked to end after `limits.wall_s`, or when `watch` says so, and killed after
        `wall_s`. Raises `SolverTimedOut`, `SolverDied`, `SolverCancelled` or `SolverFailed`.
        """
        request = {
            "problem": problem_to_json(problem),
            "limits": limits_to_json(limits),
            "seed": seed,
            "start": routes_to_json(start),
        }
        answer = self._process.call(
            TARGET,
            request,
            soft_s=limits.wall_s,
            wall_s=2 * limits.wall_s + GRACE_S if wall_s is None else wall_s,
            on_progress=on_progress,
            watch=watch,
        )
        return solution_from_json(answer)

    def start(self) -> None:
        """Import the solver now, so that the first plan does not wait for it."""
        self._process.start()

    def cancel(self) -> None:
        """End the solve that is running, if any."""
        self._process.cancel()

    def close(self) -> None:
        self._process.close()


@cache
def routing_process() -> RoutingProcess:
    """The one warm process of this worker, with the operator's limits."""
    return RoutingProcess(SolverProcess(warm=[TARGET], warm_up=WARM_UP, **settings.SOLVER_LIMITS))
