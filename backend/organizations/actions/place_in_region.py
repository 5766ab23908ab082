"""Puts a point into the region: its township, county and road group."""

from typing import Protocol

from django.utils.translation import gettext_lazy as _

from backend.common.refusals import FieldError, Invalid
from backend.geo.domain.points import Point
from backend.regions.domain.pack import Township
from backend.regions.packs import pack


class OutsideRegion(Invalid):
    """The point lies outside the region that this installation serves."""

    code = "outside_region"
    message = _("This point lies outside the area that we serve.")


class InCounty(Protocol):
    """A row that has a point and freezes the county and road group in which it lies."""

    point: Point
    county_code: str
    road_group: str


def place_in_region(row: InCounty, point: Point) -> Township:
    """Sets the row's point with county and road group; returns the township, for rows that keep it.

    Raises OutsideRegion for a point in no township, on the earth or off it.
    """
    township = township_at(point)
    row.point = point
    row.county_code = township.county_code
    row.road_group = township.road_group
    return township


def township_at(point: Point) -> Township:
    """The township in which the point lies; OutsideRegion when it lies in none."""
    try:
        township = pack().locate(Point.checked(*point))
    except ValueError:
        township = None
    if township is None:
        raise OutsideRegion(fields={"point": [FieldError("outside_region", OutsideRegion.message)]})
    return township
