"""Which hours of a shift are still to be had, for whoever promises food.

A shift says when somebody drives, not what for, nor that the car broke down. Whoever sends couriers
out knows, and tells here which hours are taken, so that rounds do not count on them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from backend.couriers.models import Shift
from backend.organizations.domain.hours import Interval, left_of


class Promises(Protocol):
    """Taken hours by shift, in any order; shifts of which nothing is taken may be left out.

    The number of queries does not depend on how many shifts there are.
    """

    def __call__(self, shifts: Sequence[Shift]) -> Mapping[UUID, Sequence[Interval]]: ...


_promises: list[Promises] = []


def promises(told: Promises) -> Promises:
    """Marks the function that others ask, once, where its module is imported."""
    _promises.append(told)
    return told


def free_hours(shifts: Iterable[Shift]) -> dict[UUID, list[Interval]]:
    """By shift, what is not taken of it, past hours as well: in order, none when all is."""
    known = list(shifts)
    promised = [told(known) for told in _promises]
    return {
        shift.pk: left_of(
            Interval(shift.from_at, shift.until_at),
            [hours for by_shift in promised for hours in by_shift.get(shift.pk, ())],
        )
        for shift in known
    }
