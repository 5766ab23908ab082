"""Who may open a socket, as far as the handshake's headers and query say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.conf import settings
from django.http.request import split_domain_port, validate_host

#: Positions are 63 bits.
POSITION = re.compile(r"\d{1,18}")
LONGEST_QUERY = 300


class BadHandshake(Exception):
    """The request for a socket is malformed, or comes from a page that is not ours."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a client has: everything up to `after` of the log `epoch`."""

    after: int | None = None
    epoch: UUID | None = None


@dataclass(frozen=True, slots=True)
class Handshake:
    """A request for a socket that came from where it may come from.

    Exactly one of: `authorization` (a machine's header), `by_ticket` (the first frame will hold
    one), `public` (only what everybody may hear), or else the session's key, "" for none.
    """

    place: Place
    authorization: str = ""
    by_ticket: bool = False
    public: bool = False
    session_key: str = ""


def read_handshake(scope: Mapping[str, Any]) -> Handshake:
    """What the request asks for; raises BadHandshake.

    A cookie counts only together with our own Origin: other sites' pages would send it too.
    Tickets and keys are shown by their holder, so those may come from anywhere.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if settings.SESSION_COOKIE_SECURE and not _is_secure(scope, headers):
        raise BadHandshake("plain")
    query = _query(scope)
    place = read_place(query)
    if headers.get("authorization"):
        return Handshake(place, authorization=headers["authorization"])
    if query.get("auth") == "ticket":
        return Handshake(place, by_ticket=True)
    if not _is_own(headers.get("origin", ""), headers.get("host", ""), scope, headers):
        raise BadHandshake("origin")
    if query.get("feed") == "public":
        return Handshake(place, public=True)
    return Handshake(place, session_key=_session_key(headers.get("cookie", "")))


def read_place(query: Mapping[str, Any]) -> Place:
    """The place named by `after` and `epoch`, each of which may be missing; raises BadHandshake."""
    after, epoch = str(query.get("after", "")), str(query.get("epoch", ""))
    if after and not POSITION.fullmatch(after):
        raise BadHandshake("after")
    try:
        return Place(int(after) if after else None, UUID(epoch) if epoch else None)
    except ValueError as error:
        raise BadHandshake("epoch") from error


def _query(scope: Mapping[str, Any]) -> dict[str, str]:
    raw = scope["query_string"]
    if len(raw) > LONGEST_QUERY:
        raise BadHandshake("query")
    return dict(parse_qsl(raw.decode("latin-1")))


def _is_secure(scope: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        told = headers.get(name.removeprefix("HTTP_").replace("_", "-").lower(), "")
        return told.split(",")[0].strip() == value
    return scope.get("scheme") == "wss"


def _is_own(origin: str, host: str, scope: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Whether the page that asks was served by us: its origin is this host, or trusted by name."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    asked = urlsplit(origin)
    scheme = "https" if _is_secure(scope, headers) else "http"
    domain, _ = split_domain_port(host)
    return (
        bool(host)
        and asked.netloc.lower() == host.lower()
        and asked.scheme == scheme
        and validate_host(domain, settings.ALLOWED_HOSTS)
    )


def _session_key(cookie: str) -> str:
    try:
        found = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""
