"""Who is at the other end of a socket, and which audiences they belong to now."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.http import HttpRequest
from knox.models import get_token_model
from rest_framework.exceptions import AuthenticationFailed

from backend.common.rest.authentication import KeyAuthentication
from backend.events import audiences, tickets

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Principal:
    """A person by session, key or both; without a person, the public.

    Equal principals are asked about once, however many sockets they have.
    """

    user_id: UUID | None = None
    session_key: str = ""
    key_digest: str = ""
    organization_id: UUID | None = None

    def audiences_now(self) -> frozenset[str] | None:
        """What they may hear now; None when they have to sign in again."""
        if self.session_key and _person_of_session(self.session_key) != self.user_id:
            return None
        if self.key_digest and not _key_lives(self.key_digest):
            return None
        return self.audiences_if_signed_in()

    def audiences_if_signed_in(self) -> frozenset[str]:
        """The same for one whose session or key was looked up just now."""
        if self.user_id is None:
            return frozenset({audiences.public()})
        return audiences.narrowed(audiences.of_person(self.user_id), self.organization_id)


PUBLIC = Principal()


def by_session(session_key: str) -> Principal | None:
    """The person signed in with this session; None when nobody is."""
    user_id = _person_of_session(session_key)
    return Principal(user_id, session_key=session_key) if user_id else None


def by_token(authorization: str) -> Principal | None:
    """The person or machine of an `Authorization` header; None when it is not valid."""
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = authorization
    try:
        found = KeyAuthentication().authenticate(request)
    except AuthenticationFailed:
        return None
    if found is None:
        return None
    user, key = found
    return Principal(
        user.pk, key_digest=key.digest, organization_id=getattr(key, "organization_id", None)
    )


def by_ticket(ticket: str) -> Principal | None:
    """Whoever the ticket was issued to; uses the ticket up."""
    bearer = tickets.redeem(ticket)
    if bearer is None:
        return None
    principal = Principal(
        bearer.user_id, bearer.session_key, bearer.key_digest, bearer.organization_id
    )
    return principal if principal.audiences_now() else None


def audiences_of(
    asked: Collection[Principal],
) -> Mapping[Principal, frozenset[str] | None]:
    """What each of them may hear now.

    One about whom a provider fails hears nothing, so that its bug does not hold up the others.
    """
    return {principal: _heard_by(principal) for principal in asked}


def _heard_by(principal: Principal) -> frozenset[str] | None:
    try:
        return principal.audiences_now()
    except DatabaseError:
        raise
    except Exception:
        log.exception("entitlement_unknown", user_id=str(principal.user_id))
        return None


def _person_of_session(session_key: str) -> UUID | None:
    request: Any = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not user.is_authenticated or _too_old(request.session):
        return None
    user_id: UUID = user.pk
    return user_id


def _too_old(session: Any) -> bool:
    """Whether the session has reached its absolute limit, which counts real seconds."""
    now_s = int(time.time())  # noqa: TID251 - real time by intention
    age_s = now_s - session.get("began_s", now_s)
    return bool(age_s > getattr(settings, "SESSION_ABSOLUTE_S", age_s))


def _key_lives(digest: str) -> bool:
    key = get_token_model().objects.filter(digest=digest, user__is_active=True).first()
    now = datetime.now(UTC)  # noqa: TID251 - keys expire in real time
    return key is not None and (key.expiry is None or key.expiry > now)
