"""Reading, thinning and writing the atlas's TopoJSON, for the pack's build script."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

Pair = tuple[float, float]
Arc = list[Pair]
#: The output's grid in degrees: about 10 m.
GRID = 0.0001
#: Points that every thinned line keeps besides its ends, so that no ring collapses.
KEPT = 3
#: Square metres of a square degree at the equator.
SQUARE_DEGREE_M2 = 111_200.0**2


def arcs_of(topology: Mapping[str, Any]) -> list[Arc]:
    """The topology's lines in degrees."""
    (scale_x, scale_y), (left, low) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    lines: list[Arc] = []
    for deltas in topology["arcs"]:
        x = y = 0
        line: Arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            line.append((left + x * scale_x, low + y * scale_y))
        lines.append(line)
    return lines


def shapes_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """A geometry's polygons, each a list of rings, each a list of arc numbers."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else list(geometry["arcs"])


def ring_of(numbers: Sequence[int], arcs: Sequence[Arc]) -> Arc:
    """The closed ring that the arcs make; a negative number is an arc run backwards."""
    ring: Arc = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def area_m2(ring: Sequence[Pair]) -> float:
    """Area of a ring in square metres, to about one per cent."""
    twice = sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))
    return abs(twice) / 2 * SQUARE_DEGREE_M2 * cos(radians(ring[0][1]))


def thinned(arc: Arc, least_m2: float) -> Arc:
    """The line without the corners that change least (Visvalingam and Whyatt 1993).

    Corners go while their triangle is smaller than `least_m2`; both ends and at least KEPT inner
    points stay.
    """
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))
    queue = [(_triangle_m2(arc, i - 1, i, i + 1), i) for i in range(1, len(arc) - 1)]
    heapq.heapify(queue)
    gone: set[int] = set()
    current = {i: size for size, i in queue}
    while queue and len(arc) - len(gone) - 2 > KEPT:
        size, i = heapq.heappop(queue)
        if i in gone or size != current[i]:
            continue
        if size >= least_m2:
            break
        gone.add(i)
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for j in (left, right):
            if 0 < j < len(arc) - 1:
                current[j] = max(size, _triangle_m2(arc, before[j], j, after[j]))
                heapq.heappush(queue, (current[j], j))
    return [point for i, point in enumerate(arc) if i not in gone]


def _triangle_m2(arc: Arc, i: int, j: int, k: int) -> float:
    (ax, ay), (bx, by), (cx, cy) = arc[i], arc[j], arc[k]
    twice = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    return abs(twice) / 2 * SQUARE_DEGREE_M2 * cos(radians(by))


@dataclass(frozen=True)
class Layer:
    """The areas of one kind: their codes and, for each, its polygons as arc numbers."""

    name: str
    areas: dict[str, list[list[list[int]]]]


def without_specks(layer: Layer, arcs: Sequence[Arc], least_m2: float) -> Layer:
    """The layer without polygons below `least_m2`; an area's largest polygon always stays."""
    kept = {}
    for code, shapes in layer.areas.items():
        sizes = [area_m2(ring_of(shape[0], arcs)) for shape in shapes]
        largest = max(sizes)
        kept[code] = [
            _without_small_holes(shape, arcs, least_m2)
            for shape, size in zip(shapes, sizes, strict=True)
            if size >= least_m2 or size == largest
        ]
    return Layer(layer.name, kept)


def _without_small_holes(
    shape: list[list[int]], arcs: Sequence[Arc], least_m2: float
) -> list[list[int]]:
    holes = [ring for ring in shape[1:] if area_m2(ring_of(ring, arcs)) >= least_m2]
    return [shape[0], *holes]


def written(arcs: Sequence[Arc], layers: Sequence[Layer]) -> dict[str, Any]:
    """A TopoJSON topology on the grid with only the arcs that the layers use."""
    used = sorted({_plain(number) for layer in layers for number in _numbers(layer)})
    place = {old: new for new, old in enumerate(used)}
    left = min(x for old in used for x, _ in arcs[old])
    low = min(y for old in used for _, y in arcs[old])
    left, low = round(left - GRID, 4), round(low - GRID, 4)
    return {
        "type": "Topology",
        "transform": {"scale": [GRID, GRID], "translate": [left, low]},
        "objects": {layer.name: _collection(layer, place) for layer in layers},
        "arcs": [list(_deltas(arcs[old], left, low)) for old in used],
    }


def _plain(number: int) -> int:
    return number if number >= 0 else ~number


def _numbers(layer: Layer) -> Iterator[int]:
    for shapes in layer.areas.values():
        for shape in shapes:
            for ring in shape:
                yield from ring


def _collection(layer: Layer, place: dict[int, int]) -> dict[str, Any]:
    def renumbered(number: int) -> int:
        return place[number] if number >= 0 else ~place[~number]

    geometries = [
        {
            "type": "MultiPolygon",
            "id": code,
            "arcs": [[[renumbered(n) for n in ring] for ring in shape] for shape in shapes],
        }
        for code, shapes in sorted(layer.areas.items())
    ]
    return {"type": "GeometryCollection", "geometries": geometries}


def _deltas(arc: Arc, left: float, low: float) -> Iterable[list[int]]:
    px = py = 0
    for n, (lon, lat) in enumerate(arc):
        x, y = round((lon - left) / GRID), round((lat - low) / GRID)
        if n and (x, y) == (px, py):
            continue
        yield [x - px, y - py] if n else [x, y]
        px, py = x, y
