"""`python -m benchmarks.matching`: measures our matching engine beside what is usual."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.command import BadInput, ended
from benchmarks.matching import churn
from benchmarks.matching.arguments import parse
from benchmarks.matching.measure import Source, measured, read_problem
from benchmarks.matching.record import Run, means
from benchmarks.matching.tables import HEAD, run_line
from benchmarks.matching.week import measured_weeks
from matching.domain.codec import to_json


def main(arguments: Sequence[str] | None = None) -> int:
    return ended(lambda: _chosen(parse(arguments)), interrupted="interrupted")


def _chosen(asked: Namespace) -> int:
    if asked.dump:
        return dump(_sources(asked), asked.dump)
    if asked.churn:
        return churned(_sources(asked), as_json=asked.json)
    return compared(asked)


def compared(asked: Namespace) -> int:
    """Methods beside each other, a line for each, and their means over the problems of a size."""
    groups = [_sources(asked, size) for size in ([None] if asked.problem else asked.size)]
    show = not asked.json
    if show:
        print(HEAD, flush=True)
    runs: list[Run] = []
    for sources in groups:
        own: list[Run] = []
        measure = measured_weeks if asked.week else measured
        for of_one in measure(sources, asked.methods):
            own += of_one
            if show:
                print("\n".join(map(run_line, of_one)), flush=True)
        if len(sources) > 1 and show:
            print("\n".join(map(run_line, means(own))), flush=True)
        runs += own
    if asked.json:
        print(json.dumps([run.to_json() for run in runs], indent=1))
    return int(any(run.breaches for run in runs))


def _sources(asked: Namespace, size: tuple[int, int] | None = None) -> list[Source]:
    if asked.problem:
        read_problem(asked.problem)
        return [Source(asked.problem.name[:16], 0, file=asked.problem)]
    return [
        Source(f"{lots}x{programmes}/{seed}", seed, lots, programmes)
        for lots, programmes in ([size] if size else asked.size)
        for seed in range(1, asked.seeds + 1)
    ]


def churned(sources: Sequence[Source], *, as_json: bool) -> int:
    """What changes from round to round, a line for each problem."""
    found: list[churn.Churn] = []
    if not as_json:
        print(churn.HEAD, flush=True)
    for each in churn.churns(sources):
        found.append(each)
        if not as_json:
            print(churn.line_of(each), flush=True)
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=1))
    return 0


def dump(sources: Sequence[Source], folder: Path) -> int:
    """Writes the problems, a file each, as `--problem` reads them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            problem, _ = source.read()
            file = folder / f"{source.name.replace('/', '-')}.json"
            file.write_text(json.dumps({"problem": to_json(problem)}), encoding="utf-8")
            print(file)
    except OSError as broken:
        raise BadInput(f"{folder}: cannot be written ({broken})") from broken
    return 0


if __name__ == "__main__":
    sys.exit(main())
