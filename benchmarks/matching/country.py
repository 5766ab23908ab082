"""Where people, donors and charities are: the counties and townships of the region pack."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path
from random import Random
from typing import Final

from backend.geo.domain.points import Point
from backend.regions import packs
from backend.regions.domain.loader import load
from backend.regions.domain.pack import RegionPack, Township

PACK: Final = Path(packs.__file__).parent / "tw"
_KM_PER_DEGREE: Final = 111.2


@cache
def region() -> RegionPack:
    """Taiwan as the product knows it."""
    return load(PACK)


@dataclass(frozen=True, slots=True)
class Country:
    """Townships with the weight of people there; `rural` divides the weight of rural ones."""

    townships: tuple[Township, ...]
    weights: tuple[float, ...]

    def draw(self, random: Random) -> Township:
        return random.choices(self.townships, self.weights)[0]


@cache
def country(rural: float) -> Country:
    """Registered people of each county, spread over its townships; rural ones hold fewer."""
    pack = region()
    of_county: defaultdict[str, list[Township]] = defaultdict(list)
    for township in pack.townships.values():
        of_county[township.county_code].append(township)
    townships, weights = list[Township](), list[float]()
    for code, inside in of_county.items():
        shares = [1 / rural if each.is_rural else 1.0 for each in inside]
        people = pack.counties[code].population
        townships += inside
        weights += [people * share / sum(shares) for share in shares]
    return Country(tuple(townships), tuple(weights))


def near(township: Township, random: Random) -> Point:
    """A point about so far from the middle of the township as its people live."""
    spread_km = 3.0 if township.is_rural else 1.8
    if township.is_offshore:
        spread_km = 0.8
    north = random.gauss(0, spread_km) / _KM_PER_DEGREE
    east = random.gauss(0, spread_km) / _KM_PER_DEGREE / cos(radians(township.point.lat))
    return Point(round(township.point.lon + east, 5), round(township.point.lat + north, 5))
