"""Places that an address text or a point may mean."""

from dataclasses import dataclass
from enum import StrEnum

from backend.geo.domain.points import Point


class Precision(StrEnum):
    """How exact a place's point is; anything but ADDRESS asks the person to move the pin."""

    ADDRESS = "address"
    STREET = "street"
    TOWNSHIP = "township"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate for a text, or the description of a point; `township_code` is where it lies.

    For precision COUNTY the point, and so the township, only stands for the county.
    """

    label: str
    point: Point
    precision: Precision
    county_code: str
    township_code: str
    source: str
