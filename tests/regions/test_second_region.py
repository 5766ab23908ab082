"""The product serves another region by a setting alone."""

from datetime import UTC, datetime

from backend.geo.domain.places import Precision
from backend.geo.domain.points import Point
from backend.geo.geocoding import describe, geocode
from backend.geo.travel_times import travel_times
from backend.regions.domain.pack import RegionPack
from backend.regions.packs import pack


def test_a_pack_outside_the_product_is_found_by_its_folder(small_region: RegionPack) -> None:
    assert pack().code == "li"
    assert pack().currency.exponent == 2
    assert str(pack().zone) == "Europe/Vaduz"
    assert pack("tw").code == "tw"


def test_points_lie_in_its_townships_only(small_region: RegionPack) -> None:
    township = pack().locate(Point(9.52, 47.14))
    assert township is not None
    assert township.code == "TN"
    assert pack().locate(Point(121.5, 25.0)) is None


def test_its_places_are_found_by_name_in_its_languages(small_region: RegionPack) -> None:
    (place,) = geocode("Hauptstrasse 1, Vaduz, Liechtenstein", "de")
    assert (place.label, place.precision) == ("Vaduz (Oberland)", Precision.TOWNSHIP)
    assert geocode("大安區", "de") == []
    found = describe(Point(9.57, 47.2), "en")
    assert found is not None
    assert found.label == "Mauren, Lower Country"


def test_its_roads_have_its_own_speeds(small_region: RegionPack) -> None:
    points = [pack().townships[code].point for code in ("TN", "ES")]
    ten = datetime(2026, 6, 10, 8, tzinfo=UTC)
    here = travel_times(points, profile="car", road_groups=["main"] * 2, depart_at=ten)
    profile = small_region.logistics.profiles["car"]
    assert here.durations_s[0][1] == round(here.distances_m[0][1] / (40 / 3.6) + 20)
    assert profile.detour == 1.4
