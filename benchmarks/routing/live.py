"""Dispatch while routes are on the road: one more shipment, five more, one vehicle less.

Each change meets a running plan; what warm methods answer in a moment is compared with a fresh
solve of the changed day at leisure.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Final

from benchmarks.command import BadInput
from benchmarks.routing.job import Job
from benchmarks.routing.method import Routes
from benchmarks.routing.plans import as_solution, judged, timed_routes, worth
from benchmarks.routing.processes import Outcome
from benchmarks.routing.summary import OURS
from benchmarks.routing.tables import number
from logistics.domain.checker import check
from logistics.domain.dispatch import Dispatch
from logistics.domain.insertion import Quote
from logistics.domain.problem import Problem, Task
from logistics.domain.solution import Route, Solution
from logistics.domain.wire import problem_to_json, routes_to_json

Solve = Callable[[Job], list[Outcome]]

MOMENTS_S: Final = (0.2, 2.0)
NEW: Final = 5
INSERTIONS: Final = 50
MS: Final = 1000
PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """`leisure_s` for the running plan and the fresh solve; `methods` answer warm."""

    solve: Solve

    methods: Sequence[str]
    leisure_s: float
    cores: int
    seed: int


@dataclass(frozen=True, slots=True)
class Timed:
    """How long single insertions took, in milliseconds; `failed` had no place or a wrong one.

    `made_ms` is the median for making the session that answers, once per running plan.
    """

    routes: int
    made_ms: float
    median_ms: float
    p95_ms: float
    asked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Change:
    """What happened: the changed day, and what still holds of the running plan."""

    name: str
    problem: Problem
    running: tuple[Route, ...]


def measure_live(name: str, problem: Problem, settings: LiveSettings) -> int:
    """Prints the three measurements for one day; exit status 1 if an insertion was wrong."""
    draw = Random(settings.seed)  # noqa: S311
    plan = _solved(problem, OURS, settings.leisure_s, settings)
    if plan is None:
        raise BadInput(f"{name}: no running plan within {settings.leisure_s:g} s")
    print(
        f"\n{name}: {len(problem.shipments)} shipments, running plan of {_figures(problem, plan)}"
    )
    timed = time_insertions(problem, plan, draw)
    print(
        f"one new shipment into {timed.routes} routes: median {timed.median_ms:.2f} ms,"
        f" p95 {timed.p95_ms:.2f} ms ({timed.asked} asked, {timed.failed} without an answer;"
        f" made ready once in {timed.made_ms:.0f} ms)"
    )
    for change in (_five_more(problem, draw, settings), _one_less(problem, plan, draw)):
        if change is None:
            continue
        fresh = _solved(change.problem, OURS, settings.leisure_s, settings)
        print(f"{change.name}; fresh {settings.leisure_s:g} s solve: {_or_none(change, fresh)}")
        for line in _answers(change, fresh, settings):
            print(line, flush=True)
    return int(timed.failed > 0)


def time_insertions(problem: Problem, plan: Solution, draw: Random) -> Timed:
    """Take a shipment out of the running plan, then ask who could take it."""
    served = sorted({task.shipment_id for route in plan.routes for task in route.tasks})
    chosen = draw.sample(served, min(INSERTIONS, len(served)))
    took: list[float] = []
    made: list[float] = []
    failed = 0
    for shipment_id in chosen:
        running = timed_routes(problem, _routes_without(plan.routes, {shipment_id}))
        began = time.perf_counter()
        session = Dispatch(problem, running)
        ready = time.perf_counter()
        answer = session.quote(shipment_id)
        took.append((time.perf_counter() - ready) * MS)
        made.append((ready - began) * MS)
        failed += not (isinstance(answer, Quote) and _holds(problem, running, answer))
    p95 = quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
    return Timed(len(plan.routes), median(made), median(took), p95, len(chosen), failed)


def _holds(problem: Problem, running: Sequence[Route], answer: Quote) -> bool:
    """Whether the plan with the new route passes the checker."""
    kept = [one for one in running if one.vehicle_id != answer.route.vehicle_id]
    return not check(problem, as_solution(problem, [*kept, answer.route]))


def _five_more(problem: Problem, draw: Random, settings: LiveSettings) -> Change:
    """Five shipments that the running plan did not know of."""
    new = set(draw.sample([one.id for one in problem.shipments], NEW))
    before = replace(
        problem, shipments=tuple(one for one in problem.shipments if one.id not in new)
    )
    plan = _solved(before, OURS, settings.leisure_s, settings)
    running = plan.routes if plan else ()
    return Change(f"{NEW} new shipments", problem, tuple(running))


def _one_less(problem: Problem, plan: Solution, draw: Random) -> Change | None:
    """A vehicle that had a route fails before it leaves."""
    if not plan.routes:
        return None
    gone = draw.choice(plan.routes).vehicle_id
    left = replace(problem, vehicles=tuple(one for one in problem.vehicles if one.id != gone))
    running = tuple(route for route in plan.routes if route.vehicle_id != gone)
    return Change(f"vehicle {gone} removed", left, running)


def _routes_without(routes: Sequence[Route], gone: set[str]) -> Routes:
    left: list[tuple[str, list[Task]]] = []
    for route in routes:
        left.append((route.vehicle_id, [t for t in route.sequence if t.shipment_id not in gone]))
    return left


def _answers(change: Change, fresh: Solution | None, settings: LiveSettings) -> Iterator[str]:
    for name in settings.methods:
        for moment_s in MOMENTS_S:
            answered = _answered(change.problem, name, moment_s, settings, change.running)
            plan = answered.plan
            said = f"{_or_none(change, plan)} after {number(answered.took, 2, ' s')}"
            if plan is not None and fresh is not None:
                said += f"; {_gap(change.problem, plan, fresh)}"
                said += f"; {_unchanged(change, plan)} of {len(change.running)} routes as they were"
            yield f"  {name:<8} {moment_s:>4g} s: {said}"


def _unchanged(change: Change, plan: Solution) -> int:
    """Routes with the same tasks in the same order, whichever of like vehicles drives them."""
    before = {route.sequence for route in change.running}
    return sum(route.sequence in before for route in plan.routes)


def _gap(problem: Problem, plan: Solution, fresh: Solution) -> str:
    """Length above the fresh solve; other differences make them incomparable and are named."""
    here, there = worth(problem, plan), worth(problem, fresh)
    ratio = here.metres / there.metres if there.metres else None
    gap = number(None if ratio is None else (ratio - 1) * PERCENT, 2, " % longer than fresh")
    more = here.left_out - there.left_out, here.vehicles - there.vehicles
    names = (f"{more[0]:+d} left out", f"{more[1]:+d} vehicles")
    return ", ".join([gap, *(name for name, by in zip(names, more, strict=True) if by)])


def _or_none(change: Change, plan: Solution | None) -> str:
    return "no plan" if plan is None else _figures(change.problem, plan)


def _figures(problem: Problem, plan: Solution) -> str:
    figures = worth(problem, plan)
    return f"length {figures.metres}, {figures.vehicles} routes, {figures.left_out} left out"


def _solved(
    problem: Problem,
    name: str,
    seconds: float,
    settings: LiveSettings,
    running: Sequence[Route] = (),
) -> Solution | None:
    return _answered(problem, name, seconds, settings, running).plan


@dataclass(frozen=True, slots=True)
class _Answered:
    """The best plan that passes the checker, if any, and when the last of its runs ended."""

    plan: Solution | None
    took: float | None


def _answered(
    problem: Problem,
    name: str,
    seconds: float,
    settings: LiveSettings,
    running: Sequence[Route],
) -> _Answered:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        place = Path(folder, "problem.json")
        place.write_text(json.dumps(problem_to_json(problem)), encoding="utf-8")
        job = Job(
            method=name,
            problem=str(place),
            seconds=seconds,
            seed=settings.seed,
            cores=settings.cores,
            start=routes_to_json(running),
        )
        answers = [one.answer for one in settings.solve(job) if one.answer]
    plans = [judged(problem, one.routes).solution for one in answers if one.routes is not None]
    valid = [plan for plan in plans if plan is not None]
    return _Answered(
        min(valid, key=lambda plan: plan.cost.key, default=None),
        max((one.took for one in answers), default=None),
    )
