"""The relay: publishes what was committed, tells the hubs, and runs the handlers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from django.db import connection
from django.db.models import F, Q, QuerySet

from backend.common import clock
from backend.common.clock import DatabaseClock, SteppedClock
from backend.events import bell, handling, hub
from backend.events.layer import Announcer
from backend.events.models import RelayLease
from backend.events.publish import Batch, Hold, LeaseLost, outstanding, publish_batch

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=10)
RENEW_S = 3.0
#: How often the log is looked at without the bell, which only this process's commits ring.
POLL_S = 0.1
RETRY_S = 1.0
#: A drain that goes on for longer has handlers that answer each other for ever.
MOST_BATCHES = 100_000

#: The lease counts real time, also while a demonstration's clock runs fast.
_real = DatabaseClock()


class NeverQuiet(Exception):
    """Handlers keep recording events that other handlers answer."""


@dataclass(frozen=True, slots=True)
class Drained:
    """How much one drain did."""

    published: int
    handled: int


def drain(*, now: datetime | None = None, swallow: bool = False) -> Drained:
    """Publishes and handles everything outstanding, in this thread, until all is quiet.

    For tests and simulations: with `now` given, handlers see that instant on the clock. A handler
    that fails raises here, unless `swallow` asks for what the running relay does: note it on the
    receipt and try again later.
    """
    instant = now or clock.now()
    with clock.use(SteppedClock(instant)) if now else _unchanged():
        published = handled = 0
        for _ in range(MOST_BATCHES):
            batch = publish_batch(now=instant) if outstanding() else None
            worked = handling.handle_batch(now=instant, swallow=swallow)
            published += batch.events if batch else 0
            handled += worked
            if batch is None and not worked:
                hub.wake()
                return Drained(published, handled)
    raise NeverQuiet


@contextmanager
def _unchanged() -> Iterator[None]:
    yield


def run_forever(stop: threading.Event) -> None:
    """Serves as the relay whenever it holds the lease, until told to stop.

    Publishing and handling have a thread each, so that a slow handler never delays a push.
    """
    called = threading.Event()
    handler_thread = threading.Thread(
        target=_keep_handling, args=(stop, called), name="relay-handlers", daemon=True
    )
    handler_thread.start()
    announcer = Announcer()
    try:
        while not stop.is_set():
            _guarded(lambda: _serve(stop, called, announcer), stop)
    finally:
        called.set()
        announcer.close()
        handler_thread.join()
        connection.close()


def _guarded(work: Callable[[], None], stop: threading.Event) -> None:
    """Survives whatever happens, such as a database that is away for a while."""
    try:
        work()
    except LeaseLost:
        log.warning("relay_lease_lost")
    except Exception:
        log.exception("relay_interrupted")
        connection.close()
        stop.wait(RETRY_S)


def _serve(stop: threading.Event, called: threading.Event, announcer: Announcer) -> None:
    """One tenure: takes the lease, publishes while it holds, gives it back at the end."""
    hold = _acquire()
    if hold is None:
        stop.wait(RETRY_S)
        return
    try:
        renew_at = _real.now() + timedelta(seconds=RENEW_S)
        while not stop.is_set():
            batch = publish_batch(now=clock.now(), hold=hold) if outstanding() else None
            if batch is not None:
                _announce(batch, called, announcer)
            else:
                bell.wait(POLL_S)
            if _real.now() >= renew_at:
                _renew(hold)
                renew_at = _real.now() + timedelta(seconds=RENEW_S)
    finally:
        _release(hold)


def _announce(batch: Batch, called: threading.Event, announcer: Announcer) -> None:
    called.set()
    if batch.events:
        hub.wake()
        announcer.announce(batch.position)


def _keep_handling(stop: threading.Event, called: threading.Event) -> None:
    """Runs due handlers when called after a publication, and looks for retries in between.

    Needs no lease: a receipt is taken by a conditional update, so two never run one handler twice.
    """
    while not stop.is_set():
        _guarded(_handle_all, stop)
        called.wait(RETRY_S)
        called.clear()
    connection.close()


def _handle_all() -> None:
    while handling.handle_batch(now=clock.now()):
        pass


def _acquire() -> Hold | None:
    """The lease, if it is free or over."""
    RelayLease.objects.get_or_create(pk=RelayLease.SINGLETON)
    now = _real.now()
    holder = uuid4().hex
    free = Q(expires_at__isnull=True) | Q(expires_at__lt=now)
    taken = RelayLease.objects.filter(free, pk=RelayLease.SINGLETON).update(
        holder=holder, fence=F("fence") + 1, expires_at=now + LEASE
    )
    if not taken:
        return None
    return Hold(holder, RelayLease.objects.get(pk=RelayLease.SINGLETON).fence)


def _renew(hold: Hold) -> None:
    if not _held(hold).update(expires_at=_real.now() + LEASE):
        raise LeaseLost(hold.holder)


def _release(hold: Hold) -> None:
    _held(hold).update(expires_at=None, holder="")


def _held(hold: Hold) -> QuerySet[RelayLease]:
    return RelayLease.objects.filter(pk=RelayLease.SINGLETON, holder=hold.holder, fence=hold.fence)
