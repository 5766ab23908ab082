"""Travel times from an OSRM server, and what happens when it fails."""

import socket
import time
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from backend.geo.adapters.http import get_json
from backend.geo.domain.points import Point
from backend.geo.domain.travel import UNREACHABLE, ProviderFailed, TravelTimes
from backend.geo.travel_times import travel_times
from tests.geo.osrm_stand_in import CORNERS, StandIn, shortest

TEN = datetime(2026, 6, 10, 2, tzinfo=UTC)
TOWN = ["market", "school", "station", "harbour"]
#: The region's factor from free flow to average traffic.
TRAFFIC = 1.45


def _times(names: list[str], groups: list[str] | None = None, profile: str = "car") -> TravelTimes:
    points = [CORNERS[name] for name in names]
    return travel_times(
        points, profile=profile, road_groups=groups or ["main"] * len(points), depart_at=TEN
    )


def _straight(names: list[str]) -> TravelTimes:
    return _times(names, profile="van")


def test_times_and_metres_are_those_of_the_roads_in_traffic(osrm: StandIn) -> None:
    table = _times(TOWN)
    for i, start in enumerate(TOWN):
        for j, end in enumerate(TOWN):
            seconds, metres = shortest(start)[end]
            assert table.durations_s[i][j] == round(seconds * TRAFFIC)
            assert table.distances_m[i][j] == metres
    assert table.provider == "osrm"
    assert not table.estimated


def test_one_way_streets_make_the_way_back_longer(osrm: StandIn) -> None:
    table = _times(["market", "harbour"])
    assert table.durations_s[1][0] > 3 * table.durations_s[0][1]


def test_a_profile_without_a_server_uses_the_straight_line(osrm: StandIn) -> None:
    table = _times(TOWN, profile="bicycle")
    assert (table.provider, table.estimated) == ("straight_line", False)
    assert osrm.paths == []


def test_legs_without_a_road_in_one_road_group_are_estimated(osrm: StandIn) -> None:
    names = ["market", "school", "mill"]
    table = _times(names)
    assert table.estimated
    assert table.durations_s[0][2] == _straight(names).durations_s[0][2]
    assert table.durations_s[0][1] == round(120 * TRAFFIC)


def test_points_of_other_road_groups_are_not_even_asked_about(osrm: StandIn) -> None:
    table = _times(["market", "school", "mill", "farm"], ["main", "main", "isle", "isle"])
    assert table.durations_s[0][2] == UNREACHABLE
    assert table.durations_s[2][3] == round(110 * TRAFFIC)
    assert not table.estimated
    assert all(path.count(";") <= 5 for path in osrm.paths)


def test_a_large_table_is_asked_in_blocks_that_the_server_takes(
    osrm: StandIn, settings: Settings
) -> None:
    settings.OSRM_MAX_POINTS = 4
    whole = _times(TOWN * 2)
    assert osrm.largest <= 4
    assert len(osrm.paths) == 4
    assert whole.durations_s[4][1] == round(120 * TRAFFIC)
    assert whole.durations_s[0][4] == 0


def test_the_same_legs_are_asked_only_once(osrm: StandIn) -> None:
    first = _times(TOWN)
    assert _times(TOWN) == first
    assert len(osrm.paths) == 1


def test_a_pin_moved_by_a_few_metres_asks_nothing_new(osrm: StandIn) -> None:
    _times(TOWN)
    moved = [Point(CORNERS[n].lon + 0.00002, CORNERS[n].lat) for n in TOWN]
    table = travel_times(moved, profile="car", road_groups=["main"] * 4, depart_at=TEN)
    assert table.durations_s[0][1] == round(120 * TRAFFIC)
    assert len(osrm.paths) == 1


def test_a_new_point_asks_again_but_not_for_what_is_known(osrm: StandIn) -> None:
    _times(["market", "school"])
    _times(["market", "school", "station"])
    _times(["school", "station"])
    assert len(osrm.paths) == 2


@pytest.mark.parametrize(
    "mood",
    [
        "status 500",
        "status 503",
        "status 429",
        "status 404",
        "redirect",
        "hang",
        "drip",
        "body ",
        "body <html>busy</html>",
        "body null",
        'body {"code": "NoSegment"}',
        'body {"code": "Ok"}',
        'body {"code": "Ok", "durations": [[0]], "distances": [[0]]}',
        'body {"code": "Ok", "durations": [[0, "x"], [1, 0]], "distances": [[0, 1], [1, 0]]}',
        'body {"code": "Ok", "durations": [[0, -5], [1, 0]], "distances": [[0, 1], [1, 0]]}',
        'body {"code": "Ok", "durations": [[0, NaN], [1, 0]], "distances": [[0, 1], [1, 0]]}',
        'body {"code": "Ok", "durations": [[0, true], [1, 0]], "distances": [[0, 1], [1, 0]]}',
        'body {"code": "Ok", "durations": [[0, 1e30], [1, 0]], "distances": [[0, 1], [1, 0]]}',
    ],
)
def test_a_failing_server_is_replaced_by_marked_estimates(osrm: StandIn, mood: str) -> None:
    osrm.mood = mood
    began = time.monotonic()
    table = _times(["market", "school"])
    assert time.monotonic() - began < 2
    assert table.estimated
    assert table.durations_s == _straight(["market", "school"]).durations_s


def test_a_server_that_refuses_connections_is_replaced_too(
    osrm: StandIn, settings: Settings
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"127.0.0.1:{unused.getsockname()[1]}"
    settings.OSRM_URLS = {"car": f"http://{closed}"}
    settings.GEO_ALLOWED_HOSTS = [closed]
    assert _times(TOWN).estimated


def test_a_failing_server_is_left_alone_for_a_while(osrm: StandIn) -> None:
    osrm.mood = "status 500"
    _times(TOWN)
    osrm.mood = "good"
    assert _times(TOWN).estimated
    assert len(osrm.paths) == 1


def test_known_legs_are_still_given_while_the_server_is_down(osrm: StandIn) -> None:
    good = _times(["market", "school"])
    osrm.mood = "status 500"
    assert _times(TOWN).estimated
    assert _times(["market", "school"]) == good


def test_a_host_that_is_not_named_in_the_settings_is_never_asked(
    osrm: StandIn, settings: Settings
) -> None:
    settings.GEO_ALLOWED_HOSTS = ["osrm.example"]
    assert _times(TOWN).estimated
    assert osrm.paths == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a/b", "http://u@a:1/", "//a/b"])
def test_only_plain_addresses_of_named_hosts_are_fetched(url: str) -> None:
    with pytest.raises(ProviderFailed, match="not_allowed"):
        get_json(url, timeout_s=1, allowed_hosts=["a", "a:1", ""])


def test_answers_beyond_any_sensible_size_are_cut_off(
    osrm: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.geo.adapters.http.LARGEST_ANSWER", 1_000)
    osrm.mood = "body " + "[" * 5_000
    with pytest.raises(ProviderFailed, match="too_large"):
        get_json(osrm.url, timeout_s=1, allowed_hosts=[osrm.host])
