"""Which township a point lies in."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.regions.domain.outlines import Outlines
from backend.regions.domain.pack import RegionPack
from backend.regions.domain.points import Point
from backend.regions.packs import pack

TW = pack("tw")
LONS, LATS = st.floats(119.2, 122.1), st.floats(21.8, 25.4)
#: The same outlines without any tolerance.
EXACT = Outlines(TW.outlines.townships, TW.outlines.counties, tolerance_m=0)


@pytest.mark.parametrize(
    ("lon", "lat", "label"),
    [
        (121.5170, 25.0478, "Zhongzheng District, Taipei City"),
        (120.1607, 23.0015, "Anping District, Tainan City"),
        (120.3020, 22.6390, "Sanmin District, Kaohsiung City"),
        (121.6040, 23.9920, "Hualien City, Hualien County"),
        (119.5664, 23.5655, "Magong City, Penghu County"),
        (121.5480, 22.0500, "Lanyu Township, Taitung County"),
        (118.3170, 24.4340, "Jincheng Township, Kinmen County"),
    ],
)
def test_known_places_lie_where_people_say(lon: float, lat: float, label: str) -> None:
    township = TW.locate(Point(lon, lat))
    assert township is not None
    assert TW.label(township, "en") == label


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(0, 0), (119.0, 24.0), (121.5, -25.0), (122.5, 24.5), (139.7, 35.7), (180, 90)],
)
def test_a_point_outside_the_region_is_nowhere(lon: float, lat: float) -> None:
    assert TW.locate(Point(lon, lat)) is None


def test_a_quay_just_off_the_simplified_coast_still_counts() -> None:
    shore = EXACT.townships["10017010"].polygons[0][0]
    offshore = next(
        point
        for lon, lat in shore
        for step in (0.001, -0.001)
        if EXACT.find(point := Point(lon, lat + step)) is None
    )
    assert TW.locate(offshore) is not None


def test_every_center_lies_in_its_own_township() -> None:
    for township in TW.townships.values():
        assert EXACT.find(township.point) == township.code


@settings(max_examples=300, deadline=None)
@given(LONS, LATS)
def test_no_point_lies_in_two_townships(lon: float, lat: float) -> None:
    holders = [code for code, area in EXACT.townships.items() if area.holds(Point(lon, lat))]
    assert len(holders) <= 1


@settings(max_examples=300, deadline=None)
@given(LONS, LATS)
def test_township_and_county_agree(lon: float, lat: float) -> None:
    point = Point(lon, lat)
    code = EXACT.find(point)
    counties = [each for each, area in EXACT.counties.items() if area.holds(point)]
    assert counties == ([] if code is None else [TW.townships[code].county_code])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_neighbours_leave_no_gap_along_their_border(seed: int) -> None:
    """A point of a shared border, nudged by a metre, is in one of the two townships beside it."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    area = EXACT.townships["66000050"]
    point = chance.choice(area.polygons[0][0])
    nudged = Point(point.lon + chance.choice([1e-5, -1e-5]), point.lat + 1e-6)
    assert EXACT.find(nudged) is not None


def test_a_border_point_belongs_to_exactly_one_side(small_pack: RegionPack) -> None:
    for lon, lat in [(9.54, 47.10), (9.51, 47.15), (9.54, 47.15), (9.54, 47.20)]:
        areas = small_pack.outlines.townships.values()
        assert sum(area.holds(Point(lon, lat)) for area in areas) == 1
