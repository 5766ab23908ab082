"""Starts the processes of docker-compose.yml on this machine, on a database of their own."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
import requests
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOST = "food.example.org"
#: Services that keep running; `migrate` ends, the rest is not our code.
LASTING = ("api", "live", "relay", "worker", "worker-notify", "solver", "beat")
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 20.0
#: Programs that are modules of our own Python.
MODULES = {"gunicorn", "uvicorn", "celery"}


def services() -> dict[str, Any]:
    """The services of docker-compose.yml, anchors resolved and `${NAME:-default}` filled in."""
    text = (ROOT / "docker-compose.yml").read_text()
    text = re.sub(r"\$\{SITE:\?[^}]*\}", HOST, text)
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


def native(command: Sequence[str], *, port: int) -> list[str]:
    """The command as it runs outside a container: our Python, a local address, a free port."""
    program, *arguments = command
    prefix = [sys.executable, "-m", program] if program in MODULES else [sys.executable]
    address = {
        "--bind=0.0.0.0:8000": f"--bind=127.0.0.1:{port}",
        "--host=0.0.0.0": "--host=127.0.0.1",
    }
    address["--port=8000"] = f"--port={port}"
    return [*prefix, *(address.get(argument, argument) for argument in arguments)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@dataclass(slots=True)
class Processes:
    """What runs, and where pages and sockets are served."""

    environment: Mapping[str, str]
    logs: Path
    ports: dict[str, int]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def _shared(self) -> dict[str, str]:
        """What docker-compose.yml sets for all of them."""
        own = services()["migrate"].get("environment", {})
        return {key: str(value) for key, value in own.items()}

    def start(self, name: str, service: Mapping[str, Any]) -> None:
        own = {key: str(value) for key, value in service.get("environment", {}).items()}
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                native(service["command"], port=self.ports.get(name, 0)),
                cwd=ROOT,
                env={"PATH": os.environ["PATH"]} | own | self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, service: str, path: str) -> requests.Response:
        """Asks as the proxy does: with the public host name, and saying that people came by TLS."""
        return requests.get(
            f"http://127.0.0.1:{self.ports[service]}{path}",
            headers={"Host": HOST, "X-Forwarded-Proto": "https"},
            timeout=10,
            allow_redirects=False,
        )

    def manage(self, *arguments: str, **environment: str) -> None:
        """Runs a command as an operator does beside the running processes."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **self._shared, **self.environment, **environment},
            check=True,
            timeout=60,
        )

    def logs_end(self) -> str:
        """The last lines of every process."""
        return "\n".join(f"--- {name}\n{self.log(name)[-1_500:]}" for name in self.running)

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def wait_until_ready(self) -> None:
        deadline_s = time.monotonic() + STARTS_WITHIN_S
        for name in self.ports:
            while not self._ready(name):
                ended = [n for n, process in self.running.items() if process.poll() is not None]
                if ended or time.monotonic() > deadline_s:
                    raise RuntimeError(
                        f"{name} is not ready:\n" + "\n".join(map(self.log, ended or [name]))
                    )
                time.sleep(0.2)

    def _ready(self, name: str) -> bool:
        try:
            return self.get(name, "/healthz/ready").status_code == requests.codes.ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def stop(self) -> dict[str, int]:
        """Ends all as an orchestrator does; returns their exit statuses (-9: had to be killed)."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        deadline_s = time.monotonic() + STOPS_WITHIN_S
        return {name: _ended(p, deadline_s=deadline_s) for name, p in self.running.items()}


def _ended(process: subprocess.Popen[bytes], *, deadline_s: float) -> int:
    try:
        return process.wait(max(0.1, deadline_s - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


@contextmanager
def own_database() -> Iterator[str]:
    """The URL of an empty PostgreSQL database that is dropped afterwards."""
    name = f"foodrelay_processes_{os.getpid()}"
    with psycopg.connect(DATABASE_URL, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(DATABASE_URL)._replace(path=f"/{name}"))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def own_queue() -> Iterator[str]:
    """The URL of a Redis database beside the one of the other tests, emptied before and after."""
    parts = urlsplit(REDIS_URL)
    url = urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) - 1}"))
    client = redis.Redis.from_url(url)
    client.flushdb()
    try:
        yield url
    finally:
        client.flushdb()
        client.close()


@contextmanager
def production(folder: Path) -> Iterator[Processes]:
    """All processes of production, migrated and ready."""
    found = services()
    with own_database() as database_url, own_queue() as redis_url:
        (folder / "secret_key").write_text(secrets.token_urlsafe(50))
        (folder / "database_url").write_text(database_url + "\n")
        (folder / "email_url").write_text(f"filemail:///{folder / 'mail'}\n")
        environment = {
            "SECRET_KEY_FILE": str(folder / "secret_key"),
            "DATABASE_URL_FILE": str(folder / "database_url"),
            "EMAIL_URL_FILE": str(folder / "email_url"),
            "REDIS_URL": redis_url,
            "VAR_DIR": str(folder / "var"),
            "STATIC_MANIFEST": "false",
            "WEB_CONCURRENCY": "1",
            "DJANGO_SETTINGS_MODULE": "backend.config.settings",
        }
        processes = Processes(environment, folder, {"api": free_port(), "live": free_port()})
        try:
            processes.start("migrate", found["migrate"])
            if processes.running.pop("migrate").wait(STARTS_WITHIN_S * 2):
                raise RuntimeError(f"migrate failed:\n{processes.log('migrate')}")
            for name in LASTING:
                processes.start(name, found[name])
            processes.wait_until_ready()
            yield processes
        finally:
            processes.stop()
