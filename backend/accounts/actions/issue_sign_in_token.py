"""Issues the token of a sign-in without a browser, after the password was checked."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from backend.accounts.actions.issue_api_key import IssuedKey
from backend.accounts.models import ApiKey, KeyKind, User
from backend.common.actor import person
from backend.events import audiences
from backend.events.record import record

#: A person has at most this many sign-ins by token; a further one ends the oldest.
MOST_SIGN_INS = 10


@transaction.atomic
def issue_sign_in_token(*, user: User, now: datetime) -> IssuedKey:
    """A token that stands for the person themselves, for as long as a session may last."""
    held = ApiKey.objects.filter(user=user, kind=KeyKind.SIGN_IN).order_by("-public_id")
    outdated = list(held.values_list("pk", flat=True)[MOST_SIGN_INS - 1 :])
    ApiKey.objects.filter(pk__in=outdated).delete()
    key, token = ApiKey.objects.issue(
        user=user, life=timedelta(seconds=settings.SESSION_ABSOLUTE_S), kind=KeyKind.SIGN_IN
    )
    record(
        "person.signed_in",
        subject=user,
        by=person(user.pk),
        now=now,
        audiences=[audiences.person(user.pk)],
        payload={"key_id": str(key.public_id)},
    )
    return IssuedKey(key, token)
