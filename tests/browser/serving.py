"""The product as one process on a database of its own, for browsers to visit."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from tests.journeys.world import BOSS, PASSWORD, LiveWorld

ROOT = Path(__file__).resolve().parents[2]
STOPS_WITHIN_S = 10.0


@dataclass(slots=True)
class Serving:
    """`manage.py serve` at `site`; everything that it writes is below `folder`."""

    site: str
    folder: Path

    def world(self) -> LiveWorld:
        """The same surroundings that journeys by API have."""
        return LiveWorld(
            adapter=HTTPAdapter(),
            site=self.site,
            clock=lambda: datetime.now(UTC),
            mails=self.folder / "mail",
            last_words=lambda: (self.folder / "log").read_text()[-3_000:],
        )


@contextmanager
def serving(folder: Path) -> Iterator[Serving]:
    """Starts the server on a free port, with a superuser, and stops it in the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "VAR_DIR": str(folder),
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "API_RATE_ANONYMOUS": "100000/min",
        "API_RATE_PERSON": "100000/min",
    }
    manage = [sys.executable, "manage.py"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*manage, "serve", "--port", "0"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        site = _said_by(server)
        assert site, (folder / "log").read_text()[-1_000:]
        subprocess.run(
            [*manage, "createsuperuser", "--noinput", f"--email={BOSS}"],
            cwd=ROOT,
            env=environment | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD},
            check=True,
            capture_output=True,
        )
        assert requests.get(f"{site}/healthz/ready", timeout=10).json()["status"] == "ready"
        yield Serving(site, folder)
    finally:
        _stop(server)


def _said_by(server: "subprocess.Popen[str]") -> str:
    """The address in the line that the server prints once it is ready; "" when it never does."""
    assert server.stdout is not None
    words = server.stdout.readline().split()
    parts = urlsplit(next((word for word in words if word.startswith("http")), ""))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _stop(server: "subprocess.Popen[str]") -> None:
    server.terminate()
    with server:
        try:
            server.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            server.kill()
