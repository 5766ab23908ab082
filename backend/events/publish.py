"""Gives events their positions and audit entries their place in the chain, one batch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from backend.events import audit_chain, handlers
from backend.events.models import AuditEntry, Event, EventAudience, HandlerReceipt, RelayLease

#: Rows of each kind per transaction; keeps the one writer of SQLite free for others.
BATCH = 100


class LeaseLost(Exception):
    """Another relay serves the log now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A relay's hold on the log: its name, and the fence it was given with the lease."""

    holder: str
    fence: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one publication did; `position` is the last one given so far."""

    events: int
    audit_entries: int
    position: int


def outstanding() -> bool:
    """Whether anything waits for publication. A plain read: idle relays never lock the database."""
    return (
        Event.objects.filter(position__isnull=True).exists()
        or AuditEntry.objects.filter(sequence__isnull=True).exists()
    )


@transaction.atomic
def publish_batch(*, now: datetime, hold: Hold | None = None) -> Batch:
    """Publishes up to BATCH committed events and audit entries, in the order of their ids.

    The lease row is updated first and so locked: publications never overlap, therefore an event
    that commits later always gets a higher position than all that readers have seen, and none is
    left out. Raises LeaseLost when `hold` is no longer the lease's.
    """
    _lock_log(hold)
    lease = RelayLease.objects.get(pk=RelayLease.SINGLETON)
    events = list(Event.objects.filter(position__isnull=True).order_by("id")[:BATCH])
    entries = list(AuditEntry.objects.filter(sequence__isnull=True).order_by("id")[:BATCH])
    if events:
        _give_positions(events, after=lease.position)
        _ask_handlers(events, after=lease.position, now=now)
        lease.position += len(events)
    if entries:
        _chain(entries, lease)
    if events or entries:
        lease.save(update_fields=["position", "audit_sequence", "audit_hash"])
    return Batch(len(events), len(entries), lease.position)


def _lock_log(hold: Hold | None) -> None:
    row = RelayLease.objects.filter(pk=RelayLease.SINGLETON)
    if hold is not None:
        if not row.filter(holder=hold.holder, fence=hold.fence).update(fence=F("fence")):
            raise LeaseLost(hold.holder)
    elif not row.update(fence=F("fence")):
        RelayLease.objects.get_or_create(pk=RelayLease.SINGLETON)
        row.update(fence=F("fence"))


def _give_positions(events: Sequence[Event], *, after: int) -> None:
    for position, event in enumerate(events, start=after + 1):
        event.position = position
        Event.objects.filter(pk=event.pk).update(position=position)
    place = Event.objects.filter(pk=OuterRef("event_id")).values("position")
    EventAudience.objects.filter(event__in=events).update(position=Subquery(place))


def _ask_handlers(events: Sequence[Event], *, after: int, now: datetime) -> None:
    HandlerReceipt.objects.bulk_create(
        [
            HandlerReceipt(event=event, handler=name, position=position, next_attempt_at=now)
            for position, event in enumerate(events, start=after + 1)
            for name in handlers.names_for(event.type)
        ]
    )


def _chain(entries: Sequence[AuditEntry], lease: RelayLease) -> None:
    for entry in entries:
        sequence, before = lease.audit_sequence + 1, lease.audit_hash
        own = audit_chain.link(entry, sequence=sequence, previous_hash=before)
        AuditEntry.objects.filter(pk=entry.pk).update(
            sequence=sequence, previous_hash=before, hash=own
        )
        lease.audit_sequence, lease.audit_hash = sequence, own
