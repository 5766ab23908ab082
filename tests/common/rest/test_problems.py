"""Errors: one shape, a stable code, words in the reader's language, and no internals."""

import pytest
from rest_framework.test import APIClient

pytestmark = [pytest.mark.urls("tests.common.rest.urls"), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("invalid", 400, "invalid"),
        ("not_allowed", 403, "not_allowed"),
        ("not_found", 404, "not_found"),
        ("illegal_transition", 409, "illegal_transition"),
        ("stale", 412, "stale"),
        ("http404", 404, "not_found"),
        ("denied", 403, "not_allowed"),
        ("malformed", 400, "malformed"),
        ("model_validation", 400, "invalid"),
        ("too_big", 413, "too_large"),
        ("throttled", 429, "too_many_requests"),
        ("no_database", 503, "unavailable"),
        ("no_connection", 503, "unavailable"),
        ("bug", 500, "internal"),
    ],
)
def test_every_error_has_one_shape_and_its_code(
    client: APIClient, what: str, status: int, code: str
) -> None:
    answer = client.get(f"/api/v1/raises/{what}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    assert body["title"]
    assert body["detail"]


def test_wrong_fields_are_named_with_code_and_message(client: APIClient) -> None:
    body = client.get("/api/v1/raises/invalid").json()
    assert body["errors"] == {"mass_g": [{"code": "too_heavy", "message": "Too heavy."}]}


@pytest.mark.parametrize("what", ["bug", "no_database", "no_connection"])
def test_internals_never_leave(client: APIClient, what: str) -> None:
    text = client.get(f"/api/v1/raises/{what}").content.decode()
    for inside in ("SELECT", "secret", "/var/run", "KeyError", "Traceback", "urls.py"):
        assert inside not in text


def test_an_unexpected_error_is_told_by_a_reference_and_reaches_the_tests() -> None:
    quiet = APIClient(raise_request_exception=False)
    assert len(quiet.get("/api/v1/raises/bug").json()["reference"]) == 36
    with pytest.raises(KeyError):
        APIClient().get("/api/v1/raises/bug")


@pytest.mark.parametrize(
    ("what", "seconds"), [("throttled", "7"), ("no_database", "5"), ("no_connection", "5")]
)
def test_who_should_come_back_is_told_when(client: APIClient, what: str, seconds: str) -> None:
    assert client.get(f"/api/v1/raises/{what}")["Retry-After"] == seconds


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nowhere", 404, "not_found"),
        ("get", "/api/v1/crates", 401, "not_authenticated"),
        ("delete", "/api/v1/raises/bug", 405, "method_not_allowed"),
        ("get", "/api/v1/page", 503, "unavailable"),
    ],
)
def test_what_fails_around_the_views_has_the_same_shape(
    client: APIClient, method: str, path: str, status: int, code: str
) -> None:
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unknown_media_type_is_refused_both_ways(client: APIClient) -> None:
    answer = client.post("/api/v1/echo", "<a/>", content_type="application/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    answer = client.get("/api/v1/people", headers={"accept": "application/xml"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer \xff\xfe", "Bearer fr_x", "Bearer " + "z" * 64]
)
def test_a_malformed_key_is_a_wrong_key(client: APIClient, header: str) -> None:
    answer = client.get("/api/v1/whoami", headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
    assert answer["WWW-Authenticate"]


def test_messages_are_in_the_readers_language(signed_in: APIClient) -> None:
    def complaint(language: str) -> dict[str, str]:
        answer = signed_in.post(
            "/api/v1/crates", {}, format="json", headers={"accept-language": language}
        )
        error: dict[str, str] = answer.json()["errors"]["label"][0]
        return error

    english, chinese = complaint("en"), complaint("zh-hant")
    assert (english["code"], chinese["code"]) == ("required", "required")
    assert english["message"] == "This field is required."
    assert chinese["message"] != english["message"]
