"""Settings that would hurt in production fail `check --deploy`; sound ones pass cleanly."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import checks
from pytest_django import Settings

from backend.config.checks import DANGERS, dangers_in, refuse_impossible_shares

ROOT = Path(__file__).resolve().parents[2]
REDIS_LAYER = {
    "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "CONFIG": {"hosts": [{"address": "redis://redis:6379/0", "socket_timeout": None}]},
}
MEMORY_LAYER = {"BACKEND": "channels.layers.InMemoryChannelLayer"}


SOUND = {
    "DEBUG": False,
    "DEMO": False,
    "EMBEDDED": False,
    "SECRET_KEY": "x7Kq-" * 20,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "CHANNEL_LAYERS": {"default": REDIS_LAYER},
    "HTTPS": True,
    "ALLOWED_HOSTS": ["food.example.org"],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "PUBLIC_URL": "https://food.example.org",
    "WEB_CONCURRENCY": 4,
    "CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 3600},
    "CELERY_TASK_TIME_LIMIT": 300,
}


def found(**changes: object) -> set[str]:
    """The ids of the dangers in sound settings after these changes."""
    return {danger.id for danger in dangers_in(SimpleNamespace(**(SOUND | changes)))}


def test_sound_production_settings_pass() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("change", "danger"),
    [
        ({"DEBUG": True}, "E001"),
        ({"SECRET_KEY": ""}, "E002"),
        ({"SECRET_KEY": "a" * 80}, "E002"),
        ({"SECRET_KEY": "django-insecure-" + "x7Kq" * 20}, "E002"),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "E003"),
        ({"CHANNEL_LAYERS": {"default": MEMORY_LAYER}}, "E004"),
        ({"DEMO": True}, "E005"),
        ({"HTTPS": False}, "E006"),
        ({"ALLOWED_HOSTS": ["*"]}, "E007"),
        ({"ALLOWED_HOSTS": ["localhost"]}, "E007"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "E008"),
        ({"PUBLIC_URL": "http://food.example.org"}, "E009"),
        ({"EMBEDDED": True}, "E010"),
        ({"CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 60}}, "E012"),
    ],
)
def test_each_danger_is_an_error(change: dict[str, object], danger: str) -> None:
    assert found(**change) == {danger}


def test_a_redis_layer_whose_connections_time_out_is_an_error() -> None:
    layer = REDIS_LAYER | {"CONFIG": {"hosts": ["redis://redis:6379/0"]}}
    assert found(CHANNEL_LAYERS={"default": layer}) == {"E011"}


def test_one_sqlite_process_is_fine_but_two_are_not() -> None:
    embedded: dict[str, object] = {
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}},
        "CHANNEL_LAYERS": {"default": MEMORY_LAYER},
        "EMBEDDED": True,
    }
    assert found(**embedded, WEB_CONCURRENCY=1) == {"E010"}
    assert found(**embedded, WEB_CONCURRENCY=2) == {"E003", "E004", "E010"}


def test_every_danger_says_what_to_do() -> None:
    assert len({danger.id for danger in DANGERS}) == len(DANGERS)
    assert all(danger.message and danger.hint for danger in DANGERS)
    assert all(danger.error().level == checks.ERROR for danger in DANGERS)


def run_check(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_production_by_environment_is_clean_and_reads_its_secret_from_a_file(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x7Kq-" * 20)
    checked = run_check(
        SECRET_KEY_FILE=str(secret),
        DATABASE_URL="postgres://foodrelay@db/foodrelay",
        REDIS_URL="redis://redis:6379/0",
        ALLOWED_HOSTS="food.example.org",
        PUBLIC_URL="https://food.example.org",
        EMAIL_URL="smtp://mail.example.org:25",
        BEHIND_PROXY="true",
        WEB_CONCURRENCY="4",
        VAR_DIR=str(tmp_path / "var"),
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not (tmp_path / "var").exists(), "production must not write while it loads its settings"


def test_the_embedded_mode_is_refused_as_a_deployment(tmp_path: Path) -> None:
    checked = run_check(VAR_DIR=str(tmp_path / "var"))
    assert checked.returncode != 0
    assert "foodrelay.E010" in checked.stderr
    assert "foodrelay.E002" not in checked.stderr, "its secret is random"


def test_production_without_a_secret_does_not_start(tmp_path: Path) -> None:
    checked = run_check(REDIS_URL="redis://redis:6379/0", VAR_DIR=str(tmp_path / "var"))
    assert checked.returncode != 0
    assert "SECRET_KEY" in checked.stderr


@pytest.mark.parametrize(
    ("name", "share"),
    [("HAND_OVER_QUANTILE", 0.4), ("HAND_OVER_QUANTILE", 1.0), ("ON_TIME_SHARE_WANTED", 1.5)],
)
def test_a_share_that_no_plan_can_be_made_with_is_refused_at_the_start(
    settings: Settings, name: str, share: float
) -> None:
    assert refuse_impossible_shares() == []
    setattr(settings, name, share)
    [error] = refuse_impossible_shares()
    assert name in error.msg
