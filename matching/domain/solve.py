"""The plain function that a solver process runs: problem as JSON in, checked plan as JSON out."""

from typing import Any

from matching.domain.case import Case
from matching.domain.checker import check
from matching.domain.codec import Malformed, from_json, to_json
from matching.domain.explain import explain
from matching.domain.problem import Problem
from matching.domain.shortages import shortages_of
from matching.domain.solution import Limits
from matching.domain.solver.choose import solve_case


def solve_json(request: dict[str, Any]) -> dict[str, Any]:
    """`{"problem", "limits", "seed"}` to `{"solution", "explanations", "shortages", "breaches"}`.

    Explanations come in the order of the solution's assignments, shortages by lot. A malformed
    request gives `{"error": {"field", "problem"}}` instead.
    """
    try:
        problem = from_json(Problem, request.get("problem"), "problem")
        limits = from_json(Limits, request.get("limits") or {}, "limits")
        seed = _seed(request.get("seed", 0))
    except Malformed as error:
        return {"error": {"field": error.field, "problem": error.problem}}
    solution, state = solve_case(Case(problem), limits=limits, seed=seed)
    return {
        "solution": to_json(solution),
        "explanations": [to_json(each) for each in explain(state)],
        "shortages": to_json(shortages_of(state)),
        "breaches": [to_json(each) for each in check(problem, solution)],
    }


def _seed(value: object) -> int:
    if not isinstance(value, int):
        raise Malformed("seed", f"{value!r} is not a whole number")
    return value


def solve_in_process(request: dict[str, Any], _: object) -> dict[str, Any]:
    """The same as a solver process calls it; a round tells no progress."""
    return solve_json(request)
