"""A request with an idempotency key is carried out once."""

import threading
from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.common.models import IdempotencyKey
from backend.common.rest import idempotency
from backend.common.rest.idempotency import body_hash
from tests.builders.accounts import make_user
from tests.common.rest.urls import Crates
from tests.conftest import MORNING

pytestmark = pytest.mark.urls("tests.common.rest.urls")
PLUMS = {"label": "plums", "lines": [{"mass_g": 5}]}


def post(client: Any, body: object = PLUMS, key: str = "one") -> Any:
    headers = {"idempotency-key": key} if key else {}
    return client.post("/api/v1/crates", body, format="json", headers=headers)


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(
    signed_in: APIClient,
) -> None:
    first, second = post(signed_in), post(signed_in)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert not first.has_header("Idempotency-Replayed")
    assert Crates.made == ["plums"]


def test_the_order_of_names_does_not_make_another_request(signed_in: APIClient) -> None:
    post(signed_in)
    again = post(signed_in, {"lines": [{"mass_g": 5}], "label": "plums"})
    assert again["Idempotency-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(signed_in: APIClient) -> None:
    post(signed_in)
    answer = post(signed_in, {"label": "pears"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Crates.made == ["plums"]


def test_without_a_key_each_request_counts(signed_in: APIClient) -> None:
    post(signed_in, key="")
    post(signed_in, key="")
    assert Crates.made == ["plums", "plums"]
    assert not IdempotencyKey.objects.exists()


def test_keys_of_different_people_do_not_meet(signed_in: APIClient) -> None:
    post(signed_in)
    other = APIClient()
    other.force_authenticate(make_user())
    post(other)
    assert Crates.made == ["plums", "plums"]


@pytest.mark.parametrize("label", ["refused", "returned"])
def test_a_refusal_is_not_kept_and_leaves_nothing(
    signed_in: APIClient, user: User, label: str
) -> None:
    for attempt in range(2):
        assert post(signed_in, {"label": label}).status_code == 409
        assert len(Crates.made) == attempt + 1
    assert list(User.objects.all()) == [user]
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["two words", "x" * 201, "schlüssel"])
def test_a_malformed_key_is_refused(signed_in: APIClient, key: str) -> None:
    answer = post(signed_in, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert Crates.made == []


def test_keys_are_forgotten_after_two_days(signed_in: APIClient) -> None:
    with idempotency.clock.use(idempotency.clock.SteppedClock(MORNING)):
        post(signed_in)
    assert idempotency.sweep(now=MORNING + timedelta(hours=48)) == 0
    assert idempotency.sweep(now=MORNING + timedelta(hours=48, seconds=1)) == 1


def test_forms_are_compared_by_their_values_and_files_content() -> None:
    def form(text: str, photo: bytes) -> QueryDict:
        filled = QueryDict(mutable=True)
        filled.setlist("label", [text])
        filled.setlist("photo", [SimpleUploadedFile("a.jpg", photo)])  # type: ignore[list-item]
        return filled

    assert body_hash(form("a", b"1")) == body_hash(form("a", b"1"))
    assert body_hash(form("a", b"1")) != body_hash(form("a", b"2"))
    assert body_hash(form("a", b"1")) != body_hash(form("b", b"1"))


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_concurrent_repetitions_one_acts_and_the_others_wait_for_its_answer() -> None:
    user = make_user()
    answers: list[Any] = []
    Crates.pause.clear()

    def repeat() -> None:
        client = APIClient()
        client.force_authenticate(user)
        try:
            answers.append(post(client))
        finally:
            connection.close()

    threads = [threading.Thread(target=repeat) for _ in range(4)]
    for thread in threads:
        thread.start()
    threading.Timer(0.2, Crates.pause.set).start()
    for thread in threads:
        thread.join(20)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.has_header("Idempotency-Replayed") for answer in answers) == [
        False,
        True,
        True,
        True,
    ]
    assert Crates.made == ["plums"]


@dataclass(frozen=True)
class MachineKey:
    """A key of a person's machine, bound to one organization."""

    organization_id: UUID
    digest: str = "0" * 64
    narrowed_to: Set[str] | None = None


def test_keys_of_a_persons_organizations_do_not_meet(user: User) -> None:
    for organization_id in (uuid4(), uuid4()):
        machine = APIClient()
        machine.force_authenticate(user, token=MachineKey(organization_id))  # type: ignore[arg-type]
        assert post(machine).status_code == 201
        assert post(machine)["Idempotency-Replayed"] == "true"
    assert Crates.made == ["plums", "plums"]
    kept = IdempotencyKey._meta.get_field("actor").max_length
    assert all(len(one.actor) <= kept for one in IdempotencyKey.objects.all())


@pytest.mark.django_db
def test_a_strangers_key_is_told_apart_by_address() -> None:
    request = Client().get("/api/v1/people").wsgi_request
    request.user = type("Stranger", (), {"is_authenticated": False})()
    request.META["REMOTE_ADDR"] = "192.0.2.1"
    first = idempotency.requester(request)
    request.META["REMOTE_ADDR"] = "192.0.2.2"
    assert first != idempotency.requester(request)
    assert "192" not in first
