"""Points, distances, and the H3 cells that make searching near a point cheap."""

from collections.abc import Iterable
from math import ceil
from typing import Final

import h3

from backend.regions.domain.points import Point, distance_m

__all__ = ["Point", "cell", "cells_within", "cover", "distance_m"]

#: The two resolutions that rows store: cells with edges of about 200 m and 1.4 km.
FINE, COARSE = 9, 7
#: Up to this radius the fine cells are the smaller cover.
FINE_UP_TO_M: Final = 2_500
#: Beyond this a cell cover is longer than the table it should search.
WIDEST_COVER_M: Final = 100_000


def cell(point: Point, resolution: int) -> str:
    """The H3 cell that holds the point, as the hex string stored in `h3_7` and `h3_9`."""
    found: str = h3.latlng_to_cell(point.lat, point.lon, resolution)
    return found


def cells_within(point: Point, radius_m: float, resolution: int) -> frozenset[str]:
    """Cells that together hold every point within `radius_m`.

    Some cells reach farther, so check the exact distance of what they hold.

    Raises ValueError for a negative radius or one above WIDEST_COVER_M.
    """
    if not 0 <= radius_m <= WIDEST_COVER_M:
        raise ValueError(f"radius must lie between 0 and {WIDEST_COVER_M} m, not {radius_m}")
    origin = cell(point, resolution)
    shortest_m, reach_m = _edges_m(origin)
    # A disk of k rings holds a circle of 1.5 k edges around the origin's centre; cells differ in
    # size over such a cover by a few per cent, hence the shortest edge and one ring more.
    rings = ceil((radius_m + reach_m) / (1.5 * shortest_m)) + 1
    return frozenset(near(h3.grid_disk(origin, rings), point, radius_m=radius_m + 1.5 * reach_m))


def near(cells: Iterable[str], point: Point, *, radius_m: float) -> Iterable[str]:
    """Those cells whose centre lies within `radius_m` of the point."""
    for each in cells:
        lat, lon = h3.cell_to_latlng(each)
        if distance_m(point, Point(lon, lat)) <= radius_m:
            yield each


def cover(point: Point, radius_m: float) -> tuple[str, frozenset[str]]:
    """The stored column to search for what lies within `radius_m`, and the cells to look for.

    Filter rows by `column in cells` first, then by exact distance.
    """
    resolution = FINE if radius_m <= FINE_UP_TO_M else COARSE
    return f"h3_{resolution}", cells_within(point, radius_m, resolution)


def _edges_m(origin: str) -> tuple[float, float]:
    """The cell's shortest edge, and how far its farthest corner is from its centre; metres."""
    corners = [Point(lon, lat) for lat, lon in h3.cell_to_boundary(origin)]
    lat, lon = h3.cell_to_latlng(origin)
    edges = [distance_m(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    return min(edges), max(distance_m(Point(lon, lat), corner) for corner in corners)
