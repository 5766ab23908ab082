"""The event log with its audiences and receipts, the audit entries, and the relay's lease."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from backend.common.actor import ActorKind
from backend.common.append_only import AppendOnlyQuerySet, AppendOnlyRow
from backend.common.ids import new_id

ACTOR_KINDS = [(kind.value, kind.value) for kind in ActorKind]
#: A pseudonym of an actor: a UUID, or the name of a part of the system.
ACTOR_ID_LENGTH = 64
CODE_LENGTH = 80


class Event(AppendOnlyRow):
    """Something that happened, as others are told of it.

    `payload` holds no personal field; `changed` names the personal ones, which readers fetch over
    REST. `position` is its gap-free place in the log, given by the relay when it publishes.
    """

    #: By the relay when it publishes.
    DERIVED = ("position",)

    type = models.CharField(max_length=CODE_LENGTH)
    schema_version = models.PositiveSmallIntegerField(default=1)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    subject_version = models.PositiveIntegerField()
    actor_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    actor_id = models.CharField(max_length=ACTOR_ID_LENGTH, blank=True)
    causation_id = models.UUIDField(null=True)
    correlation_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    changed = models.JSONField(default=list)
    position = models.BigIntegerField(null=True, unique=True)

    objects = AppendOnlyQuerySet["Event"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="event_position_from_one"),
        ]
        indexes = [
            models.Index(fields=["subject_id", "id"], name="event_subject"),
            models.Index(
                fields=["id"], condition=Q(position__isnull=True), name="event_unpublished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position or '-'} {self.type} {self.subject_id}"


class EventAudience(models.Model):
    """Who may hear of an event: the indexed way to read a feed."""

    DERIVED = ("position",)

    id: int
    event = models.ForeignKey(Event, models.PROTECT, related_name="audience_rows")
    audience = models.CharField(max_length=CODE_LENGTH)
    position = models.BigIntegerField(null=True)

    objects = AppendOnlyQuerySet["EventAudience"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "audience"], name="event_audience_once"),
        ]
        indexes = [
            models.Index(fields=["audience", "position"], name="event_audience_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.audience} @ {self.position or '-'}"


class AuditEntry(AppendOnlyRow):
    """Who did what, when, to which thing, why and with what outcome.

    `reason` is a stable code, never free text. `sequence`, `previous_hash` and `hash` are filled in
    by the relay: each hash covers the entry and the hash before it (see audit_chain.py).
    """

    DERIVED = ("sequence", "previous_hash", "hash")

    actor_kind = models.CharField(max_length=10, choices=ACTOR_KINDS)
    actor_id = models.CharField(max_length=ACTOR_ID_LENGTH, blank=True)
    action = models.CharField(max_length=CODE_LENGTH)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=CODE_LENGTH, blank=True)
    outcome = models.CharField(max_length=CODE_LENGTH)
    correlation_id = models.UUIDField()
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = AppendOnlyQuerySet["AuditEntry"].as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gte=1), name="audit_sequence_from_one"),
            models.CheckConstraint(
                condition=Q(sequence__isnull=True) | ~Q(hash=""), name="audit_chained_has_hash"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "id"], name="audit_subject"),
            models.Index(fields=["actor_id", "id"], name="audit_actor"),
            models.Index(fields=["id"], condition=Q(sequence__isnull=True), name="audit_unchained"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence or '-'} {self.action} by {self.actor_id}"


class HandlerReceipt(models.Model):
    """One handler's work on one event: still to do, done, or given up.

    Made when the event is published; `handled_at` is set in the handler's own transaction.
    """

    id: int
    event = models.ForeignKey(Event, models.PROTECT, related_name="receipts")
    handler = models.CharField(max_length=160)
    position = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    dead_lettered_at = models.DateTimeField(null=True)
    last_error_code = models.CharField(max_length=CODE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="handler_once_per_event"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True) | Q(dead_lettered_at__isnull=True),
                name="handler_done_or_dead",
            ),
        ]
        indexes = [
            models.Index(
                fields=["position", "handler"],
                condition=Q(handled_at__isnull=True, dead_lettered_at__isnull=True),
                name="handler_outstanding",
            ),
            models.Index(
                fields=["dead_lettered_at"],
                condition=Q(dead_lettered_at__isnull=False),
                name="handler_dead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handler} @ {self.position}"


class RelayLease(models.Model):
    """One row: where the log and the audit chain end, and which relay serves them until when.

    Every publication updates this row first, so that only one transaction at a time gives
    positions, whoever believes to hold the lease. `fence` grows with every change of hands.
    `epoch` names this log; a new one tells clients that positions cannot be compared.
    """

    SINGLETON: ClassVar[int] = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLETON, editable=False)
    epoch = models.UUIDField(default=new_id)
    position = models.BigIntegerField(default=0)
    audit_sequence = models.BigIntegerField(default=0)
    audit_hash = models.CharField(max_length=64, blank=True)
    holder = models.CharField(max_length=64, blank=True)
    fence = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="relay_lease_is_one_row"),
            models.CheckConstraint(condition=Q(position__gte=0), name="relay_position"),
        ]

    def __str__(self) -> str:
        return f"{self.epoch} up to {self.position}"
