"""The points of a plan, with how long to allow for at each door."""

from collections.abc import Mapping
from uuid import UUID

from backend.geo.domain.points import Point
from backend.organizations.models import Location
from logistics.domain.problem import Handling, TimeWindow
from logistics.domain.service_times import Spread
from logistics.selectors.hand_over_times import SETUP_S, seconds_allowed


class Places:
    """Points in the order in which they are met, each once."""

    def __init__(self, hand_overs: Mapping[UUID, Spread]) -> None:
        self.points: list[Point] = []
        self.setup_s: list[int] = []
        self.locations: dict[int, set[UUID]] = {}
        self._index: dict[tuple[float, float], int] = {}
        self._service_s = seconds_allowed(hand_overs)

    def at(self, point: Point, location_id: UUID | None = None) -> int:
        key = (round(point.lon, 6), round(point.lat, 6))
        if key not in self._index:
            self._index[key] = len(self.points)
            self.points.append(point)
            self.setup_s.append(0)
        index = self._index[key]
        if location_id is not None:
            self.setup_s[index] = SETUP_S
            self.locations.setdefault(index, set()).add(location_id)
        return index

    def handling(self, location: Location, windows: tuple[TimeWindow, ...]) -> Handling:
        """A hand-over there, in one of these windows."""
        return Handling(self.at(location.point, location.pk), windows, self._service_s[location.pk])
