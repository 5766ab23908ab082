"""Identifiers: time-ordered keys for rows, random ones for what strangers may see."""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

__all__ = ["SeededIds", "new_code", "new_id", "new_public_id", "use"]


class Ids(Protocol):
    def key(self) -> UUID: ...
    def public(self) -> UUID: ...
    def code(self) -> str: ...


class RandomIds:
    """What the running product uses."""

    def key(self) -> UUID:
        return uuid7()

    def public(self) -> UUID:
        return uuid4()

    def code(self) -> str:
        return f"{secrets.randbelow(1_000_000):06d}"


class SeededIds:
    """The same sequence for the same seed, so that a simulation can be repeated to the letter."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a simulation keeps no secrets
        self._count = 0

    def key(self) -> UUID:
        """A UUIDv7 whose time is a counter: keys sort in the order of their making."""
        self._count += 1
        return UUID(int=self._count << 80 | 0x7 << 76 | 0b10 << 62 | self._random.getrandbits(62))

    def public(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def code(self) -> str:
        return f"{self._random.randrange(1_000_000):06d}"


_ids: Ids = RandomIds()


@contextmanager
def use(ids: Ids) -> Iterator[Ids]:
    """Replaces the process's source of identifiers within the block."""
    global _ids  # noqa: PLW0603 - one source per process is the point
    before, _ids = _ids, ids
    try:
        yield ids
    finally:
        _ids = before


def new_id() -> UUID:
    """A UUIDv7 primary key: sorts by creation time, so indexes stay compact (RFC 9562)."""
    return _ids.key()


def new_public_id() -> UUID:
    """A random identifier (122 bits) for receipts, public tracking and calendars; tells no time."""
    return _ids.public()


def new_code() -> str:
    """Six random decimal figures that two people compare at a hand-over."""
    return _ids.code()
