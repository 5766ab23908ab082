"""The embedded mode is one process that does everything, once, and stops when told."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
import requests

from backend.config.embedded import AlreadyRunning, Background, Part, PortTaken, listen, only_one

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_S = 60.0


class Serving:
    """`manage.py serve` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", "0"],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url = next((word for word in self._first_line() if word.startswith("http")), "")

    def _first_line(self) -> list[str]:
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        with self.process:
            pass

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=STARTS_WITHIN_S,
            check=False,
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded")


@pytest.fixture(scope="module")
def serving(folder: Path) -> Iterator[Serving]:
    with Serving(folder) as started:
        assert started.url, (folder / "log").read_text()
        yield started


def test_it_serves_once_it_says_so(serving: Serving) -> None:
    answer = requests.get(f"{serving.url}healthz/ready", timeout=10)
    assert answer.json()["status"] == "ready"


def test_a_second_one_from_the_same_folder_is_refused(serving: Serving) -> None:
    second = serving.manage("serve", "--port", "0")
    assert second.returncode == 1
    assert "Already running" in second.stderr


PLAN_A_SWEEP = """
from datetime import timedelta
from importlib import import_module
from django.conf import settings
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
ended = import_module(settings.SESSION_ENGINE).SessionStore()
ended.set_expiry(timezone.now() - timedelta(days=1))
ended.save()
PeriodicTask.objects.create(
    name="at once", task="backend.config.tasks.remove_ended_sessions",
    interval=IntervalSchedule.objects.create(every=1, period="seconds"))
"""


def test_beat_and_worker_carry_out_what_the_database_schedules(
    serving: Serving, folder: Path
) -> None:
    planned = serving.manage("shell", "--no-imports", "-c", PLAN_A_SWEEP)
    assert planned.returncode == 0, planned.stderr
    sessions = folder / "sessions"
    deadline_s = time.monotonic() + 20
    while list(sessions.iterdir()) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert list(sessions.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_by_itself_when_told(tmp_path: Path, number: signal.Signals) -> None:
    with Serving(tmp_path) as started:
        assert started.url, (tmp_path / "log").read_text()
        started.process.send_signal(number)
        assert started.process.wait(timeout=30) == 0, (tmp_path / "log").read_text()


def test_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock"), pytest.raises(AlreadyRunning), only_one(tmp_path / "lock"):
        pass
    with only_one(tmp_path / "lock"):
        pass


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            listen("127.0.0.1", port)


def test_a_part_that_fails_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.config.embedded.RESTART_AFTER_S", 0.01)
    runs, done = [], threading.Event()

    def run(stop: threading.Event) -> None:
        runs.append(1)
        if len(runs) < 3:
            raise ValueError("failed")
        done.set()
        stop.wait()

    background = Background([Part("part", run)])
    background.start()
    assert done.wait(5)
    assert background.stop() == []


def test_a_part_that_does_not_end_is_left_behind_and_named() -> None:
    hold = threading.Event()
    background = Background([Part("stubborn", lambda _stop: hold.wait(5) and None)])
    background.start()
    assert background.stop(within_s=0.05) == ["stubborn"]
    hold.set()
