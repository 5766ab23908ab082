"""One run in a process of its own: what goes in, what comes out, as JSON files.

Started as `python -m benchmarks.routing.job JOB ANSWER`; imports and the reading of the problem are
over before the clock starts.
"""

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.routing.method import Budget, Plan, method
from logistics.domain.problem import Problem, Task, TaskKind
from logistics.domain.wire import problem_from_json, routes_from_json

KB_PER_MB: Final = 1024
ARGUMENTS: Final = 3
STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`problem` is a file; `start` a running plan as JSON."""

    method: str
    problem: str
    seconds: float
    seed: int
    cores: int
    start: Any = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`routes` is None when the method found no plan."""

    routes: list[tuple[str, list[Task]]] | None
    took: float
    time_to_best: float
    memory_mb: float
    figures: dict[str, int]


def problem_of(job: Job) -> Problem:
    return problem_from_json(json.loads(Path(job.problem).read_text(encoding="utf-8")))


def run(job: Job) -> Answer:
    problem = problem_of(job)
    chosen = method(job.method)
    budget = Budget(job.seconds, job.seed, job.cores, routes_from_json(job.start))
    chosen.prepare()
    began = time.monotonic()
    better_at: list[float] = []
    plan = chosen.plan(problem, budget, lambda: better_at.append(time.monotonic()))
    took = time.monotonic() - began
    return Answer(
        routes=None if plan is None else _routes(plan),
        took=took,
        time_to_best=better_at[-1] - began if better_at else took,
        memory_mb=_peak_mb(),
        figures={} if plan is None else dict(plan.figures),
    )


def _routes(plan: Plan) -> list[tuple[str, list[Task]]]:
    return [(vehicle, list(tasks)) for vehicle, tasks in plan.routes if tasks]


def _peak_mb() -> float:
    """Of this process and its largest child.

    The kernel's own high-water mark where there is one: what `getrusage` says of a process begins
    with what its parent had.
    """
    kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if STATUS.exists():
        lines = (line.split() for line in STATUS.read_text(encoding="ascii").splitlines())
        kb = next(int(line[1]) for line in lines if line[0] == "VmHWM:")
    return (kb + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / KB_PER_MB


def answer_to_json(answer: Answer) -> Any:
    data = asdict(answer)
    if answer.routes is not None:
        data["routes"] = [
            [vehicle, [[task.shipment_id, task.kind] for task in tasks]]
            for vehicle, tasks in answer.routes
        ]
    return data


def answer_from_json(data: Any) -> Answer:
    routes = data.pop("routes")
    if routes is not None:
        routes = [(v, [Task(one, TaskKind(kind)) for one, kind in tasks]) for v, tasks in routes]
    return Answer(routes=routes, **data)


def main(arguments: list[str]) -> int:
    if len(arguments) != ARGUMENTS:
        print("usage: python -m benchmarks.routing.job JOB ANSWER", file=sys.stderr)
        return 2
    job = Job(**json.loads(Path(arguments[1]).read_text(encoding="utf-8")))
    Path(arguments[2]).write_text(json.dumps(answer_to_json(run(job))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
