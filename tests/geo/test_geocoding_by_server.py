"""Geocoding with a Nominatim-compatible server, and what happens when it fails."""

import time

import pytest
from pytest_django import Settings

from backend.geo.adapters.nominatim import FAILURES
from backend.geo.domain.places import Precision
from backend.geo.domain.points import Point
from backend.geo.geocoding import describe, geocode
from tests.geo.nominatim_stand_in import ABROAD, HOUSE, NominatimStandIn

TEXT = "1 Library Road, Da'an District, Taipei City"
LIBRARY = Point(121.5436, 25.0265)


def test_the_servers_answers_come_with_their_precision_and_township(
    nominatim: NominatimStandIn,
) -> None:
    house, street = geocode(TEXT, "en")
    assert (house.precision, street.precision) == (Precision.ADDRESS, Precision.STREET)
    assert (house.county_code, house.township_code) == ("63000", "63000030")
    assert (house.point, house.source) == (LIBRARY, "nominatim")


def test_the_server_hears_who_asks_for_which_country_in_which_language(
    nominatim: NominatimStandIn,
) -> None:
    geocode(TEXT, "zh-hant")
    assert nominatim.agents == ["foodrelay-tests"]
    (query,) = nominatim.queries
    assert (query["countrycodes"], query["accept-language"]) == (["tw"], ["zh-hant"])


def test_answers_outside_the_region_are_dropped(nominatim: NominatimStandIn) -> None:
    nominatim.results = [ABROAD, HOUSE]
    assert [place.label for place in geocode(TEXT, "en")] == [HOUSE["display_name"]]


def test_the_gazetteer_answers_when_the_server_has_nothing(nominatim: NominatimStandIn) -> None:
    nominatim.results = []
    (place,) = geocode(TEXT, "en")
    assert (place.source, place.precision) == ("gazetteer", Precision.TOWNSHIP)


@pytest.mark.parametrize("status", [302, 403, 429, 500, 503])
def test_the_gazetteer_answers_when_the_server_refuses(
    nominatim: NominatimStandIn, status: int
) -> None:
    nominatim.status = status
    assert geocode(TEXT, "en")[0].source == "gazetteer"


@pytest.mark.filterwarnings("ignore:Latitude normalization:UserWarning")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"7",
        b'"text"',
        b"[7]",
        b'[{"lat": "x", "lon": "121", "display_name": "a"}]',
        b'[{"lat": "95", "lon": "121", "display_name": "a"}]',
        b'[{"display_name": "a"}]',
        b'{"error": "Bandwidth limit exceeded"}',
        b'[{"lat": "25.03", "lon": "121.54", "display_name": "a", "place_rank": "far"}]',
    ],
)
def test_the_gazetteer_answers_when_the_server_talks_nonsense(
    nominatim: NominatimStandIn, raw: bytes
) -> None:
    nominatim.raw = raw
    assert geocode(TEXT, "en")[0].source == "gazetteer"


def test_a_question_is_asked_once_and_then_remembered(nominatim: NominatimStandIn) -> None:
    first = geocode(TEXT, "en")
    assert geocode(f"  {TEXT.upper()} ", "en") == first
    assert len(nominatim.queries) == 1


def test_a_failure_is_not_remembered(nominatim: NominatimStandIn) -> None:
    nominatim.status = 500
    geocode(TEXT, "en")
    nominatim.status = 200
    assert geocode(TEXT, "en")[0].source == "nominatim"


def test_after_five_failures_the_server_is_left_alone(nominatim: NominatimStandIn) -> None:
    nominatim.status = 500
    for number in range(FAILURES + 3):
        geocode(f"{number} {TEXT}", "en")
    assert len(nominatim.queries) == FAILURES


def test_requests_keep_their_distance(nominatim: NominatimStandIn, settings: Settings) -> None:
    settings.GEOCODER_SPACING_S = 1
    settings.GEOCODER_TIMEOUT_S = 3
    began = time.monotonic()
    geocode("1 " + TEXT, "en")
    geocode("2 " + TEXT, "en")
    assert time.monotonic() - began > 0.9
    assert len(nominatim.queries) == 2


def test_whoever_would_wait_too_long_gets_the_gazetteer(
    nominatim: NominatimStandIn, settings: Settings
) -> None:
    settings.GEOCODER_SPACING_S = 5
    geocode("1 " + TEXT, "en")
    assert geocode("2 " + TEXT, "en")[0].source == "gazetteer"
    assert len(nominatim.queries) == 1


def test_a_host_that_is_not_named_in_the_settings_is_never_asked(
    nominatim: NominatimStandIn, settings: Settings
) -> None:
    settings.GEO_ALLOWED_HOSTS = []
    assert geocode(TEXT, "en")[0].source == "gazetteer"
    assert nominatim.queries == []


def test_a_point_is_described_by_its_address(nominatim: NominatimStandIn) -> None:
    place = describe(LIBRARY, "en")
    assert place is not None
    assert (place.label, place.precision) == (HOUSE["display_name"], Precision.ADDRESS)


def test_a_point_is_described_by_its_township_when_the_server_fails(
    nominatim: NominatimStandIn,
) -> None:
    nominatim.status = 503
    place = describe(LIBRARY, "en")
    assert place is not None
    assert place.label == "Da'an District, Taipei City"


def test_a_point_in_the_sea_is_not_even_asked_about(nominatim: NominatimStandIn) -> None:
    assert describe(Point(120.0, 22.0), "en") is None
    assert nominatim.queries == []


def test_nothing_at_a_point_is_no_failure(nominatim: NominatimStandIn) -> None:
    nominatim.raw = b'{"error": "Unable to geocode"}'
    place = describe(LIBRARY, "en")
    assert place is not None
    assert place.source == "gazetteer"
