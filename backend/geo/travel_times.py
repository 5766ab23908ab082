"""How long it takes between points: the one entry for planners, whatever the provider."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np
import structlog
from django.conf import settings

from backend.geo.adapters.osrm import Osrm
from backend.geo.adapters.remembered import RememberedRoads
from backend.geo.adapters.straight_line import Whole, straight_line
from backend.geo.domain.points import Point
from backend.geo.domain.travel import (
    UNREACHABLE,
    Grid,
    Legs,
    ProviderFailed,
    RoadTimes,
    TravelTimes,
)
from backend.regions.domain.pack import Logistics, Profile
from backend.regions.packs import pack

STRAIGHT_LINE = "straight_line"
log = structlog.get_logger(__name__)


def travel_times(
    points: Sequence[Point], *, profile: str, road_groups: Sequence[str], depart_at: datetime
) -> TravelTimes:
    """Seconds and metres between all points for a kind of vehicle that leaves at that hour.

    `road_groups` has one entry per point; between two groups there is no way (UNREACHABLE). Road
    times come from the configured provider of that profile, else from the straight line. A leg that
    the provider cannot give is a straight-line estimate and the result is marked `estimated`.
    Never raises for a failing provider. ValueError: lengths differ, or an unknown profile.
    """
    if len(points) != len(road_groups):
        raise ValueError("one road group per point is needed")
    logistics = pack().logistics
    if profile not in logistics.profiles:
        raise ValueError(f"the region has no profile {profile!r}")
    kind = logistics.profiles[profile]
    pace = _pace(logistics, kind, depart_at)
    seconds, metres = straight_line(points, kind, pace)
    roads = _roads()
    if roads is None or not roads.serves(profile):
        return _result(seconds, metres, road_groups, STRAIGHT_LINE, is_complete=True)
    slower = logistics.traffic_factor / pace if kind.in_traffic else 1.0
    is_complete = True
    for members in _groups(road_groups):
        legs = _asked(roads, [points[n] for n in members], profile)
        is_complete &= _put(legs, members, slower, seconds, metres)
    return _result(seconds, metres, road_groups, roads.name, is_complete=is_complete)


def _pace(logistics: Logistics, kind: Profile, depart_at: datetime) -> float:
    if not kind.in_traffic:
        return 1.0
    return logistics.speed_by_hour[depart_at.astimezone(pack().zone).hour]


def _groups(road_groups: Sequence[str]) -> Iterator[list[int]]:
    """The indexes of each group's points, for groups with a way to go."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for n, group in enumerate(road_groups):
        members[group].append(n)
    return (each for each in members.values() if len(each) > 1)


def _asked(roads: RoadTimes, points: Sequence[Point], profile: str) -> Legs | None:
    try:
        return roads.legs(points, points, profile)
    except ProviderFailed as error:
        log.warning("geo.roads_failed", provider=roads.name, reason=error.reason)
        return None


def _put(
    legs: Legs | None, members: Sequence[int], slower: float, seconds: Whole, metres: Whole
) -> bool:
    """Writes road legs over the estimates; False when some leg stays an estimate."""
    if legs is None:
        return False
    is_complete = True
    for row, origin in zip(legs, members, strict=True):
        for leg, destination in zip(row, members, strict=True):
            if origin == destination:
                continue
            if leg is None:
                is_complete = False
                continue
            seconds[origin, destination] = round(leg.duration_s * slower)
            metres[origin, destination] = leg.distance_m
    return is_complete


def _result(
    seconds: Whole,
    metres: Whole,
    road_groups: Sequence[str],
    provider: str,
    *,
    is_complete: bool,
) -> TravelTimes:
    groups = np.array(road_groups, dtype=object)
    apart = groups[:, None] != groups[None, :]
    return TravelTimes(
        durations_s=_grid(np.where(apart, UNREACHABLE, seconds)),
        distances_m=_grid(np.where(apart, UNREACHABLE, metres)),
        provider=provider,
        estimated=not is_complete,
    )


def _grid(table: Whole) -> Grid:
    return tuple(map(tuple, table.tolist()))


def _roads() -> RoadTimes | None:
    """The configured provider, with its memory; None without one."""
    if not settings.OSRM_URLS:
        return None
    return _remembered(
        tuple(sorted(settings.OSRM_URLS.items())),
        settings.OSRM_TIMEOUT_S,
        settings.OSRM_MAX_POINTS,
        frozenset(settings.GEO_ALLOWED_HOSTS),
    )


@lru_cache(maxsize=4)
def _remembered(
    urls: tuple[tuple[str, str], ...],
    timeout_s: float,
    max_points: int,
    allowed_hosts: frozenset[str],
) -> RememberedRoads:
    return RememberedRoads(Osrm(dict(urls), timeout_s, max_points, allowed_hosts))
