"""Bodies, pages, preconditions, limits: what is let in."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from backend.accounts.models import ApiKey, User
from backend.common.rest import limits
from tests.builders.accounts import make_user
from tests.common.rest.urls import CrateInput

pytestmark = [pytest.mark.urls("tests.common.rest.urls"), pytest.mark.django_db]


@pytest.mark.parametrize(
    "body",
    [
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        "{'a': 1}",
        '{"a": 1',
        "[" * 100_000,
        '{"a": 99999999999999999999}',
        '{"a": ' + "9" * 5000 + "}",
        '{"a": "\\u0000"}',
        '{"\\u0000": 1}',
        '{"a": "\\ud800"}',
        b'{"a": "\xff"}',
    ],
)
def test_ambiguous_or_unstorable_json_is_refused(client: APIClient, body: str | bytes) -> None:
    answer = client.post("/api/v1/echo", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("body", ['{"a": "\\u6885\\ud83c\\udf51"}', '{"a": -9223372036854775807}'])
def test_ordinary_json_is_read(client: APIClient, body: str) -> None:
    assert client.post("/api/v1/echo", body, content_type="application/json").status_code == 200


def test_unknown_fields_are_refused_at_every_depth(signed_in: APIClient) -> None:
    body = {"label": "plums", "lines": [{"mass_g": 1}, {"mass_g": 2, "price": 3}], "id": 4}
    answer = signed_in.post("/api/v1/crates", body, format="json", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "id": [{"code": "unknown_field", "message": "There is no such field."}]
    }
    del body["id"]
    answer = signed_in.post("/api/v1/crates", body, format="json")
    assert list(answer.json()["errors"]) == ["lines.1.price"]


@pytest.mark.parametrize("body", [[], "text", 5, None])
def test_input_that_is_no_object_is_refused(signed_in: APIClient, body: object) -> None:
    answer = signed_in.post("/api/v1/crates", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_parsed_input_reads_like_an_object_and_knows_what_was_sent() -> None:
    wanted = CrateInput.parse({"label": "plums"})
    assert wanted.label == "plums"
    assert "lines" not in wanted
    assert wanted.get("lines") is None
    with pytest.raises(AttributeError):
        _ = wanted.lines


def test_pages_lead_from_one_to_the_next_and_back(client: APIClient) -> None:
    emails = [make_user().email for _ in range(5)][::-1]
    first = client.get("/api/v1/people?page_size=2").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert first["results"] + second["results"] + third["results"] == emails
    assert third["next"] is None
    assert client.get(second["previous"]).json()["results"] == emails[:2]


@pytest.mark.parametrize("size", ["0", "101", "-1", "x", "", "1e3", "٣", "9" * 50])
def test_a_page_size_out_of_bounds_is_refused(client: APIClient, size: str) -> None:
    answer = client.get("/api/v1/people", {"page_size": size})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["page_size"]


@pytest.mark.parametrize("cursor", ["x", "", "cD0x", "p=1", "\x00", "é" * 50])
def test_a_cursor_that_we_did_not_make_is_refused(client: APIClient, cursor: str) -> None:
    answer = client.get("/api/v1/people", {"cursor": cursor})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["cursor"]


@pytest.mark.parametrize(
    ("tag", "status", "matched"),
    [('"3"', 200, 3), ('"2", "3"', 200, 3), ("*", 200, 3), (None, 200, None)],
)
def test_a_matching_tag_lets_a_change_through(
    client: APIClient, tag: str | None, status: int, matched: int | None
) -> None:
    answer = client.patch("/api/v1/versions", headers={"if-match": tag} if tag else {})
    assert (answer.status_code, answer.json()["matched"]) == (status, matched)
    assert answer["ETag"] == '"3"'


@pytest.mark.parametrize("tag", ['"2"', "3", 'W/"3"', "nonsense"])
def test_another_tag_is_stale(client: APIClient, tag: str) -> None:
    answer = client.patch("/api/v1/versions", headers={"if-match": tag})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")


def test_a_person_acts_as_themselves(signed_in: APIClient, user: User) -> None:
    answer = signed_in.get("/api/v1/whoami").json()
    assert answer == ["person", str(user.pk), None, None, False]


def test_a_machines_key_acts_narrowed_and_never_for_the_back_office(client: APIClient) -> None:
    staff = make_user(is_staff=True)
    organization = make_user().pk
    _, token = ApiKey.objects.issue(
        user=staff, life=timedelta(hours=1), scopes=["listings"], organization_id=organization
    )
    answer = client.get("/api/v1/whoami", headers={"authorization": f"Bearer {token}"}).json()
    assert answer == ["api_key", str(staff.pk), ["listings"], str(organization), False]


def test_requests_are_limited_by_role(signed_in: APIClient, settings: Settings) -> None:
    rates = {"anon": "1/min", "user": "2/min"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    answers = [signed_in.get("/api/v1/whoami").status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert signed_in.get("/api/v1/whoami")["Retry-After"] == "60"
    stranger = APIClient()
    assert [stranger.get("/api/v1/whoami").status_code for _ in range(2)] == [401, 401]


def test_limits_hold_under_concurrency() -> None:
    cache.clear()
    passed: list[int] = []

    def attempt() -> None:
        for _ in range(20):
            try:
                limits.take("claims", "somebody", limit=20, per_s=60)
            except limits.TooMany:
                continue
            passed.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 20


def test_a_limit_that_is_reached_says_when_to_come_back(client: APIClient) -> None:
    in_english = {"HTTP_ACCEPT_LANGUAGE": "en"}
    answers = [client.post("/api/v1/echo", {}, format="json", **in_english) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert "60 seconds" in answers[-1].json()["detail"]
