"""Driving times and distances between points, per profile of vehicle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from logistics.domain.invalid import Findings

UNREACHABLE: Final = -1
"""There is no way between these two points (another road group)."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Driving times and distances between all points for one profile; rows are origins."""

    profile: str
    durations_s: tuple[tuple[int, ...], ...]
    distances_m: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        found = Findings()
        size = len(self.durations_s)
        for name in ("durations_s", "distances_m"):
            rows: Sequence[Sequence[int]] = getattr(self, name)
            square = len(rows) == size and all(len(row) == size for row in rows)
            if found.expect(square, name, "wrong_shape"):
                _look_at_entries(name, rows, found)
        if not found.issues:
            found.expect(self._agree(), "distances_m", "reachable_in_one_matrix_only")
        found.raise_if_any()

    def _agree(self) -> bool:
        pairs = zip(self.durations_s, self.distances_m, strict=True)
        return all(
            (UNREACHABLE in times) == (UNREACHABLE in metres)
            and (
                UNREACHABLE not in times
                or [time == UNREACHABLE for time in times]
                == [metre == UNREACHABLE for metre in metres]
            )
            for times, metres in pairs
        )


def _look_at_entries(name: str, rows: Sequence[Sequence[int]], found: Findings) -> None:
    for index, row in enumerate(rows):
        path = f"{name}[{index}]"
        known = [0 if entry == UNREACHABLE and type(entry) is int else entry for entry in row]
        found.naturals(path, known)
        found.expect(row[index] == 0, path, "diagonal_not_zero")
