"""The shape in which an event is told: the same over the socket and over REST."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from backend.events.models import Event


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as told to readers, and to whom it may be told.

    `previous` differs from reader to reader (the position before it that this reader was entitled
    to), so it is filled in last; the rest is encoded once for all.
    """

    epoch: UUID
    position: int
    type: str
    audiences: frozenset[str]
    tail: str

    def text(self, previous: int) -> str:
        """The frame as JSON text for one reader."""
        return (
            f'{{"epoch":"{self.epoch}","position":{self.position},"previous":{previous},{self.tail}'
        )

    def content(self, previous: int) -> dict[str, Any]:
        """The same as values, for an answer over REST."""
        content: dict[str, Any] = json.loads(self.text(previous))
        return content


def frame_of(event: Event, *, epoch: UUID, audiences: frozenset[str] = frozenset()) -> Frame:
    """The frame of a published event."""
    assert event.position is not None, "only published events are told"  # noqa: S101
    told = {
        "type": event.type,
        "subject": {
            "type": event.subject_type,
            "id": str(event.subject_id),
            "version": event.subject_version,
        },
        "at": event.occurred_at.astimezone(UTC).isoformat(),
        "schema": event.schema_version,
        "data": event.payload,
        "changed": event.changed,
    }
    encoded = json.dumps(told, separators=(",", ":"), cls=DjangoJSONEncoder, ensure_ascii=False)
    return Frame(epoch, event.position, event.type, audiences, encoded[1:])


def passing(kind: str, *, subject: tuple[str, str], data: Mapping[str, Any]) -> str:
    """A frame about the moment: it has no position, since no log holds it."""
    told = {
        "type": kind,
        "passing": True,
        "subject": {"type": subject[0], "id": subject[1]},
        "data": dict(data),
    }
    return json.dumps(told, separators=(",", ":"), cls=DjangoJSONEncoder, ensure_ascii=False)


def control(kind: str, *, epoch: UUID, position: int, **more: int) -> str:
    """A frame about the stream itself: "replay", "live", "reset" or "heartbeat" (no dot in it)."""
    return json.dumps(
        {"epoch": str(epoch), "position": position, "type": kind, **more}, separators=(",", ":")
    )
