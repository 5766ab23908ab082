"""The pack that comes with the product: complete, attributed and small."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from backend.regions.domain.food_safety_rules import Cited
from backend.regions.domain.points import Point, distance_m
from backend.regions.packs import folder, pack

TW = pack("tw")


def test_it_has_every_county_and_township() -> None:
    assert (len(TW.counties), len(TW.townships)) == (22, 368)
    assert sum(county.population for county in TW.counties.values()) == 23_270_000


def test_every_place_has_a_name_in_both_languages() -> None:
    all_names = [county.names for county in TW.counties.values()]
    all_names += [township.names for township in TW.townships.values()]
    all_names += [category.names for category in TW.categories.values()]
    for names in all_names:
        assert names.in_language("en").isascii()
        assert not names.in_language("zh-hant").isascii()


def test_chinese_names_use_the_official_form() -> None:
    names = [place.names.in_language("zh-hant") for place in TW.townships.values()]
    assert not any("台" in name for name in names)
    assert "臺東市" in names


def test_road_groups_are_the_main_island_and_twelve_others() -> None:
    groups = {township.road_group for township in TW.townships.values()}
    assert len(groups) == 13
    assert {"main", "penghu", "kinmen", "lanyu", "ludao", "liuqiu"} <= groups


def test_no_road_group_but_the_main_one_spans_counties() -> None:
    for group in {t.road_group for t in TW.townships.values()} - {"main"}:
        members = [t for t in TW.townships.values() if t.road_group == group]
        assert len({t.county_code for t in members}) == 1
        assert all(t.is_offshore for t in members)


def test_flags_mark_rural_and_indigenous_townships() -> None:
    flags = [township.flags for township in TW.townships.values()]
    assert sum("indigenous_mountain" in each for each in flags) == 30
    assert sum("indigenous_plains" in each for each in flags) == 25
    assert sum(township.is_rural for township in TW.townships.values()) == 117


def test_allergens_are_the_eleven_of_the_law() -> None:
    assert len(TW.allergens) == 11


def test_logistics_has_the_calibrated_figures() -> None:
    van = TW.logistics.profiles["van"]
    assert (van.detour, van.speed_kmh, van.leg_s) == (1.30, 27, 25)
    day = TW.logistics.speed_by_hour[8:20]
    assert sum(day) / len(day) == pytest.approx(0.92, abs=0.05)


def test_how_times_vary_is_said_with_its_source() -> None:
    doors, roads = TW.logistics.hand_overs, TW.logistics.driving
    assert (doors.p50, doors.p90, doors.visits) == (1.0, 2.0, 8)
    assert (roads.p50, roads.p90, roads.shared) == (1.0, 1.3, 0.5)
    assert "Assumed" in doors.source
    assert "Assumed" in roads.source


def test_every_rule_and_factor_names_its_source() -> None:
    rules = TW.rules
    cited: list[Cited] = [*rules.dates, *rules.lives, *rules.needs, *rules.temperatures]
    for rule in [*cited, *rules.out_of_cold]:
        assert rule.citation.source.title
        assert rule.citation.source.url.startswith("https://")
    assert all(factor.source and factor.version for factor in TW.impact_factors.values())


def test_outlines_stay_small() -> None:
    here = folder("tw")
    files = [here / "outlines.json", here / "county_outlines.json"]
    assert sum(file.stat().st_size for file in files) < 400_000


def test_licences_travel_with_the_data() -> None:
    text = (folder("tw") / "LICENSES.md").read_text(encoding="utf-8")
    for needed in ("Daniel Kao", "Finjon Kiang", "Ministry of the Interior", "MIT License",
                   "Open Government Data License"):  # fmt: skip
        assert needed in text
    assert any("Ministry of the Interior" in line for line in TW.attributions)


def test_a_county_is_near_its_townships() -> None:
    for county in TW.counties.values():
        members = [t for t in TW.townships.values() if t.county_code == county.code]
        assert min(distance_m(county.point, t.point) for t in members) < 20_000


def test_readers_of_another_language_get_the_first_one() -> None:
    names = TW.townships["63000030"].names
    assert names.in_language("fr") == "大安區"
    assert names.in_language("zh-tw") == "大安區"
    assert names.in_language("en-gb") == "Da'an District"


def test_it_is_read_only_once() -> None:
    assert pack() is pack("tw")


@pytest.mark.parametrize("code", ["xx", "../tw", "", "tw/sources"])
def test_a_code_without_a_pack_is_refused(code: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        folder(code)


def test_source_tables_are_those_the_pack_was_built_from() -> None:
    sources = Path(folder("tw")) / "sources"
    assert (sources / "our_flags.csv").read_text(encoding="utf-8").count("\n") == 369
    assert TW.locate(Point(121.5654, 25.0330)) == TW.townships["63000020"]
