"""Changes what a person tells about themselves."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.accounts.models import User
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.events import audiences
from backend.events.record import record

CHANGEABLE = frozenset({"name", "phone"})


@transaction.atomic
def change_person(*, user_id: UUID, changes: Mapping[str, str], by: Actor, now: datetime) -> User:
    """Sets name and phone as given; other keys are a programming error (ValueError)."""
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    user = User.objects.select_for_update().get(pk=user_id)
    require(by, "accounts.change_self", user)
    changed = [field for field, value in changes.items() if getattr(user, field) != value]
    if not changed:
        return user
    for field in changed:
        setattr(user, field, changes[field])
    user.save(update_fields=changed)
    record(
        "person.changed",
        subject=user,
        by=by,
        now=now,
        audiences=[audiences.person(user.pk)],
        changed=changed,
    )
    return user
