"""Finding townships in address texts without any server."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.geo.domain.places import Precision
from backend.geo.geocoding import describe, geocode
from backend.regions.domain.points import Point
from backend.regions.packs import pack

DAAN = "63000030"
NAMES = [
    (township.code, language, pack().label(township, language))
    for township in pack().townships.values()
    for language in pack().languages
]


@pytest.mark.parametrize(
    "text",
    [
        "臺北市大安區忠孝東路三段1號",
        "台北市大安區",
        "106 台灣台北市大安區和平東路一段162號",
        "台北大安",
        "大安區, 台北",
        "Da'an District, Taipei City",
        "Da’an Dist., Taipei City 106, Taiwan",
        "daan district taipei city",
        "Daan, Taipei",
        "No. 1, Xinyi Rd., Da-an District, TAIPEI CITY",
        "Ｄａａｎ，Ｔａｉｐｅｉ",
    ],
)
def test_one_township_is_found_however_it_is_written(text: str) -> None:
    (place,) = geocode(text, "en")
    assert place.township_code == DAAN
    assert place.precision is Precision.TOWNSHIP
    assert place.label == "Da'an District, Taipei City"
    assert place.source == "gazetteer"


def test_labels_are_in_the_readers_language() -> None:
    assert geocode("Daan, Taipei", "zh-hant")[0].label == "臺北市大安區"


def test_a_name_that_several_counties_use_gives_one_candidate_for_each() -> None:
    places = geocode("東區", "en")
    assert {place.county_code for place in places} == {"10018", "10020", "66000", "67000"}
    assert len(places) == 4


def test_the_county_picks_one_of_several() -> None:
    assert [place.county_code for place in geocode("嘉義市東區", "en")] == ["10020"]
    assert [place.county_code for place in geocode("East District, Tainan City", "en")] == ["67000"]


def test_a_county_alone_gives_the_county() -> None:
    (place,) = geocode("新北市", "en")
    assert (place.label, place.precision) == ("New Taipei City", Precision.COUNTY)


def test_a_short_name_of_two_counties_gives_both() -> None:
    assert {place.county_code for place in geocode("Hsinchu", "en")} == {"10004", "10018"}


def test_a_longer_name_is_not_taken_for_the_shorter_within_it() -> None:
    assert [p.label for p in geocode("臺南市中西區", "zh-hant")] == ["臺南市中西區"]
    assert [p.label for p in geocode("臺南市安南區", "zh-hant")] == ["臺南市安南區"]


def test_a_township_in_the_wrong_county_gives_the_county() -> None:
    (place,) = geocode("臺北市東區", "en")
    assert (place.county_code, place.precision) == ("63000", Precision.COUNTY)


@pytest.mark.parametrize("text", ["", "   ", "12345", "nowhere at all", "北京市", "<script>", "\0"])
def test_a_text_that_names_no_place_gives_nothing(text: str) -> None:
    assert geocode(text, "en") == []


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES))
def test_every_township_is_found_by_its_own_label(name: tuple[str, str, str]) -> None:
    code, language, label = name
    assert code in {place.township_code for place in geocode(label, language)}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_the_search(text: str) -> None:
    assert len(geocode(text, "en")) <= 10


def test_every_candidate_lies_where_it_says() -> None:
    for place in geocode("東區", "en"):
        found = pack().locate(place.point)
        assert found is not None
        assert found.code == place.township_code


def test_a_point_is_described_by_its_township() -> None:
    place = describe(Point(121.5436, 25.0265), "zh-hant")
    assert place is not None
    assert (place.label, place.precision) == ("臺北市大安區", Precision.TOWNSHIP)
    assert place.point == Point(121.5436, 25.0265)


def test_a_point_outside_the_region_has_no_description() -> None:
    assert describe(Point(0.0, 0.0), "en") is None
