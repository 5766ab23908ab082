"""The matching solver in its warm process: what the rest of matching calls for a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from backend.common.solver_process import SolverError, SolverProcess
from matching.domain.codec import from_json, to_json
from matching.domain.explain import Explanation
from matching.domain.problem import Problem
from matching.domain.shortages import Shortage
from matching.domain.solution import Limits, Solution

TARGET: Final = "matching.domain.solve:solve_in_process"
WARM_UP: Final = ("matching.domain.kernel.warming:bring", "matching.domain.kernel.warming:warm")
"""Loads machine code beside the first calls, or makes it where set-up has not."""

WALL_S: Final = 120.0

PROMPT: Final = Limits(program=False)
"""People wait for a round: the seconds that a tighter bound takes are for measurements only."""


class SolveFailed(RuntimeError):
    """There is no plan; `code` says why: the error's name, or the field that is malformed."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan, the explanation of each of its shares in order, by lot what was short where nobody
    drives, and the codes of the checker's breaches.
    """

    solution: Solution
    explanations: Sequence[Explanation]
    breaches: Sequence[str]
    shortages: Mapping[str, Shortage] = field(default_factory=dict)


@cache
def matching_process() -> SolverProcess:
    """The one warm process of this worker."""
    return SolverProcess(warm=[TARGET], warm_up=WARM_UP)


def inputs_of(problem: Problem) -> dict[str, Any]:
    """Everything but the seed that fixes a plan, as it is stored with a round."""
    return {"problem": to_json(problem), "limits": to_json(PROMPT)}


def solve(inputs: Mapping[str, Any], *, seed: int) -> Answer:
    """The plan for the inputs of a round, checked in the same process. Raises SolveFailed."""
    try:
        reply = matching_process().call(TARGET, {**inputs, "seed": seed}, wall_s=WALL_S)
    except SolverError as error:
        raise SolveFailed(type(error).__name__) from error
    if "error" in reply:
        raise SolveFailed(f"malformed:{reply['error']['field']}")
    return Answer(
        solution=from_json(Solution, reply["solution"], "solution"),
        explanations=[
            from_json(Explanation, each, "explanation") for each in reply["explanations"]
        ],
        breaches=sorted({str(each["code"]) for each in reply["breaches"]}),
        shortages={
            lot_id: from_json(Shortage, each, "shortage")
            for lot_id, each in reply["shortages"].items()
        },
    )
