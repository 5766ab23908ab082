"""Opens a closed account again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.events import audiences
from backend.events.record import record


class AlreadyActive(Refusal):
    """The account is open already."""

    code = "already_active"
    message = _("This account is open already.")


@transaction.atomic
def reactivate_person(*, user_id: UUID, reason: str, by: Actor, now: datetime) -> User:
    """Lets the person sign in again; keys that were revoked stay revoked."""
    user = User.objects.select_for_update().get(pk=user_id)
    require(by, "accounts.reactivate", user)
    if not User.objects.filter(pk=user_id, is_active=False).update(is_active=True):
        raise AlreadyActive()
    record(
        "person.reactivated",
        subject=user,
        by=by,
        now=now,
        audiences=[audiences.person(user.pk)],
        reason=reason,
    )
    user.refresh_from_db()
    return user
