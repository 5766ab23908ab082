"""Who acts in a request: the person of a session or sign-in token, or the machine with a key."""

from collections.abc import Set
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from backend.common.actor import Actor, ActorKind, person


class Key(Protocol):
    """What `request.auth` offers when the request came with a key."""

    digest: str
    organization_id: UUID | None

    @property
    def narrowed_to(self) -> Set[str] | None: ...


def actor(request: Request | HttpRequest) -> Actor:
    """The actor of a REST request or a page; raises NotAuthenticated (401) for a stranger.

    A token that a person signed in with stands for the person; a machine's key is narrowed to its
    scopes and organization, and never acts for the back office.
    """
    user = request.user
    if not user.is_authenticated:
        raise NotAuthenticated
    key = key_of(request)
    if key is None or (key.narrowed_to is None and key.organization_id is None):
        return person(user.pk, is_staff=user.is_staff)
    scopes = None if key.narrowed_to is None else frozenset(key.narrowed_to)
    return Actor(
        ActorKind.API_KEY,
        user_id=user.pk,
        scopes=scopes,
        organization_id=key.organization_id,
    )


def key_of(request: Request | HttpRequest) -> Key | None:
    """The key that the request came with, or None."""
    key: Key | None = getattr(request, "auth", None)
    return key


def actor_or_none(request: Request | HttpRequest) -> Actor | None:
    """The actor, or None for a stranger: for what is also open to the public."""
    return actor(request) if request.user.is_authenticated else None
