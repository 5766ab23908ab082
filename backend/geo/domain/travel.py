"""Travel times between points: what callers get, and what a provider of road times offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from backend.geo.domain.points import Point

#: There is no way between two points; stands in both tables, as in the routing problem.
UNREACHABLE: Final = -1

Grid = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class TravelTimes:
    """Seconds and metres between all points; rows are origins, the diagonal is zero.

    `estimated` says that a road provider was asked and failed for some legs, which are then
    straight-line estimates. Without any provider the straight line is the method, not a makeshift.
    """

    durations_s: Grid
    distances_m: Grid
    provider: str
    estimated: bool = False


class Leg(NamedTuple):
    """One way from a point to another: whole seconds in free flow, whole metres."""

    duration_s: int
    distance_m: int


#: Legs by origin and destination; None where the provider knows no road between the two.
Legs = list[list[Leg | None]]


class RoadTimes(Protocol):
    """A routing engine that knows the roads but not the traffic."""

    @property
    def name(self) -> str: ...

    def serves(self, profile: str) -> bool:
        """Whether it knows the roads for this kind of vehicle."""

    def legs(self, origins: Sequence[Point], destinations: Sequence[Point], profile: str) -> Legs:
        """Legs from each origin to each destination. Raises ProviderFailed."""


class ProviderFailed(Exception):
    """Another server did not give a usable answer; `reason` is a short code for logs and figures.

    `refused`, `timeout`, `status_<n>`, `too_large`, `not_json`, `unexpected`, `not_allowed`,
    `resting` (asked too soon after failures), `busy` (its turn did not come in time).
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
