"""A region: its places, foods, rules and figures, read once and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from backend.regions.domain.food_safety_rules import FoodSafetyRules
from backend.regions.domain.names import Names
from backend.regions.domain.outlines import Outlines
from backend.regions.domain.points import Point

#: Everything that is stored or carried has one of these; the region says at what temperature.
STORAGE_CLASSES = ("ambient", "chilled", "frozen", "hot")


@dataclass(frozen=True, slots=True)
class Currency:
    """ISO 4217 code and how many decimals its minor unit has."""

    code: str
    exponent: int


@dataclass(frozen=True, slots=True)
class County:
    """The scope of a coordinator and of fairness figures; `population` counts registered people."""

    code: str
    names: Names
    iso_3166_2: str
    population: int
    point: Point


@dataclass(frozen=True, slots=True)
class Township:
    """The smallest place the region names; `point` lies on its largest part of land.

    Two townships of one `road_group` can be driven between. `flags` are the region's own marks for
    places that need more care; "rural" is the one that every region uses.
    """

    code: str
    county_code: str
    names: Names
    point: Point
    road_group: str
    is_offshore: bool
    flags: frozenset[str]

    @property
    def is_rural(self) -> bool:
        return "rural" in self.flags


@dataclass(frozen=True, slots=True)
class Term:
    """A code with its name: an allergen, a diet, a packaging, a group of categories."""

    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of food; mass is guessed from volume by `typical_g_per_l` when nobody weighed."""

    code: str
    group: str
    names: Names
    storage_class: str
    typical_g_per_l: int


@dataclass(frozen=True, slots=True)
class ImpactFactor:
    """One figure for converting delivered mass, with what it covers and who says so."""

    code: str
    value: float
    unit: str
    boundary: str
    source: str
    version: str


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    names: Names


@dataclass(frozen=True, slots=True)
class Profile:
    """How a kind of vehicle moves when nobody knows the roads.

    `detour` is road metres per straight metre; `leg_s` is lost on every leg, whatever its length;
    `in_traffic` says whether the hour of the day matters to it.
    """

    code: str
    detour: float
    speed_kmh: float
    leg_s: int
    in_traffic: bool


@dataclass(frozen=True, slots=True)
class HandOverTimes:
    """How long hand-overs take, as multiples of what a place says: half take `p50`, nine of ten
    `p90` at most. They count as much as that many `visits` that a place has on record.
    """

    p50: float
    p90: float
    visits: float
    source: str


@dataclass(frozen=True, slots=True)
class DrivingTimes:
    """How long legs take, as multiples of what was planned: half take `p50`, nine of ten `p90` at
    most. `shared` is the part of the variance that all legs of one route have in common.
    """

    p50: float
    p90: float
    shared: float
    source: str


@dataclass(frozen=True, slots=True)
class Logistics:
    """Travel figures of the region.

    `speed_by_hour` multiplies speeds, one value for each local hour, 1 being the calibrated
    average. `traffic_factor` turns a free-flow driving time into that average.
    """

    profiles: Mapping[str, Profile]
    speed_by_hour: tuple[float, ...]
    traffic_factor: float
    hand_overs: HandOverTimes
    driving: DrivingTimes


@dataclass(frozen=True, slots=True)
class Spelling:
    """How addresses of the region are written, for finding places in them and for naming places.

    `variants` maps characters to the form the names use; `suffixes` are words for kinds of places,
    which people leave out; `abbreviations` maps short words to long ones; `country_names` say
    nothing within the region. `labels` has a pattern with {county} and {township} per language.
    """

    variants: Mapping[str, str]
    suffixes: tuple[str, ...]
    abbreviations: Mapping[str, str]
    country_names: tuple[str, ...]
    labels: Names


@dataclass(frozen=True, slots=True)
class RegionPack:
    """Everything the code needs to know of a region. Mappings go by code, in the pack's order.

    `county_map` has a coarse GeoJSON geometry for each county, for drawing.
    """

    code: str
    version: str
    names: Names
    languages: tuple[str, ...]
    time_zone: str
    country_code: str
    currency: Currency
    counties: Mapping[str, County]
    townships: Mapping[str, Township]
    category_groups: Mapping[str, Term]
    categories: Mapping[str, Category]
    allergens: Mapping[str, Term]
    diets: Mapping[str, Term]
    storage_classes: Mapping[str, Term]
    packagings: Mapping[str, Term]
    rules: FoodSafetyRules
    impact_factors: Mapping[str, ImpactFactor]
    logistics: Logistics
    holidays: tuple[Holiday, ...]
    spelling: Spelling
    outlines: Outlines
    county_map: Mapping[str, Any]
    attributions: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def locate(self, point: Point) -> Township | None:
        """The township that the point lies in, or None outside the region.

        A point off a simplified coast by no more than the outlines' tolerance counts as inside.
        """
        code = self.outlines.find(point)
        return None if code is None else self.townships[code]

    def county_of(self, township_code: str) -> County:
        return self.counties[self.townships[township_code].county_code]

    def label(self, township: Township, language: str) -> str:
        """County and township as an address in that language has them."""
        county = self.counties[township.county_code]
        return self.spelling.labels.in_language(language).format(
            county=county.names.in_language(language),
            township=township.names.in_language(language),
        )
