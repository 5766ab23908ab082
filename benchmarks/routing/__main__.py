"""`python -m benchmarks.routing`: measures our routing solver, and its peers beside it."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.command import BadInput, ended
from benchmarks.routing.arguments import parse
from benchmarks.routing.city import Size, city_problem
from benchmarks.routing.city_run import measure_cities
from benchmarks.routing.live import LiveSettings, measure_live
from benchmarks.routing.measure import Settings, installed, judge, measured, priced
from benchmarks.routing.overhead import measure_overhead
from benchmarks.routing.plans import servable
from benchmarks.routing.processes import side_by_side
from benchmarks.routing.record import Run, Status, read_runs, write_runs
from benchmarks.routing.roads import read_roads
from benchmarks.routing.selection import find_cases, read_best_known, without_row
from benchmarks.routing.summary import duels, groups
from benchmarks.routing.tables import HEAD, duel_table, group_table, run_line
from logistics.domain.problem import Problem

AS_RECORDED = 1e-6


def main(arguments: Sequence[str] | None = None) -> int:
    return ended(
        lambda: _chosen(parse(arguments)),
        interrupted="interrupted; what --json names holds the runs so far",
    )


def _chosen(asked: Namespace) -> int:
    if asked.verify:
        return verify(asked.verify, asked.instances)
    if not asked.instances and not asked.city:
        raise BadInput("nothing to do: --instances, --city or --verify (--help tells more)")
    if asked.overhead:
        return overhead(asked)
    if asked.live:
        return live(asked)
    return cities(asked) if asked.city else instances(asked)


def _settings(asked: Namespace) -> Settings:
    return Settings(
        methods=installed([*asked.methods, *asked.peers]),
        seconds=asked.seconds,
        seeds=asked.seeds,
        cores=asked.cores,
        objective=asked.objective,
    )


def cities(asked: Namespace) -> int:
    size = Size(shipments=asked.shipments, couriers=asked.couriers)
    return measure_cities(read_roads(asked.city), size, _settings(asked), asked.json)


def live(asked: Namespace) -> int:
    """Dispatch on every day in turn; `--seconds` is the leisure of running plan and fresh solve."""
    settings = LiveSettings(
        solve=side_by_side,
        methods=installed([*asked.methods, *asked.peers]),
        leisure_s=asked.seconds,
        cores=asked.cores,
        seed=1,
    )
    return max(measure_live(name, problem, settings) for name, problem in _days(asked))


def overhead(asked: Namespace) -> int:
    """What features cost the search; `--seconds` of CPU time in each lane for the plain case."""
    if not asked.instances or asked.live or asked.city:
        raise BadInput("--overhead is measured on --instances alone")
    return measure_overhead(
        _days(asked), seconds=asked.seconds, seeds=asked.seeds, place=asked.json
    )


def _days(asked: Namespace) -> Iterator[tuple[str, Problem]]:
    if asked.city:
        size = Size(shipments=asked.shipments, couriers=asked.couriers)
        for roads in read_roads(asked.city):
            yield roads.name, servable(city_problem(roads, size, 1))
        return
    for case in find_cases(asked.instances, sizes=asked.sizes, every=asked.every):
        yield case.instance.name, priced(case.instance.problem(), asked.objective)


def instances(asked: Namespace) -> int:
    """Measures every case; exit status 1 if a plan was invalid."""
    cases = find_cases(asked.instances, sizes=asked.sizes, every=asked.every)
    known = read_best_known(asked.best_known)
    before = [run for path in asked.against for run in read_runs(path)]
    settings = _settings(asked)
    _say_what(cases, settings)
    if known and (lacking := without_row(cases, known)):
        print(f"no best known for {len(lacking)} of {len(cases)}: {', '.join(lacking)}")
    print(HEAD, flush=True)
    runs: list[Run] = []
    for run in measured(cases, known, settings):
        runs.append(run)
        print(run_line(run), flush=True)
        if asked.json:
            write_runs(asked.json, runs)
    summarize([*before, *runs])
    return int(any(run.status is Status.INVALID for run in runs))


def _say_what(cases: Sequence[object], settings: Settings) -> None:
    print(
        f"{len(cases)} instances, {settings.seconds:g} s, {settings.cores} cores,"
        f" {settings.seeds} seed(s), {settings.objective} first: {', '.join(settings.methods)}"
    )


def summarize(runs: Sequence[Run]) -> None:
    if not runs:
        return
    print("\n" + "\n".join(group_table(groups(runs))))
    against = duels(runs)
    if against:
        print("\n" + "\n".join(duel_table(against)))


def verify(path: Path, places: Sequence[Path]) -> int:
    """Checks the routes of an earlier run again; instances by recorded path, or from `places`."""
    runs = [run for run in read_runs(path) if run.status is not Status.NONE]
    files = places or list(dict.fromkeys(Path(run.path) for run in runs))
    cases = {case.instance.name.lower(): case for case in find_cases(files)} if files else {}
    wrong = 0
    for run in runs:
        case = cases.get(run.instance.lower())
        if case is None:
            raise BadInput(f"{run.instance}: no such instance among those given")
        again = judge(run, case, run.routes)
        same = again.status is run.status and again.vehicles == run.vehicles
        agrees = same and (again.cost is None or abs(again.cost - (run.cost or 0)) < AS_RECORDED)
        wrong += not agrees
        if not agrees:
            print(f"{run.instance} {run.method} seed {run.seed}: {run_line(again)}")
    print(f"{len(runs)} plans verified, {wrong} not as recorded")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
