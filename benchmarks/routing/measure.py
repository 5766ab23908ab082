"""Measures methods on instances: runs, verifies, compares with the best known."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.routing.job import Answer, Job
from benchmarks.routing.method import method
from benchmarks.routing.processes import Outcome, side_by_side
from benchmarks.routing.record import Objective, Run, Status
from benchmarks.routing.selection import BestKnown, Case
from benchmarks.routing.verifier import NodeRoutes, faults, length
from logistics.domain.problem import Problem
from logistics.domain.wire import problem_to_json

PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How long, how often and by whom every instance is solved."""

    methods: Sequence[str]
    seconds: float
    seeds: int
    cores: int
    objective: Objective


def installed(names: Sequence[str]) -> list[str]:
    """Those that can run here; the others are named on standard error."""
    there: list[str] = []
    for name in names:
        lacks = method(name).missing()
        if lacks:
            print(f"{name} is left out: {lacks}", file=sys.stderr)
        else:
            there.append(name)
    return there


def measured(
    cases: Sequence[Case],
    known: Mapping[str, BestKnown],
    settings: Settings,
    solve: Callable[[Job], list[Outcome]] = side_by_side,
) -> Iterator[Run]:
    """One run after the other, so that none takes a core from another."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        place = Path(folder, "problem.json")
        for case in cases:
            problem = priced(case.instance.problem(), settings.objective)
            place.write_text(json.dumps(problem_to_json(problem)), encoding="utf-8")
            best = known.get(case.instance.name.lower())
            for job in _jobs(place, settings):
                yield _run(case, problem, _blank(case, best, settings, job), solve(job))


def priced(problem: Problem, objective: Objective) -> Problem:
    """Fewest vehicles first is what instances ask for; for distance alone vehicles are free."""
    if objective is Objective.VEHICLES:
        return problem
    vehicles = tuple(replace(one, fixed_cost=0) for one in problem.vehicles)
    return replace(problem, vehicles=vehicles)


def _jobs(place: Path, settings: Settings) -> Iterator[Job]:
    for name in settings.methods:
        for seed in range(1, settings.seeds + 1):
            yield Job(
                method=name,
                problem=str(place),
                seconds=settings.seconds,
                seed=seed,
                cores=settings.cores,
            )


def _blank(case: Case, best: BestKnown | None, settings: Settings, job: Job) -> Run:
    """Everything known before the run; without a plan until there is one."""
    return Run(
        instance=case.instance.name,
        family=case.family,
        size=case.size,
        path=str(case.path.resolve()),
        method=job.method,
        objective=settings.objective,
        seconds=settings.seconds,
        seed=job.seed,
        cores=settings.cores,
        status=Status.NONE,
        best_known_vehicles=best.vehicles if best else None,
        best_known_cost=best.cost if best else None,
    )


def _run(
    case: Case,
    problem: Problem,
    blank: Run,
    outcomes: Sequence[Outcome],
) -> Run:
    """The best valid answer of those that ran side by side."""
    run = replace(
        blank,
        memory_mb=sum(one.answer.memory_mb for one in outcomes if one.answer) or None,
        took=max((one.answer.took for one in outcomes if one.answer), default=None),
        note="; ".join(dict.fromkeys(one.note for one in outcomes if one.note)),
    )
    answers = [one.answer for one in outcomes if one.answer]
    judged = [judge(run, case, _nodes(problem, a), a) for a in answers if a.routes is not None]
    invalid = [one for one in judged if one.status is Status.INVALID]
    # One invalid plan is a defect worth seeing, even where the other core has a valid one.
    return min(invalid or judged or [run], key=lambda one: one.value)


def _nodes(problem: Problem, answer: Answer) -> NodeRoutes:
    by_id = {one.id: one for one in problem.shipments}
    return [
        [by_id[task.shipment_id].handling(task.kind).point for task in tasks]
        for _, tasks in answer.routes or ()
    ]


def judge(run: Run, case: Case, routes: NodeRoutes, answer: Answer | None = None) -> Run:
    """The run with these routes, verified and measured in the instance's own units."""
    found = faults(case.instance, routes)
    cost = None if found else length(case.instance, routes)
    if answer is not None:
        run = replace(run, time_to_best=answer.time_to_best, figures=answer.figures)
    return replace(
        run,
        status=Status.INVALID if found else Status.OK,
        note="; ".join(filter(None, [run.note, *map(str, found[:3])])),
        vehicles=len(routes),
        cost=cost,
        gap=_gap(run, cost),
        routes=tuple(map(tuple, routes)),
    )


def _gap(run: Run, cost: float | None) -> float | None:
    if cost is None or not run.best_known_cost or run.objective is not Objective.VEHICLES:
        return None
    return (cost / run.best_known_cost - 1) * PERCENT
