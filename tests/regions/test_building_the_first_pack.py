"""The script that builds places from the atlas: deterministic, and true to its input."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from backend.regions.domain.outlines import decode
from backend.regions.domain.points import Point
from backend.regions.packs import folder
from backend.regions.packs.tw.build import build
from backend.regions.packs.tw.topology import thinned

#: Two square townships of one county, beside each other; the left one has an islet of a few metres.
ARCS = [
    [[50, 0], [-50, 0], [0, 50], [50, 0]],
    [[50, 50], [0, -25], [0, -25]],
    [[50, 0], [50, 0], [0, 50], [-50, 0]],
    [[200, 200], [0, 1], [1, 0], [-1, -1]],
    [[10, 10], [0, 5], [5, 0], [-5, -5]],
]
LEFT, RIGHT = [[[0, 1]], [[3]]], [[[2, 1]]]


def _geometry(shapes: list[list[list[int]]], **properties: str) -> dict[str, Any]:
    return {"type": "MultiPolygon", "arcs": shapes, "properties": properties}


def _topology(**layers: list[dict[str, Any]]) -> dict[str, Any]:
    objects = {
        name: {"type": "GeometryCollection", "geometries": geometries}
        for name, geometries in layers.items()
    }
    transform = {"scale": [0.001, 0.001], "translate": [121.0, 24.0]}
    return {"type": "Topology", "transform": transform, "objects": objects, "arcs": ARCS}


def _town(code: str, name: str, english: str, shapes: list[list[list[int]]]) -> dict[str, Any]:
    return _geometry(shapes, TOWNCODE=code, TOWNNAME=name, TOWNENG=english, COUNTYCODE="1")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A tiny atlas with one village, in the left township."""
    county = _geometry([[[0, -3]], [[3]]], COUNTYCODE="1", COUNTYENG="Left County")
    towns = [_town("11", "台左鄉", "Left Township", LEFT), _town("12", "右鄉", "Right", RIGHT)]
    atlas = _topology(towns=towns, counties=[county])
    village = _geometry([[[4]]], TOWNCODE="11", VILLCODE="111")
    (tmp_path / "towns-10t.json").write_text(json.dumps(atlas), encoding="utf-8")
    villages = _topology(villages=[village, _geometry([[[4]]], TOWNCODE="11", VILLCODE="")])
    (tmp_path / "villages-10t.json").write_text(json.dumps(villages), encoding="utf-8")
    return tmp_path


FLAGS = [
    {"town_code": "12", "road_group": "main", "offshore": "0", "indigenous": "plains"},
    {"town_code": "11", "road_group": "main", "offshore": "0", "indigenous": ""},
]
POPULATION = [
    {
        "county_code": "1",
        "iso_3166_2": "XX-L",
        "name_zh": "左縣",
        "population_2022_03_thousand": "7",
    }
]
OUTPUTS = ["counties.csv", "townships.csv", "outlines.json", "county_outlines.json"]


def _built(package: Path, name: str, flags: Sequence[dict[str, str]] = FLAGS) -> Path:
    target = package / name
    target.mkdir()
    build(package, flags, POPULATION, target)
    return target


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_same_input_gives_the_same_bytes(package: Path) -> None:
    first, second = _built(package, "a"), _built(package, "b")
    for output in OUTPUTS:
        assert (first / output).read_bytes() == (second / output).read_bytes()


def test_rows_are_in_order_with_official_names_and_flags(package: Path) -> None:
    left, right = _rows(_built(package, "a") / "townships.csv")
    assert (left["code"], left["name:zh-hant"], left["flags"]) == ("11", "臺左鄉", "rural")
    assert (right["code"], right["flags"]) == ("12", "rural indigenous_plains")


def test_a_centre_is_a_village_where_there_is_one(package: Path) -> None:
    left, right = _rows(_built(package, "a") / "townships.csv")
    assert float(left["lon"]) == pytest.approx(121.0125, abs=0.003)
    assert float(right["lon"]) == pytest.approx(121.075, abs=0.001)


def test_outlines_hold_the_centres_and_leave_the_specks_out(package: Path) -> None:
    target = _built(package, "a")
    areas = decode(json.loads((target / "outlines.json").read_text("utf-8")), "townships")
    for row in _rows(target / "townships.csv"):
        assert areas[row["code"]].holds(Point(float(row["lon"]), float(row["lat"])))
    assert len(areas["11"].polygons) == 1


def test_population_is_in_people_not_thousands(package: Path) -> None:
    (county,) = _rows(_built(package, "a") / "counties.csv")
    assert (county["population"], county["name:en"]) == ("7000", "Left County")


def test_a_flag_for_an_unknown_township_stops_the_build(package: Path) -> None:
    with pytest.raises(KeyError, match="99"):
        _built(package, "a", [*FLAGS, FLAGS[0] | {"town_code": "99"}])


def test_thinning_keeps_ends_and_enough_corners_for_a_ring() -> None:
    line = [(121 + n / 1000, 24 + (n % 2) / 10_000) for n in range(20)]
    thin = thinned(line, 1e9)
    assert (thin[0], thin[-1], len(thin)) == (line[0], line[-1], 5)
    assert thinned(line, 0) == line


def test_the_committed_tables_fit_the_sources() -> None:
    flags = {row["town_code"]: row for row in _rows(folder("tw") / "sources" / "our_flags.csv")}
    for row in _rows(folder("tw") / "townships.csv"):
        source = flags[row["code"]]
        assert (row["road_group"], row["offshore"]) == (source["road_group"], source["offshore"])
