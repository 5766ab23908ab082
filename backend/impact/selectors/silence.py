"""What should have run and did not: a silent scheduler, a silent relay, work that was given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django_celery_beat.models import PeriodicTask

from backend.events.models import Event, HandlerReceipt

#: The scheduler notes what it ran only every few minutes.
NOTED_WITHIN = timedelta(minutes=5)
#: An event is published within moments; one that waits for longer waits for a relay.
PUBLISHED_WITHIN = timedelta(minutes=1)
MISSED_RUNS = 2


@dataclass(frozen=True, slots=True)
class Silent:
    """One recurring task that is overdue; `last_at` is None when it never ran."""

    name: str
    last_at: datetime | None
    every: timedelta


@dataclass(frozen=True, slots=True)
class Silence:
    """Everything that is overdue: recurring tasks, events to publish, and handlers given up."""

    tasks: Sequence[Silent]
    unpublished_since: datetime | None
    given_up: int

    def __bool__(self) -> bool:
        return bool(self.tasks or self.unpublished_since or self.given_up)


def silence(*, now: datetime, real_now: datetime) -> Silence:
    """What is overdue; recurring tasks run by real time, also while a demonstration runs fast."""
    return Silence(_overdue(real_now), _unpublished_since(now), _given_up())


def _overdue(real_now: datetime) -> list[Silent]:
    schedule: Mapping[str, Mapping[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    rows = PeriodicTask.objects.values_list("name", "last_run_at", "date_changed")
    noted = {name: (ran_at, changed_at) for name, ran_at, changed_at in rows}
    found = []
    for name, entry in schedule.items():
        every = timedelta(seconds=entry["schedule"])
        last_at, since_at = noted.get(name, (None, None))
        known_at = last_at or since_at
        if known_at is None or known_at < real_now - MISSED_RUNS * every - NOTED_WITHIN:
            found.append(Silent(name, last_at, every))
    return found


def _unpublished_since(now: datetime) -> datetime | None:
    waiting = Event.objects.filter(position__isnull=True, occurred_at__lt=now - PUBLISHED_WITHIN)
    return waiting.order_by("id").values_list("occurred_at", flat=True).first()


def _given_up() -> int:
    return HandlerReceipt.objects.filter(dead_lettered_at__isnull=False).count()
