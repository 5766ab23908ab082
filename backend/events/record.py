"""Writes the audit entry and the event of a change, in the change's own transaction."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from backend.common import correlation
from backend.common.actor import Actor
from backend.events import bell
from backend.events.models import AuditEntry, Event, EventAudience

JSON = Any

EVENT_TYPE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
#: Codes, not sentences: audit entries are never erased, so free text has no place in them.
CODE = re.compile(r"[A-Za-z0-9_.:/-]{0,80}")
DONE = "done"


def record(
    type: str,
    *,
    subject: models.Model,
    by: Actor,
    now: datetime,
    audiences: Iterable[str],
    payload: Mapping[str, JSON] | None = None,
    changed: Iterable[str] = (),
    reason: str = "",
    cause: Event | UUID | None = None,
) -> Event:
    """Records that `type` ("listing.opened") happened to `subject`: one audit entry, one event.

    Nobody hears of it before the transaction commits. `payload` must hold no personal field;
    personal fields that changed are only named in `changed`. `reason` is a stable code.
    `cause` is the event that led here; inside a handler it is known already.
    Raises TransactionManagementError outside a transaction, ValueError for a malformed type or
    reason.
    """
    if not EVENT_TYPE.fullmatch(type):
        raise ValueError(f"not an event type: {type!r}")
    chain = correlation.current()
    with correlation.correlated(chain, cause=correlation.current_cause()):
        audit(type, subject=subject, by=by, now=now, reason=reason)
    event = Event.objects.create(
        type=type,
        subject_type=_name(subject),
        subject_id=subject.pk,
        subject_version=getattr(subject, "version", 1),
        actor_kind=by.kind.value,
        actor_id=by.pseudonym,
        causation_id=_cause_id(cause),
        correlation_id=chain,
        occurred_at=now,
        payload=dict(payload or {}),
        changed=sorted(changed),
    )
    EventAudience.objects.bulk_create(
        [EventAudience(event=event, audience=audience) for audience in sorted(set(audiences))]
    )
    return event


def audit(
    action: str,
    *,
    subject: models.Model | None,
    by: Actor,
    now: datetime,
    reason: str = "",
    outcome: str = DONE,
) -> AuditEntry:
    """Records something that only the audit log hears of: a read of personal data, a refusal.

    Raises like `record`. Changes are recorded with `record`, which calls this.
    """
    transaction.get_connection().validate_no_broken_transaction()
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record inside the transaction of the change")
    if not (CODE.fullmatch(reason) and CODE.fullmatch(outcome) and CODE.fullmatch(action)):
        raise ValueError(f"action, reason and outcome are codes: {action!r} {reason!r} {outcome!r}")
    transaction.on_commit(bell.ring)
    return AuditEntry.objects.create(
        actor_kind=by.kind.value,
        actor_id=by.pseudonym,
        action=action,
        subject_type=_name(subject) if subject else "",
        subject_id=subject.pk if subject else None,
        at=now,
        reason=reason,
        outcome=outcome,
        correlation_id=correlation.current(),
    )


def _name(subject: models.Model) -> str:
    name = subject._meta.model_name
    assert name is not None, "a concrete model has a name"  # noqa: S101 - narrows the type
    return name


def _cause_id(cause: Event | UUID | None) -> UUID | None:
    if cause is None:
        return correlation.current_cause()
    return cause.pk if isinstance(cause, Event) else cause
