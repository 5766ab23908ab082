"""Notes that somebody looked at their messages."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.events import audiences
from backend.events.record import record
from notifications.models import Notification
from notifications.selectors import unseen


@transaction.atomic
def mark_seen(*, ids: Collection[UUID] | None, by: Actor, now: datetime) -> int:
    """Marks those of the actor's messages that `ids` name, or all; returns how many were new.

    Messages of others and those seen before are passed over, so a repetition changes nothing.
    """
    waiting = unseen(by)
    if ids is not None:
        waiting = waiting.filter(pk__in=ids)
    latest = waiting.first()
    if latest is None or by.user_id is None:
        return 0
    seen = Notification.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)))
    count = seen.filter(seen_at__isnull=True).update(seen_at=now)
    record(
        "notification.seen",
        subject=latest,
        by=by,
        now=now,
        audiences=[audiences.person(by.user_id)],
        payload={"count": count},
    )
    return count
