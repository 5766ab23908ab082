"""Keeps a form that is sent twice (two taps, a reload) from doing its work twice."""

from uuid import UUID

from django import forms
from django.core.cache import cache
from django.http import HttpRequest

from backend.common.ids import new_id

#: Long enough for somebody who comes back to an old tab.
REMEMBERED_S = 24 * 3600


class OnceField(forms.UUIDField):
    """A hidden token, new for each form that is shown and the same each time that it is sent."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=new_id)


def begin(request: HttpRequest, token: UUID) -> bool:
    """Whether this is the first time; the work follows, or `undo` when it was refused."""
    return cache.add(_key(request, token), "", REMEMBERED_S)


def undo(request: HttpRequest, token: UUID) -> None:
    """The work was refused, so the same form may be sent again."""
    cache.delete(_key(request, token))


def finish(request: HttpRequest, token: UUID, url: str) -> None:
    """Where a repetition is led instead."""
    cache.set(_key(request, token), url, REMEMBERED_S)


def outcome(request: HttpRequest, token: UUID) -> str:
    """Where the first one led; empty while it is still at work."""
    return str(cache.get(_key(request, token)) or "")


def _key(request: HttpRequest, token: UUID) -> str:
    return f"once:{request.user.pk}:{token}"
