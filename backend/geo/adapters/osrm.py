"""Road times from OSRM servers over HTTP (the /table service)."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from backend.geo.adapters.http import get_json
from backend.geo.domain.points import Point
from backend.geo.domain.travel import Leg, Legs, ProviderFailed

#: A leg longer than this (in seconds or metres) is nonsense: half way round the earth.
LONGEST = 20_000_000
#: All requests of one call together may take so many times the timeout of one.
BUDGET = 4


@dataclass(frozen=True, slots=True)
class Osrm:
    """One server per profile; `max_points` is the servers' limit of coordinates in a request.

    Source: OSRM HTTP API, table service, with `annotations=duration,distance`.
    """

    urls: Mapping[str, str]
    timeout_s: float
    max_points: int
    allowed_hosts: frozenset[str]
    name: str = "osrm"

    def serves(self, profile: str) -> bool:
        return profile in self.urls

    def legs(self, origins: Sequence[Point], destinations: Sequence[Point], profile: str) -> Legs:
        """Legs in blocks that the server takes.

        Raises ProviderFailed at the first block that fails, or when all take too long together.
        """
        deadline = time.monotonic() + BUDGET * self.timeout_s
        side = max(1, self.max_points // 2)
        found: Legs = [[None] * len(destinations) for _ in origins]
        for top in range(0, len(origins), side):
            for left in range(0, len(destinations), side):
                if time.monotonic() > deadline:
                    raise ProviderFailed("timeout")
                rows, columns = origins[top : top + side], destinations[left : left + side]
                for n, row in enumerate(self._block(rows, columns, profile)):
                    found[top + n][left : left + len(columns)] = row
        return found

    def _block(self, origins: Sequence[Point], destinations: Sequence[Point], profile: str) -> Legs:
        places = list(dict.fromkeys([*origins, *destinations]))
        if len(places) == 1:
            return [[Leg(0, 0) for _ in destinations] for _ in origins]
        number = {point: n for n, point in enumerate(places)}
        answer = get_json(
            f"{self.urls[profile].rstrip('/')}/table/v1/driving/{_path(places)}"
            f"?annotations=duration,distance&sources={_list(number[p] for p in origins)}"
            f"&destinations={_list(number[p] for p in destinations)}",
            timeout_s=self.timeout_s,
            allowed_hosts=self.allowed_hosts,
        )
        return _legs(answer, len(origins), len(destinations))


def _path(places: Iterable[Point]) -> str:
    return ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in places)


def _list(numbers: Iterable[int]) -> str:
    return ";".join(map(str, numbers))


def _legs(answer: Any, height: int, width: int) -> Legs:
    """The answer's legs; ProviderFailed when it is not a table of this size."""
    if not isinstance(answer, dict) or answer.get("code") != "Ok":
        raise ProviderFailed("unexpected")
    seconds = _grid(answer.get("durations"), height, width)
    metres = _grid(answer.get("distances"), height, width)
    return [
        [_leg(s, m) for s, m in zip(times, lengths, strict=True)]
        for times, lengths in zip(seconds, metres, strict=True)
    ]


def _grid(rows: Any, height: int, width: int) -> list[list[Any]]:
    fits = (
        isinstance(rows, list)
        and len(rows) == height
        and all(isinstance(row, list) and len(row) == width for row in rows)
    )
    if not fits:
        raise ProviderFailed("unexpected")
    return list(rows)


def _leg(seconds: Any, metres: Any) -> Leg | None:
    if seconds is None or metres is None:
        return None
    for value in (seconds, metres):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isfinite(value) or not 0 <= value <= LONGEST:
            raise ProviderFailed("unexpected")
    return Leg(round(seconds), round(metres))
