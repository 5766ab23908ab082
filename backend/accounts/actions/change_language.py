"""Changes the language in which a person reads pages and messages."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid
from backend.events import audiences
from backend.events.record import record


@transaction.atomic
def change_language(*, user_id: UUID, language: str, by: Actor, now: datetime) -> User:
    """Sets the language; Invalid for one that the product does not speak."""
    user = User.objects.select_for_update().get(pk=user_id)
    require(by, "accounts.change_self", user)
    if language not in dict(settings.LANGUAGES):
        raise Invalid.field("language", "unknown_language", _("We do not speak this language yet."))
    if user.language == language:
        return user
    user.language = language
    user.save(update_fields=["language"])
    record(
        "person.changed",
        subject=user,
        by=by,
        now=now,
        audiences=[audiences.person(user.pk)],
        payload={"language": language},
        changed=["language"],
    )
    return user
