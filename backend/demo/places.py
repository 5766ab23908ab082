"""Makes the world from a CSV of real places instead of invented ones."""

import csv
import random
from datetime import datetime
from pathlib import Path

from backend.demo.world import Maker, Size, Told, World
from backend.geo.domain.points import Point
from backend.regions.domain.pack import RegionPack, Township

Place = tuple[Township, Point, str]
KINDS = {"donor": "restaurant", "recipient": "pantry"}


class NotPlaces(ValueError):
    """The file is not a list of places; the message says what is wrong with which line."""


def world_from_file(
    path: Path, region: RegionPack, rng: random.Random, *, size: Size, now: datetime, told: Told
) -> World:
    """A sample of the file's donors and recipients, and couriers who live beside the donors.

    The recipients' counties decide which donors are drawn: half of the donors come from them.
    Raises NotPlaces.
    """
    by_role = _read(path, region)
    if not by_role["donor"] or not by_role["recipient"]:
        raise NotPlaces(f"{path}: needs donors and recipients")
    recipients = _sample(rng, by_role["recipient"], size.charities)
    counties = {township.county_code for township, _, _ in recipients}
    near = [place for place in by_role["donor"] if place[0].county_code in counties]
    donors = _sample(rng, near, size.donors // 2)
    donors += _sample(rng, by_role["donor"], size.donors - len(donors))
    maker = Maker(region, rng, now=now)
    for township, point, kind in donors:
        maker.donor(township, point, kind)
        told("donors")
    for township, point, kind in recipients:
        maker.charity(township, point, kind)
        told("charities")
    for number in range(size.couriers):
        township, point, _ = (donors + recipients)[number * 3 % len(donors + recipients)]
        maker.driver(township, point)
        told("drivers")
    return maker.world


def _sample(rng: random.Random, places: list[Place], number: int) -> list[Place]:
    return rng.sample(places, min(number, len(places)))


def _read(path: Path, region: RegionPack) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {"donor": [], "recipient": []}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = {"role", "lon", "lat"} - set(rows.fieldnames or ())
        if missing:
            raise NotPlaces(f"{path}: no column {sorted(missing)[0]}")
        for number, row in enumerate(rows, start=2):
            place = _place(row, region, f"{path}:{number}")
            if row["role"] in found:
                found[row["role"]].append(place)
    return found


def _place(row: dict[str, str], region: RegionPack, where: str) -> Place:
    try:
        point = Point(float(row["lon"]), float(row["lat"]))
    except ValueError as error:
        raise NotPlaces(f"{where}: not a point") from error
    township = region.locate(point)
    if township is None:
        raise NotPlaces(f"{where}: outside the region")
    return township, point, KINDS.get(row["role"], "restaurant")
