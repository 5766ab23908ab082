"""The registry of who does something when an event is published.

An app's handlers.py registers its functions with `on` and is imported when the app is ready.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from backend.events.models import Event

Handler = Callable[[Event], None]
H = TypeVar("H", bound=Handler)

_by_type: dict[str, list[str]] = defaultdict(list)
_by_name: dict[str, Handler] = {}


class DuplicateHandler(Exception):
    """Two handlers have one name, so their receipts could not be told apart."""


def on(*types: str) -> Callable[[H], H]:
    """Calls the decorated function with each event of these types, after it was published.

    At least once, in a transaction of its own, in no promised order with other handlers: it must be
    safe to run twice. Its name (module and function) is stored, so renaming it is a migration.
    """

    def register(handler: H) -> H:
        name = name_of(handler)
        if name in _by_name:
            raise DuplicateHandler(name)
        _by_name[name] = handler
        for type_ in types:
            _by_type[type_].append(name)
        return handler

    return register


def name_of(handler: Handler) -> str:
    """The name under which a handler's receipts are stored."""
    return f"{handler.__module__}.{handler.__qualname__}"


def names_for(event_type: str) -> Sequence[str]:
    """The handlers registered for a type, in the order of their registration."""
    return _by_type.get(event_type, ())


def named(name: str) -> Handler | None:
    """The handler of that name, or None when no such code is loaded any more."""
    return _by_name.get(name)


def registered() -> Mapping[str, Sequence[str]]:
    """Which handlers hear which event types."""
    return _by_type
