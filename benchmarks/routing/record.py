"""One measured run as a JSON object that anyone can verify, and a file of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from benchmarks.command import BadInput

LATE: Final = 1.1
LATE_S: Final = 1.0
"""An answer after a tenth more than its seconds and this is none at equal seconds."""


class Objective(StrEnum):
    """`VEHICLES`: fewest first, then cost. `DISTANCE`: cost alone, vehicles are free."""

    VEHICLES = "vehicles"
    DISTANCE = "distance"


class Status(StrEnum):
    OK = "ok"
    NONE = "none"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One method on one instance with one seed. `took` is the time it really needed.

    `gap` is how many percent `cost` lies above the best known; None without a best known, without
    a plan, and where vehicles are free. `memory_mb` sums the peaks of the processes.
    """

    instance: str
    family: str
    size: int
    path: str
    method: str
    objective: Objective
    seconds: float
    seed: int
    cores: int
    status: Status
    vehicles: int | None = None
    cost: float | None = None
    gap: float | None = None
    time_to_best: float | None = None
    took: float | None = None
    memory_mb: float | None = None
    best_known_vehicles: int | None = None
    best_known_cost: float | None = None
    note: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)
    routes: tuple[tuple[int, ...], ...] = ()

    @property
    def late(self) -> bool:
        """Whether it took clearly more than its seconds."""
        return self.took is not None and self.took > self.seconds * LATE + LATE_S

    @property
    def value(self) -> tuple[float, float]:
        """What runs are compared by; worse than every plan where there is none in time."""
        if self.status is not Status.OK or self.late or self.vehicles is None or self.cost is None:
            return float("inf"), float("inf")
        first = self.vehicles if self.objective is Objective.VEHICLES else 0
        return first, self.cost


def write_runs(path: Path, runs: Iterable[Run]) -> None:
    """In one step, so that an interrupted run leaves the file whole."""
    beside = path.with_name(f"{path.name}.part")
    rows = [json.dumps(asdict(run), separators=(",", ":")) for run in runs]
    beside.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
    beside.replace(path)


def read_runs(path: Path) -> list[Run]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(rows, list):
            raise TypeError("not a list")
        return [_run(row) for row in rows]
    except OSError as broken:
        raise BadInput(f"{path}: cannot be read ({broken.strerror})") from broken
    except (TypeError, ValueError, KeyError, AttributeError) as broken:
        raise BadInput(f"{path}: not a list of runs as --json writes them ({broken})") from broken


def _run(row: dict[str, Any]) -> Run:
    known = {entry.name for entry in fields(Run)}
    values = {key: value for key, value in row.items() if key in known}
    values["objective"] = Objective(row["objective"])
    values["status"] = Status(row["status"])
    values["routes"] = tuple(tuple(map(int, route)) for route in row["routes"])
    return Run(**values)
