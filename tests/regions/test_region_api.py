"""The region over REST."""

import pytest
from rest_framework.test import APIClient

from backend.regions.domain.pack import RegionPack

client = APIClient()


def _region(language: str) -> dict[str, object]:
    response = client.get("/api/v1/region", headers={"Accept-Language": language})
    assert response.status_code == 200
    return dict(response.json())


def test_names_are_in_the_readers_language() -> None:
    english, chinese = _region("en"), _region("zh-Hant")
    assert (english["name"], chinese["name"]) == ("Taiwan", "臺灣")
    assert english["counties"][0]["name"] == "Lienchiang County"  # type: ignore[index]
    assert chinese["counties"][0]["name"] == "連江縣"  # type: ignore[index]


def test_everything_a_form_needs_is_there() -> None:
    region = _region("en")
    sizes = {key: len(value) for key, value in region.items() if isinstance(value, list)}
    assert sizes["counties"] == 22
    assert sizes["townships"] == 368
    assert sizes["allergens"] == 11
    assert sizes["storage_classes"] == 4
    assert min(sizes.values()) > 0
    assert region["currency"] == {"code": "TWD", "exponent": 0}


def test_storage_classes_come_with_their_limits() -> None:
    classes = {each["code"]: each for each in _region("en")["storage_classes"]}  # type: ignore[attr-defined]
    chilled, hot = classes["chilled"], classes["hot"]
    assert (chilled["highest_dc"], chilled["longest_out_s"]) == (70, 7_200)
    assert (hot["lowest_dc"], hot["highest_dc"]) == (600, None)
    assert classes["ambient"]["longest_out_s"] is None


def test_it_may_be_cached_by_language() -> None:
    response = client.get("/api/v1/region")
    assert response["Cache-Control"] == "max-age=3600"
    assert "Accept-Language" in response["Vary"]


def test_another_region_is_served_the_same_way(small_region: RegionPack) -> None:
    assert [each["name"] for each in _region("en")["counties"]] == [  # type: ignore[attr-defined]
        "Upper Country",
        "Lower Country",
    ]


def test_outlines_are_geojson_with_long_cache_headers() -> None:
    response = client.get("/api/v1/region/outlines")
    content = response.json()
    assert content["type"] == "FeatureCollection"
    assert len(content["features"]) == 22
    assert content["features"][0]["properties"]["names"]["en"] == "Lienchiang County"
    assert any("Ministry of the Interior" in line for line in content["attributions"])
    assert response["Cache-Control"] == "public, max-age=604800"
    assert len(response.content) < 100_000


def test_outlines_that_the_client_has_are_not_sent_again() -> None:
    etag = client.get("/api/v1/region/outlines")["ETag"]
    again = client.get("/api/v1/region/outlines", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/api/v1/region", "/api/v1/region/outlines"])
def test_nobody_changes_a_region_over_rest(path: str) -> None:
    assert client.post(path, {}).status_code in (401, 403, 405)
