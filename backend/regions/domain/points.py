"""Points on the earth and the distance between them."""

from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

#: Mean radius of the earth (IUGG, R1); the haversine error against the ellipsoid stays below 0.6 %.
EARTH_RADIUS_M: Final = 6_371_008.8
MOST_EAST, MOST_NORTH = 180.0, 90.0


class Point(NamedTuple):
    """A place on the earth in WGS84 degrees, longitude first; positive is east and north."""

    lon: float
    lat: float

    @classmethod
    def checked(cls, lon: float, lat: float) -> "Point":
        """The point, or ValueError when a coordinate is not finite or off the globe."""
        if not (abs(lon) <= MOST_EAST and abs(lat) <= MOST_NORTH):
            raise ValueError(f"not a point on the earth: lon {lon}, lat {lat}")
        return cls(lon, lat)

    def rounded(self, decimals: int) -> "Point":
        """The point on a grid of so many decimals of a degree (four are about 11 m apart)."""
        return Point(round(self.lon, decimals), round(self.lat, decimals))


def distance_m(a: Point, b: Point) -> float:
    """Metres between two points along the great circle (haversine on the mean sphere)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord)))
