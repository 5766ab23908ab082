"""Outlines of townships and counties, and which township a point lies in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

from backend.regions.domain.points import Point

Ring = tuple[Point, ...]
#: The outer ring first, then its holes; rings are closed (the last point equals the first).
Polygon = tuple[Ring, ...]
#: Metres of a degree of latitude, good to 0.5 % everywhere.
DEGREE_M = 111_200.0


@dataclass(frozen=True, slots=True)
class Box:
    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """Whether the point lies within the box grown by `margin` degrees on each side."""
        return (
            self.west - margin <= point.lon <= self.east + margin
            and self.south - margin <= point.lat <= self.north + margin
        )


def box_of(points: Iterable[Point]) -> Box:
    lons, lats = zip(*points, strict=True)
    return Box(min(lons), min(lats), max(lons), max(lats))


@dataclass(frozen=True, slots=True)
class Area:
    """A named area of one or more polygons."""

    code: str
    polygons: tuple[Polygon, ...]
    box: Box

    def holds(self, point: Point) -> bool:
        """Whether the point lies inside; a point on a shared border belongs to one side only."""
        return self.box.holds(point) and any(inside(point, each) for each in self.polygons)

    def off_m(self, point: Point) -> float:
        """Metres from the point to the nearest border."""
        return min(
            _to_segment_m(point, a, b)
            for polygon in self.polygons
            for ring in polygon
            for a, b in pairwise(ring)
        )


@dataclass(frozen=True)
class Outlines:
    """The region's areas, cut from one set of shared lines so that neighbours leave no gap."""

    townships: Mapping[str, Area]
    counties: Mapping[str, Area]
    tolerance_m: float

    @cached_property
    def box(self) -> Box:
        corners = (
            corner
            for area in self.townships.values()
            for corner in (
                Point(area.box.west, area.box.south),
                Point(area.box.east, area.box.north),
            )
        )
        return box_of(corners)

    def find(self, point: Point) -> str | None:
        """The code of the township that holds the point, or is nearest within the tolerance."""
        if not self.box.holds(point, _margin(self.tolerance_m, point.lat)):
            return None
        for code, area in self.townships.items():
            if area.holds(point):
                return code
        return self._nearest(point)

    def _nearest(self, point: Point) -> str | None:
        margin = _margin(self.tolerance_m, point.lat)
        close = (
            (area.off_m(point), code)
            for code, area in self.townships.items()
            if area.box.holds(point, margin)
        )
        off_m, code = min(close, default=(self.tolerance_m + 1, ""))
        return code if off_m <= self.tolerance_m else None


def inside(point: Point, polygon: Polygon) -> bool:
    """Even-odd rule over all rings, so that holes are outside."""
    return sum(_crossings(point, ring) for ring in polygon) % 2 == 1


def _crossings(point: Point, ring: Ring) -> int:
    return sum(
        (a.lat > point.lat) != (b.lat > point.lat) and point.lon < _lon_at(point.lat, a, b)
        for a, b in pairwise(ring)
    )


def _lon_at(lat: float, a: Point, b: Point) -> float:
    """Where the segment meets the parallel; the same number for both directions of the segment."""
    low, high = (a, b) if a.lat < b.lat else (b, a)
    return low.lon + (lat - low.lat) * (high.lon - low.lon) / (high.lat - low.lat)


def _margin(metres: float, lat: float) -> float:
    return metres / (DEGREE_M * max(0.01, cos(radians(lat))))


def _to_segment_m(point: Point, a: Point, b: Point) -> float:
    """Metres from a point to a segment, on the plane that touches the earth at the point."""
    east = DEGREE_M * cos(radians(point.lat))
    ax, ay = (a.lon - point.lon) * east, (a.lat - point.lat) * DEGREE_M
    dx, dy = (b.lon - a.lon) * east, (b.lat - a.lat) * DEGREE_M
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return hypot(ax + along * dx, ay + along * dy)


def decode(topology: Mapping[str, Any], layer: str) -> dict[str, Area]:
    """The areas of one layer of a quantized TopoJSON topology, by the geometries' `id`.

    Raises KeyError, IndexError, TypeError or ValueError when the topology is not one.
    Source: TopoJSON 1.0 specification, sections 2.1.2 (delta encoding) and 2.1.4 (arc indexes).
    """
    (scale_lon, scale_lat), (lon, lat) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = [
        tuple(Point(lon + x * scale_lon, lat + y * scale_lat) for x, y in _summed(arc))
        for arc in topology["arcs"]
    ]
    return {
        geometry["id"]: _area(geometry, arcs)
        for geometry in topology["objects"][layer]["geometries"]
    }


def _summed(arc: Sequence[Sequence[int]]) -> Iterable[tuple[int, int]]:
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x, y


def _area(geometry: Mapping[str, Any], arcs: Sequence[Ring]) -> Area:
    shapes = {"Polygon": [geometry["arcs"]], "MultiPolygon": geometry["arcs"]}[geometry["type"]]
    polygons = tuple(tuple(_ring(indexes, arcs) for indexes in shape) for shape in shapes)
    corners = (point for polygon in polygons for point in polygon[0])
    return Area(geometry["id"], polygons, box_of(corners))


def _ring(indexes: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    points: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc if not points else arc[1:])
    if len(points) < 4 or points[0] != points[-1]:  # noqa: PLR2004 - a triangle and its closing
        raise ValueError("a ring of the outline is not closed")
    return tuple(points)
