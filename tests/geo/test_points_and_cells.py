"""What is known of points: distances, cells and covers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.geo.domain.points import Point, cell, cells_within, cover, distance_m

LONS = st.floats(-180, 180)
LATS = st.floats(-80, 80)


def _step(point: Point, *, bearing: float, away_m: float) -> Point:
    lat = math.radians(point.lat)
    angle = away_m / 6_371_008.8
    to_lat = math.asin(
        math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    )
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat),
        math.cos(angle) - math.sin(lat) * math.sin(to_lat),
    )
    lon = (point.lon + math.degrees(turn) + 180) % 360 - 180
    return Point(lon, math.degrees(to_lat))


def test_a_degree_of_latitude_is_about_111_kilometres() -> None:
    assert distance_m(Point(121.0, 24.0), Point(121.0, 25.0)) == pytest.approx(111_195, abs=1)


def test_the_distance_across_the_date_line_is_the_short_way() -> None:
    assert distance_m(Point(179.9, 0.0), Point(-179.9, 0.0)) == pytest.approx(22_239, abs=1)


@settings(max_examples=100, deadline=None)
@given(LONS, LATS, LONS, LATS)
def test_distance_is_symmetric_and_zero_only_at_home(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float
) -> None:
    a, b = Point(lon_a, lat_a), Point(lon_b, lat_b)
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, a) == 0


@settings(max_examples=150, deadline=None)
@given(
    lon=LONS,
    lat=LATS,
    bearing=st.floats(0, 2 * math.pi),
    share=st.floats(0, 1),
    radius_m=st.floats(0, 30_000),
)
def test_a_cover_misses_no_point_within_its_radius(
    lon: float, lat: float, bearing: float, share: float, radius_m: float
) -> None:
    point = Point(lon, lat)
    other = _step(point, bearing=bearing, away_m=radius_m * share * 0.999)
    column, cells = cover(point, radius_m)
    assert cell(other, int(column.removeprefix("h3_"))) in cells


def test_a_cover_is_not_much_larger_than_its_circle() -> None:
    assert len(cells_within(Point(121.5, 25.0), 5_000, 7)) < 40
    assert len(cells_within(Point(121.5, 25.0), 0, 9)) <= 7


@pytest.mark.parametrize("radius_m", [-1, 100_001, math.nan])
def test_a_cover_of_no_sensible_radius_is_refused(radius_m: float) -> None:
    with pytest.raises(ValueError, match="radius"):
        cells_within(Point(121.5, 25.0), radius_m, 7)


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (math.nan, 0), (0, math.inf)])
def test_a_point_off_the_globe_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="not a point"):
        Point.checked(lon, lat)


def test_small_searches_use_the_fine_column_and_wide_ones_the_coarse() -> None:
    assert cover(Point(121.5, 25.0), 1_000)[0] == "h3_9"
    assert cover(Point(121.5, 25.0), 5_000)[0] == "h3_7"
