"""What each part of our problem costs the search: steps per CPU second, beside the plain case.

Every feature is solved with as many steps as the plain instance, in this process. CPU time is
counted, of both lanes, so that other work on the machine disturbs little.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import geometric_mean
from typing import Final

from benchmarks.command import BadInput
from benchmarks.routing import ours
from benchmarks.routing.features import FEATURES, PLAIN, Feature
from benchmarks.routing.plans import worth
from benchmarks.routing.tables import number
from logistics.domain.checker import check
from logistics.domain.limits import Limits, OnProgress, Pace, Stop
from logistics.domain.problem import Problem
from logistics.domain.solution import Solution
from logistics.domain.solver.construct import Draft
from logistics.domain.solver.engine import Improved
from logistics.domain.solver.kernel.engine import LANES, RuinAndRecreate
from logistics.domain.solver.solve import solve

HEAD: Final = (
    f"{'instance':<14} {'feature':<25} {'steps/CPU s':>11} {'slower':>7} {'at most':>7}"
    f" {'vehicles':>8} {'length':>12}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A feature on one instance, summed over the seeds; `slower`: time per step over the plain's.

    `vehicles` and `length` are those of the first seed's plan; `faults` what is wrong with any.
    """

    instance: str
    feature: str
    at_most: float | None
    steps_per_s: float
    slower: float
    vehicles: int
    length: int
    faults: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        return self.at_most is None or self.slower <= self.at_most


class Timed(RuinAndRecreate):
    """The engine with a count of its steps in each lane, and of the CPU time of all lanes."""

    def __init__(self) -> None:
        self.steps = 0
        self.cpu_s = 0.0

    def improve(
        self,
        draft: Draft,
        *,
        limits: Limits,
        seed: int,
        on_progress: OnProgress | None,
        stop: Stop | None,
        pace: Pace | None = None,
    ) -> Improved | None:
        began_s = time.process_time()
        improved = super().improve(
            draft, limits=limits, seed=seed, on_progress=on_progress, stop=stop, pace=pace
        )
        self.cpu_s += time.process_time() - began_s
        self.steps += improved.iterations if improved else 0
        return improved


@dataclass(frozen=True, slots=True)
class Measured:
    """The plans of all seeds, and what they took together."""

    plans: tuple[Solution, ...]
    steps: int
    cpu_s: float

    @property
    def steps_per_s(self) -> float:
        return LANES * self.steps / self.cpu_s


def overheads(
    name: str,
    problem: Problem,
    *,
    seconds: float,
    seeds: int,
    features: Sequence[Feature] = FEATURES,
) -> Iterator[Cost]:
    """The features in turn; a first solve of the plain instance says how many steps are due.

    The plain instance is measured twice: what lies between the two is chance.
    """
    ours.prepare()
    steps, plan = _steps_in(problem, seconds)
    plain = _measured(problem, steps, seeds)
    for feature in (PLAIN, *features):
        changed = feature.change(problem, plan)
        yield _cost(name, feature, changed, plain, _measured(changed, steps, seeds))


def _steps_in(problem: Problem, seconds: float) -> tuple[int, Solution]:
    """Steps of each lane in so many CPU seconds, at least one, and the plan that they find."""
    engine = Timed()
    began_s = time.process_time()
    plan = solve(
        problem,
        limits=Limits(),
        seed=0,
        pace=lambda: (time.process_time() - began_s) / (LANES * seconds) if seconds else 1.0,
        engines=[engine],
    )
    return max(engine.steps, 1), plan


def _measured(problem: Problem, steps: int, seeds: int) -> Measured:
    engine = Timed()
    plans = [
        solve(problem, limits=Limits(iterations=steps), seed=seed, engines=[engine])
        for seed in range(1, seeds + 1)
    ]
    if not engine.steps:
        raise BadInput("the search has nothing to do, or figures too large for it")
    return Measured(tuple(plans), engine.steps, engine.cpu_s)


def _cost(
    name: str, feature: Feature, problem: Problem, plain: Measured, measured: Measured
) -> Cost:
    figures = worth(problem, measured.plans[0])
    found = (fault.code for plan in measured.plans for fault in check(problem, plan))
    return Cost(
        instance=name,
        feature=feature.name,
        at_most=feature.at_most,
        steps_per_s=measured.steps_per_s,
        slower=plain.steps_per_s / measured.steps_per_s,
        vehicles=figures.vehicles,
        length=figures.metres,
        faults=tuple(dict.fromkeys(found)),
    )


def cost_line(one: Cost) -> str:
    line = (
        f"{one.instance:<14} {one.feature:<25} {number(one.steps_per_s, 0):>11}"
        f" {number(one.slower, 2):>7} {number(one.at_most, 2):>7} {one.vehicles:>8}"
        f" {one.length:>12}"
    )
    said = "" if one.is_kept else "SLOWER"
    return " ".join(filter(None, [line, said, "; ".join(one.faults)]))


def cost_summary(costs: Sequence[Cost]) -> Iterator[str]:
    """A line per feature over all instances."""
    yield f"{'feature':<25} {'slower':>7} {'worst':>7} {'at most':>7} {'kept':>8}  worst on"
    for name in dict.fromkeys(one.feature for one in costs):
        rows = [one for one in costs if one.feature == name]
        worst = max(rows, key=lambda one: one.slower)
        kept = f"{sum(one.is_kept for one in rows)}/{len(rows)}"
        mean = geometric_mean(one.slower for one in rows)
        yield (
            f"{name:<25} {number(mean, 2):>7} {number(worst.slower, 2):>7}"
            f" {number(worst.at_most, 2):>7} {kept:>8}  {worst.instance}"
        )


def write_costs(path: Path, costs: Sequence[Cost]) -> None:
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(json.dumps([asdict(one) for one in costs], indent=1), encoding="utf-8")
    beside.replace(path)


def measure_overhead(
    problems: Iterable[tuple[str, Problem]], *, seconds: float, seeds: int, place: Path | None
) -> int:
    """Prints every feature on every instance; exit status 1 if a plan was invalid."""
    print(HEAD, flush=True)
    costs: list[Cost] = []
    for name, problem in problems:
        for cost in overheads(name, problem, seconds=seconds, seeds=seeds):
            costs.append(cost)
            print(cost_line(cost), flush=True)
            if place:
                write_costs(place, costs)
    print("\n" + "\n".join(cost_summary(costs)))
    return int(any(one.faults for one in costs))
