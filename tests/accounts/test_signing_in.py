"""Registering and signing in over REST: same answers for strangers, locks that hold in parallel."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient
from time_machine import travel

from backend.accounts import tasks
from backend.accounts.models import ApiKey, Consent, User
from backend.common import clock
from backend.events.models import Event
from tests.builders.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db

WRONG = "not the password at all"


@pytest.fixture(autouse=True)
def _confirming_is_optional(settings: Settings) -> None:
    """As in the embedded mode; tests of the mandatory way say so."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"


@pytest.fixture
def _cache_that_a_test_can_age(settings: Settings) -> None:
    """A cache of this process, whose clock the test moves; Redis has one of its own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def register(email: str = "baker@example.org", **fields: str) -> Any:
    body = {"email": email, "password": PASSWORD, "language": "en"} | fields
    return APIClient().post("/api/v1/registrations", body)


def sign_in(email: str = "baker@example.org", password: str = PASSWORD, **more: str) -> Any:
    body = {"email": email, "password": password} | more
    return APIClient().post("/api/v1/sessions", body)


def test_a_person_registers_and_signs_in_without_a_browser() -> None:
    response = register(name="Baker")
    assert response.status_code == 202
    assert response.json() == {
        "email": "baker@example.org",
        "email_must_be_confirmed": False,
    }
    user = User.objects.get()
    assert (user.name, user.language) == ("Baker", "en")
    assert user.joined_at is not None
    assert Consent.objects.get().purpose == "terms"
    token = sign_in().json()["token"]
    me = APIClient().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["email"] == "baker@example.org"
    assert token not in str(list(ApiKey.objects.values()))


def test_a_known_address_gets_the_same_answer_and_keeps_its_password() -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    known, unknown = register("Baker@example.org"), register("other@example.org")
    assert known.status_code == unknown.status_code == 202
    assert known.json() | {"email": ""} == unknown.json() | {"email": ""}
    assert User.objects.count() == 2
    assert sign_in().status_code == 201
    assert Event.objects.filter(type="person.registration_repeated").count() == 1


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123"])
def test_a_weak_password_is_refused_alike_for_known_and_unknown(password: str) -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    answers = [register(email, password=password) for email in ("baker@example.org", "o@e.org")]
    assert answers[0].status_code == 400
    assert "password" in answers[0].json()["errors"]
    assert User.objects.count() == 1


def test_the_mails_are_sent_once() -> None:
    user = make_user(email="baker@example.org", password=PASSWORD, language="en")
    for _repeat in range(2):
        tasks.send_address_confirmation(user_id=str(user.pk))
        tasks.send_account_exists(user_id=str(user.pk))
    assert sorted(one.subject for one in mail.outbox) == [
        "[FoodRelay] Please confirm your e-mail address",
        "[FoodRelay] You have an account already",
    ]
    assert "/accounts/confirm-email/" in mail.outbox[0].body


def test_unknown_wrong_and_closed_accounts_get_one_answer() -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    make_user(email="gone@example.org", password=PASSWORD, is_active=False)
    answers = [
        sign_in(password=WRONG),
        sign_in("nobody@example.org"),
        sign_in("gone@example.org"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "wrong_credentials"


@pytest.mark.usefixtures("_cache_that_a_test_can_age")
def test_five_failures_lock_the_account_for_fifteen_minutes() -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    for _attempt in range(5):
        assert sign_in(password=WRONG).status_code == 401
    locked = sign_in()
    assert (locked.status_code, locked.json()["code"]) == (429, "sign_in_locked")
    start = clock.now()
    with travel(start + timedelta(minutes=14), tick=True):
        assert sign_in().status_code == 429
    with travel(start + timedelta(minutes=16), tick=True):
        assert sign_in().status_code == 201


def test_five_failures_lock_the_address_for_other_accounts_too() -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    for number in range(5):
        sign_in(f"guess{number}@example.org")
    assert sign_in().status_code == 429


def test_right_passwords_use_nothing_up() -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    assert [sign_in().status_code for _time in range(8)] == [201] * 8


def test_pages_and_rest_share_one_count() -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    page = APIClient()
    for _attempt in range(5):
        page.post(
            "/accounts/login/",
            {"login": "baker@example.org", "password": WRONG},
            format="multipart",
        )
    assert sign_in().status_code == 429


@pytest.fixture
def hashed() -> Iterator[list[str]]:
    """Every password that reached the hasher."""
    seen: list[str] = []
    check = User.check_password

    def counting(user: User, raw_password: str) -> bool:
        seen.append(raw_password)
        return check(user, raw_password)

    with patch.object(User, "check_password", counting):
        yield seen


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_many_parallel_wrong_passwords_at_most_five_reach_the_hasher(
    hashed: list[str],
) -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    gate = threading.Barrier(20)

    def guess(number: int) -> None:
        gate.wait()
        sign_in(password=f"guess number {number}")
        connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(set(hashed)) <= 5


def test_a_second_factor_is_asked_for() -> None:
    user = make_user(email="baker@example.org", password=PASSWORD)
    TOTP.activate(user, generate_totp_secret())
    for answer in (sign_in(), sign_in(code="000000")):
        assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
    assert not ApiKey.objects.exists()


def test_where_addresses_must_be_confirmed_nobody_signs_in_before(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    user = make_user(email="baker@example.org", password=PASSWORD)
    assert sign_in().json()["code"] == "email_not_confirmed"
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert sign_in().status_code == 201


def test_signing_out_ends_the_token() -> None:
    make_user(email="baker@example.org", password=PASSWORD)
    bearer = {"Authorization": f"Bearer {sign_in().json()['token']}"}
    assert APIClient().delete("/api/v1/sessions/current", headers=bearer).status_code == 204
    assert APIClient().get("/api/v1/me", headers=bearer).status_code == 401
