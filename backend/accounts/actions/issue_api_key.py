"""Issues an API key to a person's machine; the token is seen once and stored as a digest only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.domain.scopes import Scope
from backend.accounts.models import ApiKey, KeyKind, User
from backend.accounts.selectors import person_id
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, NotFound, Refusal
from backend.events import audiences
from backend.events.record import record

LONGEST_LIFE = timedelta(days=366)
MOST_KEYS = 20


class TooManyKeys(Refusal):
    """The person has as many keys as one may have."""

    code = "too_many_keys"
    message = _("You have %(limit)s keys already. Please revoke one first.")


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key and its token, which nobody can read again."""

    key: ApiKey
    token: str


@transaction.atomic
def issue_api_key(
    *,
    label: str,
    scopes: Collection[str],
    life: timedelta,
    by: Actor,
    now: datetime,
    organization_id: UUID | None = None,
) -> IssuedKey:
    """Makes a key for the acting person, for real time of `life` from now.

    Bound to an organization it acts for that one only; the person must manage it (NotFound
    otherwise, so that ids cannot be probed).
    """
    require(by, "accounts.issue_key")
    user = User.objects.select_for_update().get(pk=person_id(by))
    _refuse_unless_sound(scopes, life)
    if organization_id is not None:
        _refuse_unless_bindable(organization_id, by)
    if ApiKey.objects.filter(user=user, kind=KeyKind.MACHINE).count() >= MOST_KEYS:
        raise TooManyKeys(limit=MOST_KEYS)
    key, token = ApiKey.objects.issue(
        user=user,
        life=life,
        kind=KeyKind.MACHINE,
        label=label,
        scopes=sorted(scopes),
        organization_id=organization_id,
    )
    record(
        "api_key.issued",
        subject=user,
        by=by,
        now=now,
        audiences=[audiences.person(user.pk)],
        payload={
            "key_id": str(key.public_id),
            "scopes": key.scopes,
            "organization_id": str(organization_id) if organization_id else None,
        },
    )
    return IssuedKey(key, token)


def _refuse_unless_sound(scopes: Collection[str], life: timedelta) -> None:
    if not scopes or set(scopes) - set(Scope):
        raise Invalid.field("scopes", "unknown_scope", _("Please choose from the listed scopes."))
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise Invalid.field("expires_in_days", "bad_life", _("A key lives for up to 366 days."))


def _refuse_unless_bindable(organization_id: UUID, by: Actor) -> None:
    try:
        require(by, "accounts.bind_key", organization_id)
    except Refusal as refusal:
        raise NotFound() from refusal
