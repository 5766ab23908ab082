"""Compares methods on a day in a city: value served, kilometres, and kilometres at equal value."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.routing.city import PRICE_PER_KG, Size, city_problem, without
from benchmarks.routing.job import Job
from benchmarks.routing.measure import Settings
from benchmarks.routing.method import Feature, method
from benchmarks.routing.plans import Judged, Worth, judged, servable, worth
from benchmarks.routing.processes import Outcome, side_by_side
from benchmarks.routing.roads import Roads
from benchmarks.routing.summary import OURS
from benchmarks.routing.tables import number
from logistics.domain.problem import Problem
from logistics.domain.solution import Solution
from logistics.domain.wire import problem_to_json

Solve = Callable[[Job], list[Outcome]]

VARIANTS: Final[Mapping[str, frozenset[Feature]]] = {
    "all rules": frozenset(),
    "no time on board, no most stops": frozenset({Feature.ON_BOARD, Feature.MOST_STOPS}),
    "one window as well": frozenset(Feature),
}
"""What is left out, so that every peer meets the richest day that it can model."""

M_PER_KM: Final = 1000
PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRun:
    """`equal_km` are ours and theirs where the value is equal: the two plans themselves, or ours
    for the shipments that the peer serves. None where there is nothing to compare.
    """

    city: str
    rules: str
    method: str
    seed: int
    seconds: float
    cores: int
    took: float | None
    value_kg: int | None
    left_out: int | None
    vehicles: int | None
    km: float | None
    equal_km: tuple[float, float] | None
    note: str
    routes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    @property
    def fewer_km(self) -> float | None:
        """How many percent fewer kilometres than this peer we need at equal value."""
        if self.equal_km is None or not self.equal_km[1]:
            return None
        return (1 - self.equal_km[0] / self.equal_km[1]) * PERCENT


def city_runs(
    cities: Sequence[Roads], size: Size, settings: Settings, solve: Solve = side_by_side
) -> Iterator[CityRun]:
    for roads in cities:
        for seed in range(1, settings.seeds + 1):
            day = city_problem(roads, size, seed)
            for rules, features in VARIANTS.items():
                able = [name for name in settings.methods if _models(name, features)]
                # Without a peer that needs it, an easier day says nothing new.
                if set(able) - {OURS} or not features:
                    bench = _Bench(servable(without(day, features)), settings, seed, solve)
                    yield from bench.runs(f"{roads.name} {seed}", rules, able)


def _models(name: str, left_out: frozenset[Feature]) -> bool:
    return frozenset(Feature) - left_out <= method(name).MODELS


@dataclass(frozen=True, slots=True)
class _Found:
    plan: Solution | None
    worth: Worth | None
    took: float | None
    note: str


class _Bench:
    """One day and its rules, solved by several methods, ours first."""

    def __init__(self, problem: Problem, settings: Settings, seed: int, solve: Solve) -> None:
        self.problem = problem
        self.settings = settings
        self.seed = seed
        self.solve = solve

    def runs(self, city: str, rules: str, names: Sequence[str]) -> Iterator[CityRun]:
        ours: Worth | None = None
        for name in sorted(names, key=lambda name: name != OURS):
            found = self._found(self.problem, name)
            equal = None
            if name == OURS:
                ours = found.worth
            elif OURS in names:
                equal = self._equal_km(ours, found)
            yield self._run(city, rules, name, found, equal)

    def _found(self, problem: Problem, name: str) -> _Found:
        """The best checked plan of those that ran side by side."""
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            place = Path(folder, "problem.json")
            place.write_text(json.dumps(problem_to_json(problem)), encoding="utf-8")
            job = Job(
                method=name,
                problem=str(place),
                seconds=self.settings.seconds,
                seed=self.seed,
                cores=self.settings.cores,
            )
            outcomes = self.solve(job)
        answers = [one.answer for one in outcomes if one.answer]
        plans = [judged(problem, one.routes) for one in answers if one.routes is not None]
        notes = [*(one.note for one in outcomes), *(fault for p in plans for fault in p.faults)]
        plan = self._best(problem, plans)
        return _Found(
            plan,
            None if plan is None else worth(problem, plan),
            max((one.took for one in answers), default=None),
            "; ".join(dict.fromkeys(filter(None, notes))),
        )

    def _best(self, problem: Problem, plans: Sequence[Judged]) -> Solution | None:
        whole = [one.solution for one in plans if one.solution is not None]
        return min(whole, key=lambda plan: worth(problem, plan).key, default=None)

    def _equal_km(self, ours: Worth | None, theirs: _Found) -> tuple[float, float] | None:
        if ours is None or theirs.worth is None or theirs.plan is None:
            return None
        if ours.value != theirs.worth.value:
            served = replace(
                self.problem,
                shipments=tuple(
                    one for one in self.problem.shipments if one.id not in theirs.plan.unassigned
                ),
            )
            again = self._found(served, OURS).worth
            if again is None or again.left_out:
                return None
            ours = again
        return ours.metres / M_PER_KM, theirs.worth.metres / M_PER_KM

    def _run(
        self, city: str, rules: str, name: str, found: _Found, equal: tuple[float, float] | None
    ) -> CityRun:
        value = found.worth
        return CityRun(
            city=city,
            rules=rules,
            method=name,
            seed=self.seed,
            seconds=self.settings.seconds,
            cores=self.settings.cores,
            took=found.took,
            value_kg=None if value is None else value.value // PRICE_PER_KG,
            left_out=None if value is None else value.left_out,
            vehicles=None if value is None else value.vehicles,
            km=None if value is None else value.metres / M_PER_KM,
            equal_km=equal,
            note=found.note if found.plan else found.note or "no plan",
            routes=_tasks(found.plan),
        )


def _tasks(plan: Solution | None) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    routes = plan.routes if plan else ()
    return tuple(
        (route.vehicle_id, tuple((task.shipment_id, str(task.kind)) for task in route.sequence))
        for route in routes
    )


HEAD: Final = (
    f"{'city and seed':<16} {'rules':<32} {'method':<8} {'value kg':>8} {'left out':>8}"
    f" {'vehicles':>8} {'km':>8} {'took':>7}  at equal value"
)


def city_line(run: CityRun) -> str:
    line = (
        f"{run.city:<16} {run.rules:<32} {run.method:<8} {number(run.value_kg, 0):>8}"
        f" {number(run.left_out, 0):>8} {number(run.vehicles, 0):>8} {number(run.km, 1):>8}"
        f" {number(run.took, 1, ' s'):>7}"
    )
    if run.equal_km is not None:
        ours, theirs = run.equal_km
        line += f"  ours {ours:.1f} km, {run.method} {theirs:.1f} km: {run.fewer_km:.1f} % fewer"
    return f"{line}  {run.note}".rstrip()


def city_summary(runs: Sequence[CityRun]) -> list[str]:
    """Per peer: whether we ever serve less, and kilometres summed where the value is equal."""
    ours = {(run.city, run.rules): run for run in runs if run.method == OURS}
    lines: list[str] = []
    for peer in dict.fromkeys(run.method for run in runs if run.method != OURS):
        theirs = [run for run in runs if run.method == peer and (run.city, run.rules) in ours]
        pairs = [(ours[run.city, run.rules].value_kg or 0, run.value_kg or 0) for run in theirs]
        equal = [run.equal_km for run in theirs if run.equal_km is not None]
        km = [sum(side) for side in zip(*equal, strict=True)]
        fewer = number((1 - km[0] / km[1]) * PERCENT, 1, " % fewer") if km else "not comparable"
        lines.append(
            f"against {peer}: value {sum(a for a, _ in pairs)} kg to {sum(b for _, b in pairs)} kg,"
            f" less on {sum(a < b for a, b in pairs)} of {len(pairs)};"
            f" kilometres at equal value {fewer} ({len(equal)} of {len(pairs)})"
        )
    return lines


def write_city_runs(path: Path, runs: Sequence[CityRun]) -> None:
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(json.dumps([asdict(run) for run in runs], indent=1), encoding="utf-8")
    beside.replace(path)


def measure_cities(
    cities: Sequence[Roads], size: Size, settings: Settings, file: Path | None
) -> int:
    """Prints as it goes; exit status 1 if we have no plan somewhere."""
    print(
        f"up to {size.shipments} shipments, {size.couriers} couriers, {settings.seconds:g} s,"
        f" {settings.cores} cores: {', '.join(settings.methods)}"
    )
    print(HEAD, flush=True)
    runs: list[CityRun] = []
    for run in city_runs(cities, size, settings):
        runs.append(run)
        print(city_line(run), flush=True)
        if file:
            write_city_runs(file, runs)
    print("\n" + "\n".join(city_summary(runs)))
    broken = [run for run in runs if run.method == OURS and run.km is None]
    if broken:
        print(f"no plan of ours on {len(broken)}", file=sys.stderr)
    return int(bool(broken))
