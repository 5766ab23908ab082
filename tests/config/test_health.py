"""The health checks tell a proxy whether to send people here."""

import pytest
from django.test import Client

from backend.config import health


def test_a_running_process_says_that_it_is_live(client: Client) -> None:
    answer = client.get("/healthz/live")
    assert answer.status_code == 200
    assert answer.json() == {"status": "live"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_process_with_database_schema_and_cache_is_ready(client: Client) -> None:
    answer = client.get("/healthz/ready")
    assert answer.json()["parts"] == {"database": True, "schema": True, "cache": True}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_process_without_its_cache_is_not_ready_and_says_which_part(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> bool:
        raise ConnectionError("cache at 10.0.0.7 is gone")

    monkeypatch.setitem(health.PROBES, "cache", broken)
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"]["cache"] is False
    assert "10.0.0.7" not in answer.content.decode()
