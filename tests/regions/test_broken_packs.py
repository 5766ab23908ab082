"""A broken pack is refused, with the file, the row and the reason."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.regions.domain.loader import load
from backend.regions.domain.pack_files import PackError

Json = dict[str, Any]


def _refusal(directory: Path) -> PackError:
    with pytest.raises(PackError) as caught:
        load(directory)
    return caught.value


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_unbroken_copy_loads(pack_copy: Path) -> None:
    assert load(pack_copy).code == "li"


@pytest.mark.parametrize(
    "file",
    [
        "region.json", "counties.csv", "townships.csv", "outlines.json", "county_outlines.json",
        "category_groups.csv", "categories.csv", "allergens.csv", "diets.csv", "packagings.csv",
        "storage_classes.csv", "impact_factors.csv", "holidays.csv", "food_safety.json",
    ],
)  # fmt: skip
def test_every_file_is_needed(pack_copy: Path, file: str) -> None:
    (pack_copy / file).unlink()
    error = _refusal(pack_copy)
    assert (error.file, error.reason) == (file, "the file is missing")


TABLE_BREAKS = [
    ("counties.csv", "OB,LI-OB,24000", "OB,LI-OB,many", 2, "population must be a whole number"),
    ("counties.csv", "OB,LI-OB,24000", "OB,LI-OB,0", 2, "from 1 to"),
    ("counties.csv", "UN,LI-UN", "OB,LI-UN", 3, "the code 'OB' occurs twice"),
    ("counties.csv", "9.52,47.1", "nan,47.1", 2, "lon must lie between -180 and 180"),
    ("counties.csv", "9.52,47.1", "9.52,147.1", 2, "lat must lie between -90 and 90"),
    ("counties.csv", "Oberland,Upper Country", "Oberland,", 2, "name:en must be a text"),
    ("counties.csv", "Oberland,Upper Country", "Oberland", 2, "has 6 cells instead of 7"),
    ("counties.csv", "name:en", "name:fr", 1, "the column name:en is missing"),
    ("counties.csv", "name:de,name:en", "name:de,name:en,colour", 1, "unknown column 'colour'"),
    ("townships.csv", "TN,OB", "TN,XX", 2, "county_code names 'XX', which does not exist"),
    ("townships.csv", "main,0,,Triesen", ",0,,Triesen", 2, "road_group must be a text"),
    ("townships.csv", "main,0,,Triesen", "main,maybe,,Triesen", 2, "offshore must be true or"),
    ("townships.csv", "9.51,47.1", "9.57,47.1", 2, "the point of 'TN' lies outside its outline"),
    ("townships.csv", "MA,UN,", "MU,UN,", None, "no outline of 'MU'"),
    ("townships.csv", "ES,UN", "ES,OB", 4, "lies outside its county"),
    ("categories.csv", "bread,bakery", "bread,bakerei", 2, "group names 'bakerei'"),
    ("categories.csv", "bakery,ambient", "bakery,warm", 2, "storage_class names 'warm'"),
    ("categories.csv", "ambient,220", "ambient,-220", 2, "typical_g_per_l"),
    ("categories.csv", "bread,bakery", "bread ,bakery", 2, "without space around it"),
    ("category_groups.csv", "dairy,Milch", "milk,Milch", None, ""),
    ("storage_classes.csv", "hot,Heiss", "warm,Heiss", None, "must have exactly ambient, chilled"),
    ("impact_factors.csv", "meal_g,420", "meal_g,", 2, "value must be a number"),
    ("impact_factors.csv", "meal_g,420", "meals,420", None, "the factor 'meal_g' is missing"),
    ("impact_factors.csv", "WRAP guidance", "", 2, "source must be a text"),
    ("holidays.csv", "2026-08-15", "2026-08-32", 3, "date must be a date like 2026-01-31"),
    ("holidays.csv", "2026-08-15", "2025-08-15", 3, "days must be in order"),
]


@pytest.mark.parametrize("wrong", TABLE_BREAKS)
def test_a_wrong_cell_is_named_with_its_row(
    pack_copy: Path, wrong: tuple[str, str, str, int | None, str]
) -> None:
    file, old, new, row, reason = wrong
    _replace(pack_copy / file, old, new)
    error = _refusal(pack_copy)
    if row is not None:
        assert (error.file, error.row) == (file, row)
        assert str(error).startswith(f"{file}, row {row}: ")
    assert reason in str(error)


REGION_BREAKS: list[tuple[Callable[[Json], object], str]] = [
    (lambda r: r.pop("currency"), "currency is missing"),
    (lambda r: r.update(code="other"), "code is 'other' in a folder called 'li'"),
    (lambda r: r.update(colour="red"), "unknown field 'colour'"),
    (lambda r: r.update(time_zone="Mars/Olympus"), "time_zone 'Mars/Olympus' is unknown"),
    (lambda r: r.update(time_zone="../../etc/passwd"), "is unknown"),
    (lambda r: r.update(languages=[]), "languages must name at least one"),
    (lambda r: r.update(languages=["de", "de"]), "none of them twice"),
    (lambda r: r.update(languages=["de", "en", "fr"]), "the column name:fr is missing"),
    (lambda r: r.update(languages="de"), "languages must be a list of texts"),
    (lambda r: r["names"].pop("en"), "names: en is missing"),
    (lambda r: r["currency"].update(code="Franc"), "currency: code must be three capital letters"),
    (lambda r: r["currency"].update(exponent=2.0), "exponent must be a whole number"),
    (lambda r: r["currency"].update(exponent=True), "exponent must be a whole number"),
    (lambda r: r.update(outline_tolerance_m=-1), "outline_tolerance_m must lie between"),
    (lambda r: r["logistics"].update(speed_by_hour=[1] * 23), "must have 24 numbers"),
    (lambda r: r["logistics"]["speed_by_hour"].__setitem__(7, 0), "speed_by_hour: 7 must lie"),
    (lambda r: r["logistics"]["profiles"].pop(3), "the profile 'car' is missing"),
    (lambda r: r["logistics"]["profiles"][1].update(detour=0.9), "profiles[1]: detour must lie"),
    (lambda r: r["logistics"].update(profiles=7), "profiles must be a list of objects"),
    (lambda r: r["logistics"].pop("hand_over_times"), "logistics: hand_over_times is missing"),
    (lambda r: r["logistics"]["hand_over_times"].update(p90=0.8), "p90 must lie between 0.9"),
    (lambda r: r["logistics"]["hand_over_times"].update(visits=0), "visits must lie between"),
    (lambda r: r["logistics"]["driving_times"].update(shared=1.1), "shared must lie between"),
    (lambda r: r["logistics"]["driving_times"].update(source=""), "source must be a text"),
    (lambda r: r["spelling"]["variants"].update(ab="c"), "must map one character to one"),
    (lambda r: r["spelling"]["labels"].update(en="{county}"), "needs {county} and {township}"),
    (lambda r: r.update(spelling=[]), "spelling must be an object"),
]  # fmt: skip


def _change(file: Path, change: Callable[[Json], object]) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(("change", "reason"), REGION_BREAKS)
def test_a_wrong_value_of_the_region_is_named(
    pack_copy: Path, change: Callable[[Json], object], reason: str
) -> None:
    _change(pack_copy / "region.json", change)
    assert reason in str(_refusal(pack_copy))


RULE_BREAKS: list[tuple[Callable[[Json], object], str]] = [
    (lambda r: r["dates"][0].update(source="hearsay"), "dates[0]: source names 'hearsay'"),
    (lambda r: r["dates"][0].update(field="sell_by"), "dates[0]: field must be one of"),
    (lambda r: r["dates"][0].update(ends="noon"), "ends must be one of following_midnight"),
    (lambda r: r["dates"][0].update(grace_days=-1), "grace_days"),
    (lambda r: r["dates"][0].update(valid_until="2014-01-01"), "valid_until must be later"),
    (lambda r: r["dates"][0].update(valid_from="yesterday"), "valid_from must be a date"),
    (lambda r: r["dates"][0].pop("valid_until"), "valid_until is missing"),
    (lambda r: r["dates"][0].update(forbids_giving="yes"), "forbids_giving must be true or"),
    (lambda r: r["dates"][2].update(valid_until="2026-01-02"), "are in force on one day"),
    (lambda r: r["dates"][3].update(version=1), "has version 1 twice"),
    (lambda r: r["dates"][2].update(category_groups=["cheese"]), "category_groups names 'cheese'"),
    (lambda r: r["lives"][0].update(longest_s=0), "lives[0]: longest_s"),
    (lambda r: r["lives"][0].update(counts_from="birth"), "counts_from must be one of"),
    (lambda r: r["lives"].pop(1), "a lasting rule that counts from offered_at"),
    (lambda r: r["lives"][1].update(valid_until="2030-01-01"), "a lasting rule that counts"),
    (lambda r: r["lives"][1].update(storage_classes=["hot"]), "a lasting rule that counts"),
    (lambda r: r["needs"][0].update(fact="a_hunch"), "needs[0]: fact must be one of"),
    (lambda r: r["temperatures"].pop(0), "needs a lasting highest_dc for chilled"),
    (lambda r: r["temperatures"].pop(1), "needs a lasting highest_dc for frozen"),
    (lambda r: r["temperatures"].pop(2), "needs a lasting lowest_dc for hot"),
    (lambda r: r["temperatures"][0].update(lowest_dc=60), "lowest_dc is above highest_dc"),
    (lambda r: r["temperatures"][2].update(lowest_dc=None), "needs lowest_dc or highest_dc"),
    (lambda r: r["temperatures"][0].update(highest_dc=5.5), "highest_dc must be a whole number"),
    (lambda r: r["out_of_cold"][0].update(storage_class="cool"), "storage_class names 'cool'"),
    (lambda r: r["out_of_cold"][0].update(longest=3), "out_of_cold[0]: unknown field 'longest'"),
    (lambda r: r["sources"]["test"].update(url="http://x"), "url must begin with https://"),
    (lambda r: r["sources"]["test"].update(title=""), "sources.test: title must be a text"),
    (lambda r: r.pop("dates"), "dates is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), RULE_BREAKS)
def test_a_wrong_rule_is_named(
    pack_copy: Path, change: Callable[[Json], object], reason: str
) -> None:
    _change(pack_copy / "food_safety.json", change)
    error = _refusal(pack_copy)
    assert error.file == "food_safety.json"
    assert reason in str(error)


OUTLINE_BREAKS: list[tuple[Callable[[Json], object], str]] = [
    (lambda t: t["arcs"].pop(), "IndexError"),
    (lambda t: t["arcs"][1].pop(), "is not closed"),
    (lambda t: t.pop("transform"), "KeyError"),
    (lambda t: t["objects"].pop("counties"), "layer counties is no TopoJSON"),
    (lambda t: t["objects"]["townships"]["geometries"].pop(), "has no outline of 'MA'"),
    (lambda t: t["objects"]["townships"]["geometries"][0].update(id="ZZ"), "no outline of 'TN'"),
    (lambda t: t["objects"]["counties"]["geometries"].append(
        {"type": "Polygon", "id": "ZZ", "arcs": [[0, 1, 2]]}), "an outline of unknown 'ZZ'"),
    (lambda t: t["objects"]["townships"]["geometries"][0].update(type="Point"), "KeyError"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), OUTLINE_BREAKS)
def test_a_wrong_outline_is_named(
    pack_copy: Path, change: Callable[[Json], object], reason: str
) -> None:
    _change(pack_copy / "outlines.json", change)
    error = _refusal(pack_copy)
    assert error.file == "outlines.json"
    assert reason in str(error)


def test_a_county_that_cannot_be_drawn_is_named(pack_copy: Path) -> None:
    _change(pack_copy / "county_outlines.json", lambda c: c["features"].pop())
    assert "there is no feature for 'UN'" in str(_refusal(pack_copy))


def test_text_that_is_not_json_is_named_with_its_line(pack_copy: Path) -> None:
    (pack_copy / "region.json").write_text('{\n "code": \n', encoding="utf-8")
    error = _refusal(pack_copy)
    assert (error.file, error.row) == ("region.json", 3)


def test_a_json_file_must_hold_an_object(pack_copy: Path) -> None:
    (pack_copy / "food_safety.json").write_text("[]", encoding="utf-8")
    assert "must hold a JSON object" in str(_refusal(pack_copy))


def test_text_in_another_encoding_is_refused(pack_copy: Path) -> None:
    text = (pack_copy / "categories.csv").read_text(encoding="utf-8")
    (pack_copy / "categories.csv").write_bytes(text.encode("latin-1"))
    assert re.match(r"categories\.csv: cannot be read as UTF-8", str(_refusal(pack_copy)))


def test_an_empty_table_is_refused(pack_copy: Path) -> None:
    (pack_copy / "allergens.csv").write_text("", encoding="utf-8")
    assert str(_refusal(pack_copy)) == "allergens.csv, row 1: the column code is missing"


def test_a_county_without_townships_is_refused(pack_copy: Path) -> None:
    with (pack_copy / "counties.csv").open("a", encoding="utf-8") as file:
        file.write("ZZ,LI-ZZ,10,9.5,47.1,Leer,Empty\n")
    assert "the county 'ZZ' has no township" in str(_refusal(pack_copy))
