"""Travel times without a road provider: the region's calibrated figures."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.geo.adapters.straight_line import distances_m
from backend.geo.domain.points import Point, distance_m
from backend.geo.domain.travel import UNREACHABLE
from backend.geo.travel_times import travel_times
from backend.regions.packs import pack

A, B, C = Point(121.50, 25.00), Point(121.60, 25.05), Point(119.57, 23.57)
#: Ten in the morning: the region's speed is the calibrated one.
TEN = datetime(2026, 6, 10, 2, tzinfo=UTC)
FIVE_PM = datetime(2026, 6, 10, 10, tzinfo=UTC)
POINTS = st.builds(Point, st.floats(119, 122), st.floats(22, 26))


def test_a_leg_is_the_detour_at_27_kmh_and_25_seconds() -> None:
    table = travel_times([A, B], profile="van", road_groups=["main"] * 2, depart_at=TEN)
    metres = distance_m(A, B) * 1.30
    assert table.distances_m[0][1] == round(metres)
    assert table.durations_s[0][1] == round(metres / (27 / 3.6) + 25)
    assert table.durations_s[0][0] == 0
    assert not table.estimated
    assert table.provider == "straight_line"


def test_no_van_drives_between_road_groups() -> None:
    table = travel_times(
        [A, B, C], profile="van", road_groups=["main", "main", "penghu"], depart_at=TEN
    )
    assert table.durations_s[0][2] == table.distances_m[2][1] == UNREACHABLE
    assert table.durations_s[2][2] == 0
    assert table.durations_s[0][1] > 0


def test_the_evening_rush_is_slower_for_cars_and_not_for_bicycles() -> None:
    def seconds(profile: str, at: datetime) -> int:
        groups = ["main", "main"]
        table = travel_times([A, B], profile=profile, road_groups=groups, depart_at=at)
        return table.durations_s[0][1]

    assert seconds("car", FIVE_PM) > 1.15 * seconds("car", TEN)
    assert seconds("bicycle", FIVE_PM) == seconds("bicycle", TEN)


def test_two_donors_in_one_house_are_no_leg_apart() -> None:
    table = travel_times([A, A], profile="car", road_groups=["main"] * 2, depart_at=TEN)
    assert table.durations_s == ((0, 0), (0, 0))


def test_no_points_make_an_empty_table() -> None:
    table = travel_times([], profile="car", road_groups=[], depart_at=TEN)
    assert table.durations_s == ()


def test_a_profile_that_the_region_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="no profile 'rocket'"):
        travel_times([A], profile="rocket", road_groups=["main"], depart_at=TEN)


def test_a_missing_road_group_is_refused() -> None:
    with pytest.raises(ValueError, match="one road group per point"):
        travel_times([A, B], profile="car", road_groups=["main"], depart_at=TEN)


@settings(max_examples=50, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=6))
def test_tables_are_symmetric_and_keep_the_triangle_but_for_rounding(points: list[Point]) -> None:
    table = travel_times(points, profile="truck", road_groups=["main"] * len(points), depart_at=TEN)
    indexes = range(len(points))
    for i in indexes:
        for j in indexes:
            assert table.durations_s[i][j] == table.durations_s[j][i]
            for k in indexes:
                by_k = table.durations_s[i][k] + table.durations_s[k][j]
                assert table.durations_s[i][j] <= by_k + 2


@settings(max_examples=50, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=5))
def test_the_fast_distances_are_the_plain_ones(points: list[Point]) -> None:
    table = distances_m(points)
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            assert table[i, j] == pytest.approx(distance_m(a, b), abs=0.01)


def test_every_profile_of_the_region_is_usable() -> None:
    for profile in pack().logistics.profiles:
        table = travel_times([A, B], profile=profile, road_groups=["main"] * 2, depart_at=TEN)
        assert table.durations_s[0][1] > 60
