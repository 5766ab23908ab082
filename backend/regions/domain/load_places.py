"""Reads and checks a pack's counties, townships and outlines."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.regions.domain.names import Names
from backend.regions.domain.outlines import Area, Outlines, decode
from backend.regions.domain.pack import County, Township
from backend.regions.domain.pack_files import PackError, Row, by_code, read_object, read_table
from backend.regions.domain.points import Point

OUTLINES = "outlines.json"
COUNTY_MAP = "county_outlines.json"
COUNTIES = "counties.csv"
TOWNSHIPS = "townships.csv"
MOST_PEOPLE = 2_000_000_000


def name_columns(languages: Sequence[str]) -> list[str]:
    return [f"name:{language}" for language in languages]


def names_of(row: Row, languages: Sequence[str]) -> Names:
    return Names({language: row.text(f"name:{language}") for language in languages})


def load_counties(directory: Path, languages: Sequence[str]) -> dict[str, County]:
    columns = ["code", "iso_3166_2", "population", "lon", "lat", *name_columns(languages)]

    def county(row: Row) -> County:
        return County(
            code=row.text("code"),
            names=names_of(row, languages),
            iso_3166_2=row.text("iso_3166_2"),
            population=row.whole("population", least=1, most=MOST_PEOPLE),
            point=_point(row),
        )

    return by_code(read_table(directory, COUNTIES, columns), county)


def load_townships(
    directory: Path, languages: Sequence[str], counties: Mapping[str, County]
) -> dict[str, Township]:
    places = ["code", "county_code", "lon", "lat", "road_group", "offshore", "flags"]

    def township(row: Row) -> Township:
        return Township(
            code=row.text("code"),
            county_code=row.known("county_code", counties),
            names=names_of(row, languages),
            point=_point(row),
            road_group=row.text("road_group"),
            is_offshore=row.truth("offshore"),
            flags=frozenset(row.optional_text("flags").split()),
        )

    rows = read_table(directory, TOWNSHIPS, [*places, *name_columns(languages)])
    townships = by_code(rows, township)
    served = {each.county_code for each in townships.values()}
    for code in counties:
        if code not in served:
            raise PackError(TOWNSHIPS, None, f"the county {code!r} has no township")
    return townships


def load_outlines(
    directory: Path,
    tolerance_m: float,
    counties: Mapping[str, County],
    townships: Mapping[str, Township],
) -> Outlines:
    topology = read_object(directory, OUTLINES)
    outlines = Outlines(
        townships=_layer(topology, "townships", townships),
        counties=_layer(topology, "counties", counties),
        tolerance_m=tolerance_m,
    )
    for number, township in enumerate(townships.values(), start=2):
        if outlines.find(township.point) != township.code:
            reason = f"the point of {township.code!r} lies outside its outline"
            raise PackError(TOWNSHIPS, number, reason)
        if not outlines.counties[township.county_code].holds(township.point):
            reason = f"the point of {township.code!r} lies outside its county"
            raise PackError(TOWNSHIPS, number, reason)
    return outlines


def load_county_map(directory: Path, counties: Mapping[str, County]) -> dict[str, Any]:
    """A coarse GeoJSON geometry for each county, for drawing; by the features' `id`."""
    collection = read_object(directory, COUNTY_MAP)
    found: dict[str, Any] = {}
    for feature in collection.rows("features"):
        code = feature.known("id", counties)
        geometry = feature.inner("geometry")
        if geometry.raw("type") not in ("Polygon", "MultiPolygon"):
            raise geometry.error("type must be Polygon or MultiPolygon")
        found[code] = dict(geometry.values)
    for code in counties:
        if code not in found:
            raise collection.error(f"there is no feature for {code!r}")
    return found


def _layer(topology: Row, name: str, wanted: Mapping[str, Any]) -> dict[str, Area]:
    try:
        areas = decode(topology.values, name)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise topology.error(f"the layer {name} is no TopoJSON of areas ({error!r})") from error
    for code in wanted:
        if code not in areas:
            raise topology.error(f"the layer {name} has no outline of {code!r}")
    for code in areas:
        if code not in wanted:
            raise topology.error(f"the layer {name} has an outline of unknown {code!r}")
    return areas


def _point(row: Row) -> Point:
    return Point(row.number("lon", least=-180, most=180), row.number("lat", least=-90, most=90))
