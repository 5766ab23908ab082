"""Reads a county's list of places from CSV; every objection has a line, a column and a code.

Columns: `place_id,role,category,label,lat,lon,county_code,town_code,source`, and `name`, `address`,
`phone`, `legal_id`, `email`. Needed are place_id, role, lat, lon and a label or name. `role` is one
or several of ROLES joined by `+`. UTF-8 with or without a byte order mark.
"""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import StringIO

from backend.common import phone
from backend.geo.domain.points import Point
from backend.organizations.domain.places_values import (
    BadValue,
    checked_email,
    checked_phone,
    checked_point,
    checked_roles,
    checked_text,
)
from backend.regions.domain.pack import RegionPack, Township

LARGEST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
LENGTHS = {
    "place_id": 120,
    "category": 40,
    "label": 120,
    "name": 120,
    "source": 60,
    "address": 200,
    "phone": phone.LONGEST,
    "legal_id": 20,
}
NEEDED = ("place_id", "role", "lat", "lon")
COLUMNS = (*NEEDED, *LENGTHS, "county_code", "town_code", "email")
OTHER_SEPARATOR = re.compile(r"[;\t|]")


class BadFile(Exception):
    """The file as a whole cannot be read: `code` and what to say about it."""

    def __init__(self, code: str, **facts: str | int) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong in one row; lines count from 1 with the header, `column` is a header's name."""

    line: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """One row, sound in itself. Empty text means that the file says nothing about it."""

    line: int
    source: str
    source_ref: str
    roles: frozenset[str]
    category: str
    name: str
    point: Point
    township: Township
    address: str = ""
    phone: str = ""
    legal_id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PlacesFile:
    """The sound rows in the file's order, and every objection to the others."""

    places: tuple[Place, ...]
    objections: tuple[Objection, ...]


def read_places(content: bytes, *, region: RegionPack, default_source: str = "") -> PlacesFile:
    """Reads the whole file before anything is done with it.

    `default_source` stands in where the file has no source. Raises BadFile: `empty`, `too_large`,
    `bad_encoding`, `not_csv`, `unknown_columns`, `missing_columns`, `too_many_rows`.
    """
    rows = _rows(_text(content))
    header = _header(next(rows, (1, []))[1])
    places: list[Place] = []
    objections: list[Objection] = []
    seen: dict[tuple[str, str], int] = {}
    for line, values in rows:
        if len(values) != len(header):
            objections.append(Objection(line, "", "wrong_width"))
            continue
        row = dict(zip(header, (value.strip() for value in values), strict=True))
        row["phone"] = phone.tidy(row.get("phone", ""))
        place, wrong = _place(line, row, region, default_source)
        objections.extend(wrong)
        if place is None:
            continue
        if (place.source, place.source_ref) in seen:
            objections.append(Objection(line, "place_id", "twice_in_file"))
            continue
        seen[place.source, place.source_ref] = line
        places.append(place)
    return PlacesFile(tuple(places), tuple(objections))


def _text(content: bytes) -> str:
    if not content.strip():
        raise BadFile("empty")
    if len(content) > LARGEST_BYTES:
        raise BadFile("too_large", limit_mb=LARGEST_BYTES // (1024 * 1024))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("bad_encoding") from error
    if "\0" in text:
        raise BadFile("not_csv", line=1)
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that are not empty, each with the number of its first line in the file."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            raise BadFile("not_csv", line=line) from error
        if values is None:
            return
        if not any(value.strip() for value in values):
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise BadFile("too_many_rows", limit=MOST_ROWS)
        yield line, values


def _header(names: list[str]) -> tuple[str, ...]:
    header = tuple(name.strip().lower() for name in names)
    if len(header) == 1 and OTHER_SEPARATOR.search(header[0]):
        raise BadFile("not_csv", line=1)
    if missing := set(NEEDED) - set(header):
        raise BadFile("missing_columns", columns=", ".join(sorted(missing)))
    if not {"label", "name"} & set(header):
        raise BadFile("missing_columns", columns="name")
    unknown = [name for name in header if name not in COLUMNS or header.count(name) > 1]
    if unknown:
        raise BadFile("unknown_columns", columns=", ".join(sorted(set(unknown)))[:200])
    return header


def _place(
    line: int, row: dict[str, str], region: RegionPack, default_source: str
) -> tuple[Place | None, list[Objection]]:
    """The row as a place, or all objections to it at once."""
    wrong = [*_wrong_texts(row), *_unknown_codes(row, region)]
    roles: frozenset[str] = frozenset()
    point, township = Point(0.0, 0.0), None
    try:
        roles = checked_roles(row["role"])
    except BadValue as bad:
        wrong.append(bad.objection)
    try:
        point = checked_point(row["lat"], row["lon"])
        township = located(point, region)
    except BadValue as bad:
        wrong.append(bad.objection)
    stated = row.get("county_code")
    if township and stated in region.counties and stated != township.county_code:
        wrong.append(("county_code", "other_county"))
    if wrong or township is None:
        return None, [Objection(line, column, code) for column, code in wrong]
    place = Place(
        line=line,
        source=row.get("source") or default_source,
        source_ref=row["place_id"],
        roles=roles,
        category=row.get("category", ""),
        name=row.get("name") or row["label"],
        point=point,
        township=township,
        address=row.get("address", ""),
        phone=row["phone"],
        legal_id=row.get("legal_id", ""),
        email=row.get("email", ""),
    )
    return place, []


def located(point: Point, region: RegionPack) -> Township:
    """The township of the point; BadValue outside the region."""
    township = region.locate(point)
    if township is None:
        raise BadValue("lat", "outside_region")
    return township


def _wrong_texts(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for column, longest in LENGTHS.items():
        if code := checked_text(row.get(column, ""), longest):
            yield column, code
    if code := checked_email(row.get("email", "")):
        yield "email", code
    if code := checked_phone(row["phone"]):
        yield "phone", code
    if not row["place_id"]:
        yield "place_id", "missing"
    if not (row.get("name") or row.get("label")):
        yield "label" if "label" in row else "name", "missing"


def _unknown_codes(row: dict[str, str], region: RegionPack) -> list[tuple[str, str]]:
    known: tuple[tuple[str, Collection[str]], ...] = (
        ("county_code", region.counties),
        ("town_code", region.townships),
    )
    return [
        (column, "unknown_code")
        for column, codes in known
        if row.get(column) and row[column] not in codes
    ]
