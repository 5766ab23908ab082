"""Registries that a test may fill for itself, and people."""

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

import pytest

from backend.accounts.models import User
from backend.events import audiences, handlers
from backend.events.models import Event
from tests.builders.accounts import make_user

Register = Callable[..., None]


@pytest.fixture
def user(db: None) -> User:
    return make_user()


@pytest.fixture
def grants(monkeypatch: pytest.MonkeyPatch) -> dict[UUID, set[str]]:
    """Audiences that a person belongs to, beside the public and themselves."""
    granted: dict[UUID, set[str]] = defaultdict(set)
    monkeypatch.setattr(
        audiences, "_providers", {"tests": lambda user_id: frozenset(granted[user_id])}
    )
    return granted


@pytest.fixture
def no_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the handlers that the test registers."""
    monkeypatch.setattr(handlers, "_by_type", defaultdict(list))
    monkeypatch.setattr(handlers, "_by_name", {})


@pytest.fixture
def register(no_handlers: None) -> Register:
    """Registers a handler under a name for some event types."""

    def registered(name: str, handler: Callable[[Event], object], *types: str) -> None:
        def named(event: Event) -> None:
            handler(event)

        named.__qualname__ = name
        handlers.on(*(types or ("crate.opened",)))(named)

    return registered
