"""Puts a message into people's inboxes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.common.actor import system
from backend.events import audiences
from backend.events.record import record
from notifications.domain.kinds import Kind
from notifications.media.in_app import path_to
from notifications.models import Notification

BY = system("notifications.inbox")


@transaction.atomic
def tell_people(
    *,
    user_ids: Iterable[UUID],
    kind: Kind,
    cause_id: UUID,
    facts: Mapping[str, Any],
    now: datetime,
) -> list[Notification]:
    """Tells each person once per cause and kind; returns the messages that are new.

    `cause_id` is the event (or the thing whose time runs out) that led to the message; `facts`
    fill the kind's sentence and hold nothing personal.
    """
    wanted = set(user_ids)
    told = Notification.objects.filter(event_id=cause_id, kind=kind, user_id__in=wanted)
    wanted -= set(told.values_list("user_id", flat=True))
    new = [
        Notification(
            user_id=user_id,
            event_id=cause_id,
            kind=kind,
            facts=dict(facts),
            path=path_to(kind, facts),
            created_at=now,
        )
        for user_id in sorted(wanted)
    ]
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    for one in new:
        record(
            "notification.made",
            subject=one,
            by=BY,
            now=now,
            audiences=[audiences.person(one.user_id)],
            payload={"kind": kind.value},
        )
    return new
