"""What belongs to the moment in which a listing opens, before anybody can see it.

An event is heard after the transaction, and whoever is quick is there before. Apps that must have
decided by then say so here, so that listings need not know them.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Step(Protocol):
    """Runs in the transaction that opens the listing: reads and a few rows, no network, no solve.

    What it raises keeps the listing from opening.
    """

    def __call__(self, *, listing_id: UUID, now: datetime) -> object: ...


_steps: list[Step] = []


def at_opening(step: Step) -> Step:
    """Marks a step, once, where its module is imported."""
    _steps.append(step)
    return step


def take_steps(*, listing_id: UUID, now: datetime) -> None:
    """Every step, in the order in which they were marked."""
    for step in _steps:
        step(listing_id=listing_id, now=now)
