"""The one clock: edges call `now()` once and hand the instant down; nothing else reads the time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from django.conf import settings
from django.db import connection

from backend.common.models import DemoClock

#: How long a measured difference between this process and the database's clock is trusted.
REFRESH_AFTER_S = 30.0


class Clock(Protocol):
    def now(self) -> datetime: ...


C = TypeVar("C", bound=Clock)


class DatabaseClock:
    """Real time as the database tells it, so that a host with a wrong clock cannot extend a
    deadline.

    The difference to this process's monotonic clock is measured at most every REFRESH_AFTER_S
    seconds.
    On SQLite the database's clock is this machine's.
    """

    def __init__(self) -> None:
        self._offset: timedelta | None = None
        self._measured_s = 0.0

    def now(self) -> datetime:
        monotonic_s = time.monotonic()
        if self._offset is None or monotonic_s - self._measured_s > REFRESH_AFTER_S:
            self._offset = _database_now() - datetime.fromtimestamp(monotonic_s, UTC)
            self._measured_s = monotonic_s
        return datetime.fromtimestamp(monotonic_s, UTC) + self._offset


class DemoTime:
    """The demonstration's time: an offset and a rate stored in one row, over the real clock."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._setting: tuple[datetime, datetime, float] | None = None
        self._read_s = 0.0

    def now(self) -> datetime:
        real = self._real.now()
        if self._setting is None or time.monotonic() - self._read_s > 1.0:
            self._setting = _demo_setting()
            self._read_s = time.monotonic()
        if self._setting is None:
            return real
        real_from, simulated_from, rate = self._setting
        return simulated_from + (real - real_from) * rate


class SteppedClock:
    """A clock that moves only when told to: for simulations and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Moves forward to `instant`; raises ValueError when that would go back."""
        if instant < self._now:
            raise ValueError(f"the clock cannot go back from {self._now} to {instant}")
        self._now = instant

    def advance(self, step: timedelta) -> datetime:
        self.move_to(self._now + step)
        return self._now


def _database_now() -> datetime:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            instant: datetime = cursor.fetchone()[0]
        return instant.astimezone(UTC)
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's time


def _demo_setting() -> tuple[datetime, datetime, float] | None:
    row = DemoClock.objects.first()
    return (row.real_from, row.simulated_from, float(row.rate)) if row else None


_clock: Clock | None = None


def _standard() -> Clock:
    real = DatabaseClock()
    return DemoTime(real) if settings.DEMO else real


def now() -> datetime:
    """The present instant, aware and in UTC."""
    global _clock  # noqa: PLW0603 - one clock per process is the point
    if _clock is None:
        _clock = _standard()
    return _clock.now()


def forget() -> None:
    """Reads the demonstration's setting and the database's clock anew at the next call."""
    global _clock  # noqa: PLW0603
    if not isinstance(_clock, SteppedClock):
        _clock = None


@contextmanager
def use(clock: C) -> Iterator[C]:
    """Replaces the process's clock within the block."""
    global _clock  # noqa: PLW0603
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before
