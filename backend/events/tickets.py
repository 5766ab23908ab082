"""Single-use tickets with which a browser app that holds a token opens a socket.

A ticket lives for 30 s in the cache, under its hash, and goes with the first use.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache

LIFETIME_S = 30


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a ticket stands for: a person, narrowed as the key or session that asked for it was.

    `key_digest` and `session_key` end the socket when that key or session ends.
    """

    user_id: UUID
    organization_id: UUID | None = None
    key_digest: str = ""
    session_key: str = ""


def issue(bearer: Bearer) -> str:
    """A new ticket; only its hash is kept."""
    ticket = secrets.token_urlsafe(32)
    cache.set(_place(ticket), bearer, LIFETIME_S)
    return ticket


def redeem(ticket: str) -> Bearer | None:
    """Whom the ticket stands for; None when it is unknown, over, or was used before.

    Deleting tells who was first, so of two who come together only one gets in.
    """
    place = _place(ticket)
    bearer: Any = cache.get(place)
    if bearer is None or not cache.delete(place):
        return None
    return bearer if isinstance(bearer, Bearer) else None


def _place(ticket: str) -> str:
    return f"socket-ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
