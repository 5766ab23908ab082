"""Closes a person's account: no sign-in, no session, no key works from then on."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import ApiKey, User
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.events import audiences
from backend.events.record import record


class AlreadyInactive(Refusal):
    """The account is closed already."""

    code = "already_inactive"
    message = _("This account is closed already.")


@transaction.atomic
def deactivate_person(*, user_id: UUID, reason: str, by: Actor, now: datetime) -> User:
    """Ends sign-in at once (sessions of an inactive person are refused) and revokes every key."""
    user = User.objects.select_for_update().get(pk=user_id)
    require(by, "accounts.deactivate", user)
    if not User.objects.filter(pk=user_id, is_active=True).update(is_active=False):
        raise AlreadyInactive()
    ApiKey.objects.filter(user_id=user_id).delete()
    record(
        "person.deactivated",
        subject=user,
        by=by,
        now=now,
        audiences=[audiences.person(user.pk)],
        reason=reason,
    )
    user.refresh_from_db()
    return user
