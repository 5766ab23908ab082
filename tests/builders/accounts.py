"""People for tests, and the actors they are."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from backend.accounts.models import User
from backend.common.actor import Actor, ActorKind, person

PASSWORD = "a crate of ripe plums"
LONG_AGO = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(*, email: str = "", password: str | None = None, **fields: Any) -> User:
    """A person; give a password only when the test signs in with it (hashing costs time)."""
    address = email or f"person{next(_numbers)}@example.org"
    return User.objects.create_user(address, password, **({"joined_at": LONG_AGO} | fields))


def actor_of(user: User, **narrowing: Any) -> Actor:
    """The actor that a signed-in person is; keyword arguments make it a narrower key's."""
    if narrowing:
        return Actor(ActorKind.API_KEY, user_id=user.pk, **narrowing)
    return person(user.pk, is_staff=user.is_staff)
