"""Road times that are asked for once: legs kept by rounded points, and rest after failures."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from backend.geo.domain.breaker import Breaker
from backend.geo.domain.points import Point
from backend.geo.domain.travel import Leg, Legs, ProviderFailed, RoadTimes

#: Points are rounded to about 11 m, so that a moved pin in one yard asks nothing new.
DECIMALS = 4
#: Legs kept per process, the oldest leaving first; about 60 MB when full.
MOST_LEGS = 250_000
FAILURES, REST_S = 1, 30.0
Key = tuple[str, Point, Point]


class RememberedRoads:
    """Wraps a provider; lives as long as the process, so a server's new map needs a restart."""

    def __init__(self, roads: RoadTimes, *, breaker: Breaker | None = None) -> None:
        self._roads = roads
        self._breaker = breaker or Breaker(failures=FAILURES, rest_s=REST_S)
        self._known: OrderedDict[Key, Leg | None] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        return self._roads.name

    def serves(self, profile: str) -> bool:
        return self._roads.serves(profile)

    def legs(self, origins: Sequence[Point], destinations: Sequence[Point], profile: str) -> Legs:
        """Legs between the rounded points; asks only from origins with an unknown leg.

        Raises ProviderFailed, with reason `resting` while the provider is left alone.
        """
        starts = [point.rounded(DECIMALS) for point in origins]
        ends = [point.rounded(DECIMALS) for point in destinations]
        known = self._recalled(starts, ends, profile)
        asked = [
            start
            for start in dict.fromkeys(starts)
            if any((profile, start, end) not in known for end in ends)
        ]
        if asked:
            fresh = self._ask(asked, list(dict.fromkeys(ends)), profile)
            known |= fresh
            self._keep(fresh)
        return [[known[profile, start, end] for end in ends] for start in starts]

    def _recalled(
        self, starts: Sequence[Point], ends: Sequence[Point], profile: str
    ) -> dict[Key, Leg | None]:
        keys = ((profile, start, end) for start in starts for end in ends)
        with self._lock:
            return {key: self._known[key] for key in keys if key in self._known}

    def _ask(
        self, starts: Sequence[Point], ends: Sequence[Point], profile: str
    ) -> dict[Key, Leg | None]:
        if not self._breaker.may_call():
            raise ProviderFailed("resting")
        try:
            rows = self._roads.legs(starts, ends, profile)
        except ProviderFailed:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return {
            (profile, start, end): leg
            for start, row in zip(starts, rows, strict=True)
            for end, leg in zip(ends, row, strict=True)
        }

    def _keep(self, fresh: dict[Key, Leg | None]) -> None:
        with self._lock:
            self._known.update(fresh)
            while len(self._known) > MOST_LEGS:
                self._known.popitem(last=False)
