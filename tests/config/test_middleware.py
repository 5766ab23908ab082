"""What every response carries, what the log never says, and when a session ends."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import structlog
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from backend.accounts.models import User
from backend.config.logs import NEVER_LOGGED, without_personal_data
from backend.config.middleware import SecurityHeaders

PAGE = "/accounts/login/"
BEGIN = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def signed_in(client: Client, db: None) -> Client:
    with time_machine.travel(BEGIN, tick=False):
        client.force_login(User.objects.create_user("ann@example.org", None))
        client.get(PAGE)
    return client


def is_signed_in(client: Client, at: datetime) -> bool:
    with time_machine.travel(at, tick=False):
        return bool(client.get(PAGE).wsgi_request.user.is_authenticated)


def test_a_session_in_use_lives_on_and_an_idle_one_ends(
    signed_in: Client, settings: Settings
) -> None:
    settings.SESSION_COOKIE_AGE, settings.SESSION_ABSOLUTE_S = 3_600, 86_400
    for minutes in (50, 100, 150):
        assert is_signed_in(signed_in, BEGIN + timedelta(minutes=minutes))
    assert not is_signed_in(signed_in, BEGIN + timedelta(minutes=150 + 61))


def test_a_session_ends_at_its_absolute_limit_however_busy(
    signed_in: Client, settings: Settings
) -> None:
    settings.SESSION_COOKIE_AGE, settings.SESSION_ABSOLUTE_S = 3_600, 7_200
    for minutes in (50, 100, 119):
        assert is_signed_in(signed_in, BEGIN + timedelta(minutes=minutes))
    assert not is_signed_in(signed_in, BEGIN + timedelta(minutes=121))


@pytest.mark.django_db
@pytest.mark.parametrize("path", [PAGE, "/nothing/here", "/api/v1/nothing", "/healthz/live"])
def test_every_response_carries_the_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert headers["X-Request-ID"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_the_log_names_the_route_and_nobody(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        client.get(f"{PAGE}?email=canary@example.org", headers={"user-agent": "canary-browser"})
    assert "accounts/login/" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("key", sorted(NEVER_LOGGED))
def test_personal_fields_are_dropped_from_any_line(key: str) -> None:
    line = without_personal_data(None, "info", {"event": "done", key: "canary"})
    assert line == {"event": "done"}


def test_input_cannot_forge_a_second_line() -> None:
    forged = structlog.processors.JSONRenderer()(None, "info", {"event": "a\nb\r\x1b[31mc"})
    assert "\n" not in forged
    assert "\x1b" not in forged


def test_static_files_are_served_whole_and_without_foreign_access(client: Client) -> None:
    answer = client.get("/static/admin/css/base.css")
    assert answer.status_code == 200
    assert not answer.streaming
    assert len(answer.content) == int(answer.headers["Content-Length"])
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_view_keeps_headers_of_its_own() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    answer = SecurityHeaders(view)(HttpRequest())
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
