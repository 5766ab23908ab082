"""Travel times from the straight line, a detour factor and a calibrated speed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.geo.domain.points import Point
from backend.regions.domain.pack import Profile
from backend.regions.domain.points import EARTH_RADIUS_M

Metres = NDArray[np.float64]
Whole = NDArray[np.int64]
KMH_PER_MS = 3.6


def straight_line(
    points: Sequence[Point], profile: Profile, pace: float = 1.0
) -> tuple[Whole, Whole]:
    """Seconds and metres between all points, as if each could be reached by road.

    `pace` multiplies the profile's speed. Every leg that moves costs the profile's `leg_s` on top;
    points in one place are no leg apart. Rounded to whole seconds and metres.
    """
    metres = distances_m(points) * profile.detour
    driving_s = metres / (profile.speed_kmh / KMH_PER_MS * pace)
    seconds = driving_s + np.where(metres > 0, profile.leg_s, 0)
    return np.rint(seconds).astype(np.int64), np.rint(metres).astype(np.int64)


def distances_m(points: Sequence[Point]) -> Metres:
    """Great-circle metres between all points (haversine, as `distance_m`)."""
    lons, lats = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2)).T
    half_lat = (lats[:, None] - lats[None, :]) / 2
    half_lon = (lons[:, None] - lons[None, :]) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(lats)[:, None] * np.cos(lats) * np.sin(half_lon) ** 2
    angle: Metres = 2 * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return EARTH_RADIUS_M * angle
