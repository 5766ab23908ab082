"""Revokes a key: the next request with it is refused."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.accounts.models import ApiKey
from backend.common.actor import Actor
from backend.common.permissions import may
from backend.common.refusals import NotFound
from backend.events import audiences
from backend.events.record import record


@transaction.atomic
def revoke_api_key(*, key_id: UUID, by: Actor, now: datetime) -> None:
    """Removes the key or the sign-in; NotFound when there is none of the actor's with this id."""
    key = ApiKey.objects.select_for_update().filter(public_id=key_id).first()
    if key is None or not may(by, "accounts.revoke_key", key):
        raise NotFound()
    key.delete()
    record(
        "api_key.revoked",
        subject=key.user,
        by=by,
        now=now,
        audiences=[audiences.person(key.user_id)],
        payload={"key_id": str(key_id), "kind": key.kind},
    )
