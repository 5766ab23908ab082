"""Tells sockets what is true only for a moment: it is not stored, not replayed, and may be lost.

What is told here must be readable over REST as well, and nothing may depend on its arrival.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from backend.events import hub
from backend.events.frames import passing
from backend.events.layer import Announcer


class Teller:
    """Tells the sockets of every process; used by one thread, outside an event loop."""

    def __init__(self) -> None:
        self._announcer = Announcer()

    def tell(
        self,
        kind: str,
        *,
        subject: tuple[str, str],
        audiences: Iterable[str],
        data: Mapping[str, Any],
    ) -> None:
        """Sends one frame to those who hear any of the audiences now; a socket that is behind
        does not get it. `subject` is a type and an id.
        """
        names, text = sorted(set(audiences)), passing(kind, subject=subject, data=data)
        if not self._announcer.pass_on(names, text):
            hub.pass_on(names, text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._announcer.close()
