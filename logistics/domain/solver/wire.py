"""`solve` for a process of its own: JSON in, JSON out."""

from typing import Any, Protocol

from logistics.domain.limits import Progress
from logistics.domain.solver.solve import solve
from logistics.domain.wire import (
    limits_from_json,
    problem_from_json,
    routes_from_json,
    solution_to_json,
)

Json = Any


class Call(Protocol):
    """How the function reaches its caller; the process that runs it owns the clock."""

    def tell(self, progress: Progress, /) -> None: ...

    def is_late(self) -> bool: ...


def solve_json(request: Json, call: Call) -> Json:
    """Solve `{problem, limits, seed, start}`; progress is told, and lateness ends the search."""
    solution = solve(
        problem_from_json(request["problem"]),
        limits=limits_from_json(request["limits"]),
        seed=request["seed"],
        start=routes_from_json(request["start"]),
        on_progress=call.tell,
        stop=call.is_late,
    )
    return solution_to_json(solution)
