"""Which instances are measured, and what is known about them."""

import csv
import gzip
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from benchmarks.command import BadInput
from logistics.domain.instances import Instance, read_instance
from logistics.domain.invalid import InvalidProblem

SIZES: Final = (100, 200, 400, 600, 800, 1000, 1500, 2000, 2500, 3000, 4000, 5000)
NEAR: Final = 0.08
"""Li & Lim's "100 tasks" are up to 106."""

LI_LIM: Final = "Li & Lim"
SARTORI_BURIOL: Final = "Sartori & Buriol"


@dataclass(frozen=True, slots=True)
class Case:
    """An instance to be measured; `size` is the nominal number of tasks."""

    path: Path
    instance: Instance

    @property
    def family(self) -> str:
        return LI_LIM if self.instance.travel is None else SARTORI_BURIOL

    @property
    def size(self) -> int:
        tasks = len(self.instance.nodes) - 1
        return next((size for size in SIZES if abs(tasks - size) <= NEAR * size), tasks)


@dataclass(frozen=True, slots=True)
class BestKnown:
    vehicles: int
    cost: float


def find_cases(paths: Sequence[Path], *, sizes: Sequence[int] = (), every: int = 1) -> list[Case]:
    """Cases by set, size and name; of each set and size the first, then every so many."""
    files = [file for path in paths for file in _files(path)]
    cases = [_read(file) for file in dict.fromkeys(files)]
    wanted = [case for case in cases if not sizes or case.size in sizes]
    chosen: list[Case] = []
    for _, group in groupby(sorted(wanted, key=_order), key=lambda case: (case.family, case.size)):
        chosen += list(group)[::every]
    if not chosen:
        raise BadInput("no instance has the sizes asked for" if cases else "no instance found")
    return chosen


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = [*path.rglob("*.txt"), *path.rglob("*.txt.gz")]
        if not found:
            raise BadInput(f"{path}: no .txt or .txt.gz file in this folder")
        return sorted(found)
    if not path.is_file():
        raise BadInput(f"{path}: no such file or folder")
    return [path]


def _order(case: Case) -> tuple[str, int, int, list[str | int]]:
    """Number before class, so that every so many meets all classes and tight and wide windows."""
    name = natural(case.instance.name)
    number = next((part for part in reversed(name) if isinstance(part, int)), 0)
    return case.family, case.size, number, name


def natural(name: str) -> list[str | int]:
    """So that `_2` comes before `_10`."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name.lower())]


def _read(path: Path) -> Case:
    try:
        case = Case(path, read_instance(path))
        case.instance.problem()
    except InvalidProblem as invalid:
        first = invalid.issues[0]
        raise BadInput(f"{path}: {first.path}: {first.code}") from invalid
    except (OSError, EOFError, gzip.BadGzipFile, ValueError, IndexError) as broken:
        raise BadInput(f"{path}: not an instance in either format ({broken})") from broken
    return case


def read_best_known(paths: Sequence[Path]) -> dict[str, BestKnown]:
    """Rows `instance,vehicles,distance,...` by lower-case name; of several files the better."""
    found: dict[str, BestKnown] = {}
    for path in paths:
        for name, best in _rows(path):
            found[name] = min(found.get(name, best), best, key=lambda b: (b.vehicles, b.cost))
    return found


def _rows(path: Path) -> list[tuple[str, BestKnown]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(map(_best_known, csv.DictReader(file)))
    except (OSError, UnicodeDecodeError) as broken:
        raise BadInput(f"{path}: cannot be read ({broken})") from broken
    except (KeyError, TypeError, ValueError) as broken:
        wanted = "a CSV with the columns instance, vehicles, distance is wanted"
        raise BadInput(f"{path}: {wanted}") from broken


def _best_known(row: dict[str, str]) -> tuple[str, BestKnown]:
    return row["instance"].lower(), BestKnown(int(row["vehicles"]), float(row["distance"]))


def without_row(cases: Iterable[Case], known: dict[str, BestKnown]) -> list[str]:
    return [case.instance.name for case in cases if case.instance.name.lower() not in known]
