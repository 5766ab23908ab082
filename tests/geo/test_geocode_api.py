"""Geocoding over REST: who may ask, how often, and what is refused."""

import pytest
from rest_framework.test import APIClient

from backend.geo.api.views import MOST_PER_MINUTE
from tests.builders.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    signed_in = APIClient(headers={"Accept-Language": "en"})
    signed_in.force_authenticate(make_user())
    return signed_in


def test_an_address_gives_places_with_their_precision(client: APIClient) -> None:
    response = client.get("/api/v1/geocode", {"q": "臺北市大安區忠孝東路三段1號"})
    (place,) = response.json()["results"]
    assert place["precision"] == "township"
    assert place["label"] == "Da'an District, Taipei City"
    assert (place["county_code"], place["township_code"]) == ("63000", "63000030")
    assert {"lon", "lat", "source"} <= set(place)


def test_labels_follow_the_readers_language(client: APIClient) -> None:
    response = client.get(
        "/api/v1/geocode", {"q": "Daan, Taipei"}, headers={"Accept-Language": "zh-Hant"}
    )
    assert response.json()["results"][0]["label"] == "臺北市大安區"


def test_an_unknown_place_is_no_error(client: APIClient) -> None:
    response = client.get("/api/v1/geocode", {"q": "nowhere"})
    assert (response.status_code, response.json()) == (200, {"results": []})


def test_a_point_gives_its_place(client: APIClient) -> None:
    response = client.get("/api/v1/geocode/reverse", {"lon": "121.5436", "lat": "25.0265"})
    assert response.json()["township_code"] == "63000030"


def test_a_point_outside_the_region_is_refused(client: APIClient) -> None:
    response = client.get("/api/v1/geocode/reverse", {"lon": "0", "lat": "0"})
    assert (response.status_code, response.json()["code"]) == (400, "outside_region")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("geocode", {}, "q"),
        ("geocode", {"q": ""}, "q"),
        ("geocode", {"q": "x" * 301}, "q"),
        ("geocode", {"q": "a", "colour": "red"}, "colour"),
        ("geocode/reverse", {"lon": "121"}, "lat"),
        ("geocode/reverse", {"lon": "181", "lat": "0"}, "lon"),
        ("geocode/reverse", {"lon": "nan", "lat": "25"}, "lon"),
        ("geocode/reverse", {"lon": "east", "lat": "25"}, "lon"),
    ],
)
def test_a_question_that_makes_no_sense_names_the_field(
    client: APIClient, path: str, query: dict[str, str], field: str
) -> None:
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


@pytest.mark.parametrize("path", ["geocode?q=a", "geocode/reverse?lon=121&lat=25"])
def test_strangers_may_not_ask(path: str) -> None:
    assert APIClient().get(f"/api/v1/{path}").status_code in (401, 403)


def test_a_person_may_ask_so_often_and_no_more(client: APIClient) -> None:
    for _ in range(MOST_PER_MINUTE):
        assert client.get("/api/v1/geocode", {"q": "Daan"}).status_code == 200
    refused = client.get("/api/v1/geocode", {"q": "Daan"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused["Retry-After"] == "60"
