"""Reads the published log: for the hub all of it, for a reader what they are entitled to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet

from backend.events.frames import Frame, frame_of
from backend.events.models import Event, EventAudience, RelayLease

#: Frames read at once.
PAGE = 200
#: A reader who missed more than this fetches a snapshot instead.
LONGEST_REPLAY = 5_000


@dataclass(frozen=True, slots=True)
class LogEnd:
    """Which log this is and the last position given in it."""

    epoch: UUID
    position: int


@dataclass(frozen=True, slots=True)
class Start:
    """From where a reader goes on.

    `after` is the last position that they have, `previous` the last up to it that they are entitled
    to. `recoverable` is False when what they missed cannot be replayed: they begin at the end.
    """

    end: LogEnd
    after: int
    previous: int
    recoverable: bool = True


def log_end() -> LogEnd:
    """Where the log ends now; a log is begun when there is none."""
    lease = RelayLease.objects.filter(pk=RelayLease.SINGLETON).first()
    if lease is None:
        lease, _ = RelayLease.objects.get_or_create(pk=RelayLease.SINGLETON)
    return LogEnd(lease.epoch, lease.position)


def everything_after(position: int) -> tuple[LogEnd, Sequence[Frame]]:
    """Where the log ends, and the next frames after `position` with their audiences."""
    end = log_end()
    if end.position <= position:
        return end, ()
    events = list(
        Event.objects.filter(position__gt=position, position__lte=end.position).order_by(
            "position"
        )[:PAGE]
    )
    audiences: dict[UUID, set[str]] = defaultdict(set)
    rows = EventAudience.objects.filter(event__in=events).values_list("event_id", "audience")
    for event_id, audience in rows:
        audiences[event_id].add(audience)
    return end, [
        frame_of(event, epoch=end.epoch, audiences=frozenset(audiences[event.pk]))
        for event in events
    ]


def entitled_after(
    audiences: Set[str], *, after: int, end: LogEnd, limit: int = PAGE
) -> Sequence[Frame]:
    """The next frames of (after, end] that these audiences may hear, in order."""
    positions = list(_positions(audiences, after=after, until=end.position)[:limit])
    events = Event.objects.filter(position__in=positions).order_by("position")
    return [frame_of(event, epoch=end.epoch) for event in events]


def last_entitled(audiences: Set[str], *, until: int) -> int:
    """The last position up to `until` that these audiences may hear; 0 when there is none."""
    rows = EventAudience.objects.filter(audience__in=audiences, position__lte=until)
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def start(audiences: Set[str], *, after: int | None, epoch: UUID | None) -> Start:
    """Where a reader who has everything up to `after` of log `epoch` goes on.

    Without `after` they begin at the end. Not recoverable: another log, a position that this log
    has not reached, or more missed than LONGEST_REPLAY.
    """
    end = log_end()
    begins = end.position if after is None else after
    same_log = epoch in {None, end.epoch} and begins <= end.position
    if not same_log or _too_much(audiences, after=begins, end=end):
        at_end = last_entitled(audiences, until=end.position)
        return Start(end, end.position, at_end, recoverable=False)
    return Start(end, begins, last_entitled(audiences, until=begins))


def _too_much(audiences: Set[str], *, after: int, end: LogEnd) -> bool:
    if end.position - after <= LONGEST_REPLAY:
        return False
    positions = _positions(audiences, after=after, until=end.position)
    return positions[: LONGEST_REPLAY + 1].count() > LONGEST_REPLAY


def _positions(
    audiences: Iterable[str], *, after: int, until: int
) -> "QuerySet[EventAudience, int | None]":
    return (
        EventAudience.objects.filter(
            audience__in=list(audiences), position__gt=after, position__lte=until
        )
        .order_by("position")
        .values_list("position", flat=True)
        .distinct()
    )
