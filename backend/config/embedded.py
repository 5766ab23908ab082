"""The embedded mode: one process serves pages and sockets, works, keeps time, relays events.

Worker, beat and relay are threads beside one uvicorn server, over a broker in memory. What is lost
when the process ends (queued tasks) is found again by the sweeps.
"""

import fcntl
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
import uvicorn
from celery import beat
from celery.utils.imports import symbol_by_name
from celery.worker import WorkController
from django.conf import settings
from django.db import connection

from backend.config.celery import app
from backend.config.schedule import QUEUES
from backend.events import relay
from logistics.solver_process import routing_process

log = structlog.get_logger(__name__)

#: How long the threads together may take to stop before the process leaves without them.
STOP_WITHIN_S = 1.5
#: Open requests get this long once the server has been told to stop.
FINISH_REQUESTS_WITHIN_S = 1
RESTART_AFTER_S = 1.0
BEAT_LOOKS_EVERY_S = 1


class AlreadyRunning(Exception):
    """Another process serves from the same folder."""


class PortTaken(Exception):
    """Something else listens at the address."""


@dataclass(slots=True)
class Part:
    """Something beside the server: `run` returns when told to by the event or by `end`."""

    name: str
    run: Callable[[threading.Event], None]
    end: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Background:
    """The threads beside the server; one that fails is logged and started again."""

    parts: Sequence[Part]
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for part in self.parts:
            thread = threading.Thread(target=self._keep, args=(part,), name=part.name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, *, within_s: float = STOP_WITHIN_S) -> list[str]:
        """Asks every part to end; returns the names of those still busy after `within_s`."""
        self._stop.set()
        for part in self.parts:
            part.end()
        deadline_s = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        return [thread.name for thread in self._threads if thread.is_alive()]

    def _keep(self, part: Part) -> None:
        while not self._stop.is_set():
            try:
                part.run(self._stop)
            except Exception:
                log.exception("part_failed", part=part.name)
                self._stop.wait(RESTART_AFTER_S)
            finally:
                connection.close()


class Worker:
    """A real Celery worker on threads.

    The plain controller, not the command's class: that one installs signal handlers, which only the
    main thread may.
    """

    def __init__(self) -> None:
        self._controller: Any = None

    def run(self, _stop: threading.Event) -> None:
        routing_process().start()
        self._controller = WorkController(
            app=app,
            hostname="embedded",
            pool_cls="threads",
            concurrency=settings.EMBEDDED_WORKER_THREADS,
            queues=list(QUEUES),
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            loglevel="WARNING",
        )
        self._controller.start()

    def end(self) -> None:
        """Ends `run` once the tasks under way are done.

        By message: that wakes the consumer at once, while its own stop waits for the next look at
        the queues (two seconds).
        """
        if self._controller is not None:
            app.control.shutdown(destination=[self._controller.hostname])


class Beat:
    """The schedule. Its scheduler is given here: by default the service keeps one in a file and
    would never fire what the settings and the database say."""

    def __init__(self) -> None:
        self._service: beat.Service | None = None

    def run(self, _stop: threading.Event) -> None:
        self._service = beat.Service(
            app=app,
            max_interval=BEAT_LOOKS_EVERY_S,
            scheduler_cls=symbol_by_name(settings.CELERY_BEAT_SCHEDULER),
        )
        self._service.start()

    def end(self) -> None:
        if self._service is not None:
            self._service.stop(wait=False)


def standard_parts() -> list[Part]:
    """Worker, beat and relay: what a production deployment runs as processes of their own."""
    worker, beats = Worker(), Beat()
    return [
        Part("worker", worker.run, worker.end),
        Part("beat", beats.run, beats.end),
        Part("relay", relay.run_forever),
    ]


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Holds the lock in `path`, which ends with the process however it dies; or AlreadyRunning."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(path) from error
        yield


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes any free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(f"{host}:{port}") from error
    return listener


class Server(uvicorn.Server):
    """One uvicorn server that says when it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stops without raising the signal again, so that the threads are stopped in order too."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


def web_server(on_ready: Callable[[], None]) -> Server:
    """The server of pages and sockets, as it is also started in production (docker-compose.yml)."""
    config = uvicorn.Config(
        "backend.config.asgi:application",
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        ws_ping_interval=25,
        ws_ping_timeout=60,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=FINISH_REQUESTS_WITHIN_S,
    )
    return Server(config, on_ready)


def serve(
    listener: socket.socket,
    *,
    on_ready: Callable[[], None] = lambda: None,
    also: Sequence[Part] = (),
) -> None:
    """Serves until SIGINT or SIGTERM, then stops everything within three seconds.

    `also` runs beside the standard parts (the demonstration's day). Raises AlreadyRunning when
    another process serves from the same VAR_DIR: two would mean two beats.
    """
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    with only_one(settings.VAR_DIR / "serve.lock"):
        background = Background([*standard_parts(), *also])
        server = web_server(on_ready)
        background.start()
        try:
            server.run(sockets=[listener])
        finally:
            busy = background.stop()
    if busy:
        log.warning("left_busy_threads", parts=busy)
        os._exit(0)
