"""What a viewer may see of people and keys: their own."""

from uuid import UUID

from django.db.models import QuerySet

from backend.accounts.models import ApiKey, KeyKind, User
from backend.common.actor import Actor
from backend.common.refusals import NotAllowed


def person_id(actor: Actor) -> UUID:
    """The person behind the actor; NotAllowed for the system, which is nobody."""
    if actor.user_id is None:
        raise NotAllowed()
    return actor.user_id


def own_account(viewer: Actor) -> User:
    """The person who looks."""
    return User.objects.get(pk=person_id(viewer))


def keys_of(viewer: Actor) -> QuerySet[ApiKey]:
    """The viewer's machine keys, without sign-ins; none for a narrowed key."""
    keys: QuerySet[ApiKey] = ApiKey.objects.filter(user_id=person_id(viewer), kind=KeyKind.MACHINE)
    return keys if viewer.scopes is None else keys.none()
