"""Runs each method on each problem in a process of its own, and judges what it answers."""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from benchmarks.command import BadInput
from benchmarks.matching import baselines
from benchmarks.matching.figures import figures_of
from benchmarks.matching.reach import counties_within_reach
from benchmarks.matching.record import NEAREST, OURS, Run, against_bound
from benchmarks.matching.world import batch_problem
from matching.domain.checker import check
from matching.domain.checker_score import score_of
from matching.domain.codec import Malformed, from_json
from matching.domain.problem import Problem
from matching.domain.solution import Assignment, Limits, Solution
from matching.domain.solver import solve

METHODS: Final[dict[str, Callable[[Problem, int], Sequence[Assignment]]]] = {
    NEAREST: baselines.nearest,
    "urgent first": baselines.urgent_first,
    "first come": baselines.first_come,
    "score greedy": baselines.score_greedy,
}
#: In one round over a whole day nobody counts drivers' hours: `--week` does.
BATCH: Final = Limits(drivers=False)
_SMALL: Final = (40, 20)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a problem comes from: a size and a seed, or a file."""

    name: str
    seed: int
    lots: int = 0
    programmes: int = 0
    file: Path | None = None

    def read(self) -> tuple[Problem, frozenset[str]]:
        """The problem, and which of its programmes are rural (nobody knows that of a file)."""
        if self.file is None:
            return batch_problem(self.lots, self.programmes, seed=self.seed)
        return read_problem(self.file), frozenset()


def read_problem(file: Path) -> Problem:
    """A problem in the JSON form of docs/concepts/matching.md."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        raise BadInput(f"{file}: cannot be read ({broken})") from broken
    inner = data.get("problem", data) if isinstance(data, dict) else data
    try:
        return from_json(Problem, inner, "problem")
    except Malformed as wrong:
        raise BadInput(f"{file}: {wrong}") from wrong


def measured(sources: Sequence[Source], methods: Sequence[str]) -> Iterator[list[Run]]:
    """All runs on one problem after the other; one process at a time, so that none disturbs."""
    for source in sources:
        runs = [_alone(source, method) for method in methods]
        yield against_bound(runs)


def _alone(source: Source, method: str) -> Run:
    """In a new process: peak memory is that of this run."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(run_method, source, method).result()


def run_method(source: Source, method: str) -> Run:
    """Solves once; machine code is loaded, and the problem built, before the clock starts."""
    warm, _ = batch_problem(*_SMALL, seed=0)
    _answer(warm, method, 0)
    problem, rural = source.read()
    began = time.process_time()
    plan, solution = _answer(problem, method, source.seed)
    cpu_s = time.process_time() - began
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = check(problem, solution) if solution else []
    for breach in found[:3]:
        print(f"{source.name} {method}: {breach}", file=sys.stderr)
    return Run(
        problem=source.name,
        method=method,
        seed=source.seed,
        figures=figures_of(problem, plan, rural, counties_within_reach(problem)),
        score=score_of(problem, plan),
        cpu_s=cpu_s,
        memory_mb=memory_mb,
        breaches=len(found),
        bound=solution.bound if solution else None,
    )


def _answer(
    problem: Problem, method: str, seed: int
) -> tuple[Sequence[Assignment], Solution | None]:
    if method == OURS:
        solution = solve(problem, limits=BATCH, seed=seed)
        return solution.assignments, solution
    return METHODS[method](problem, seed), None
