"""Keeps a photo that was chosen for a form which comes back: browsers cannot be given files again.

It is written anew at once, found again by a random number that the form carries, by its sender
alone, and forgotten after a while. Of each person the latest is kept.
"""

import secrets
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from backend.listings.actions.attach_photo import SENTENCES
from backend.listings.domain.photo import LARGEST_UPLOAD_B, UnusablePhoto, cleaned

#: Names of the file and of the box that says the kept one shall be taken.
CHOSEN, KEPT = "photo", "kept_photo"
KEPT_S = 1_800


def beside(request: HttpRequest) -> dict[str, Any]:
    """What a form that comes back shows of its photo; says so where none can be kept."""
    if CHOSEN in request.FILES:
        return {KEPT: _keep(request, _sent(request))}
    return {KEPT: "" if chosen(request) is None else request.POST[KEPT]}


def chosen(request: HttpRequest) -> bytes | None:
    """The photo just sent, or the kept one that the form asks for; says so if that is gone."""
    if CHOSEN in request.FILES:
        return _sent(request)
    data = _kept(request)
    if data is None and request.POST.get(KEPT):
        messages.warning(request, _("We could not keep the photo. Please choose it again."))
    return data


def forget(request: HttpRequest) -> None:
    """The one that the form asks for has found its place."""
    if _kept(request) is not None:
        cache.delete(_key(request))


def _sent(request: HttpRequest) -> bytes:
    """Not more than is needed to see that it is too large."""
    upload: Any = request.FILES[CHOSEN]
    upload.seek(0)
    data: bytes = upload.read(LARGEST_UPLOAD_B + 1)
    return data


def _kept(request: HttpRequest) -> bytes | None:
    number, data = cache.get(_key(request)) or ("", None)
    return data if constant_time_compare(number, request.POST.get(KEPT, "")) else None


def _keep(request: HttpRequest, data: bytes) -> str:
    """The number under which it is found again; empty for what is no picture."""
    try:
        photo = cleaned(data)
    except UnusablePhoto as error:
        why = SENTENCES[error.code]
        messages.warning(request, _("The photo was not kept: %(why)s") % {"why": why})
        return ""
    number = secrets.token_urlsafe(16)
    cache.set(_key(request), (number, photo.data), KEPT_S)
    return number


def _key(request: HttpRequest) -> str:
    return f"photo:{request.user.pk}"
