"""Points with real driving times and distances between them, read from a folder by path.

A set is `NAME_points.csv` (point, kind, lat, lon), `NAME_osrm_seconds.csv` or `NAME_seconds.csv`,
and the same with `metres`.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.command import BadInput

POINTS: Final = "_points.csv"
ENDINGS: Final = ("_osrm_", "_")
Rows = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Roads:
    """Free-flow seconds and metres; `kinds` says what each point is."""

    name: str
    kinds: tuple[str, ...]
    seconds: Rows
    metres: Rows


def read_roads(place: Path) -> list[Roads]:
    """All complete sets of a folder; `folder/NAME` means that one alone."""
    folder, wanted = (place, "") if place.is_dir() else (place.parent, place.name)
    if not folder.is_dir():
        raise BadInput(f"{place}: no such folder")
    names = [path.name.removesuffix(POINTS) for path in sorted(folder.glob(f"*{POINTS}"))]
    sets = [_read(folder, name) for name in names if wanted in ("", name)]
    found = [one for one in sets if one is not None]
    if not found:
        raise BadInput(f"{place}: no {wanted or 'NAME'}{POINTS} with seconds and metres beside it")
    return found


def _read(folder: Path, name: str) -> Roads | None:
    """None when a matrix is missing, as in sets made for something else."""
    files = {what: _matrix_file(folder, name, what) for what in ("seconds", "metres")}
    if files["seconds"] is None or files["metres"] is None:
        return None
    points = folder / f"{name}{POINTS}"
    try:
        with points.open(encoding="utf-8", newline="") as file:
            kinds = tuple(row["kind"] for row in csv.DictReader(file))
        return Roads(name, kinds, *(_rows(path, len(kinds)) for path in files.values() if path))
    except (KeyError, UnicodeDecodeError, OSError) as broken:
        raise BadInput(f"{points}: not a list of points ({broken})") from broken


def _matrix_file(folder: Path, name: str, what: str) -> Path | None:
    paths = [folder / f"{name}{middle}{what}.csv" for middle in ENDINGS]
    return next((path for path in paths if path.is_file()), None)


def _rows(path: Path, size: int) -> Rows:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = tuple(tuple(map(int, row)) for row in csv.reader(file) if row)
    except (ValueError, UnicodeDecodeError, OSError) as broken:
        raise BadInput(f"{path}: not a matrix of whole numbers ({broken})") from broken
    if len(rows) != size or any(len(row) != size for row in rows):
        raise BadInput(f"{path}: {size} rows of {size} numbers are wanted")
    if any(entry < 0 for row in rows for entry in row):
        raise BadInput(f"{path}: points without a way between them")
    return rows
