"""What is short where no driver brings food: hours, a box that keeps it, or room in a vehicle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np

from backend.claims.domain.facts import STORAGE_CLASSES, CourierFacts
from backend.claims.domain.reasons import Reason
from matching.domain.feasibility import MEANINGS, Feasibility
from matching.domain.kernel.arrays import Ints
from matching.domain.solver.state import State

#: Grams and millilitres of a vehicle that takes anything.
_PLENTY: Final = 1_000_000_000
_NO_COURIER: Final = MEANINGS.index(Reason.NO_COURIER_ON_SHIFT)
#: A vehicle without the right box brings it too warm, or not at all.
_BARRED: Final = (_NO_COURIER, MEANINGS.index(Reason.UNSAFE_BEFORE_ARRIVAL))


class Short(StrEnum):
    """What there is too little of; the code is part of the API."""

    HOURS = "hours"
    BOXES = "boxes"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a lot that stays would have needed: `needs_s` of a driver for the shortest trip, which
    begins between the two instants.
    """

    of: str
    needs_s: int
    from_at: datetime
    until_at: datetime


def shortages_of(state: State) -> dict[str, Shortage]:
    """By lot, for every lot of which something stays only because nobody drives it.

    That is so where a trip found no place in a shift though there is room for the food, and where
    no shift could do any trip.
    """
    left = np.flatnonzero(state.left_g).tolist()
    found = {
        supply: _shortage(state, supply, Short.HOURS, demands)
        for supply in left
        if len(demands := state.undriven(supply))
    }
    found |= _undriven(state, [supply for supply in left if not len(state.options(supply))])
    return {state.case.supplies[supply].id: each for supply, each in found.items()}


def _undriven(state: State, supplies: Sequence[int]) -> dict[int, Shortage]:
    """For lots that nobody can have, where a driver, or a better vehicle, would change that."""
    feasibility = state.case.feasibility
    codes = {supply: feasibility.codes(supply) for supply in supplies}
    barred = {supply: np.isin(each, _BARRED) for supply, each in codes.items()}
    barred = {supply: each for supply, each in barred.items() if each.any()}
    if not barred:
        return {}
    roomy = Feasibility(replace(state.case.problem, couriers=_roomy(state)))
    found = {}
    for supply, each in barred.items():
        possible = np.flatnonzero(each & (roomy.codes(supply) == 0))
        undriven = np.flatnonzero(codes[supply] == _NO_COURIER)
        if len(possible):
            found[supply] = _shortage(state, supply, _of_vehicle(state, supply), possible)
        elif len(undriven):
            found[supply] = _shortage(state, supply, Short.HOURS, undriven)
    return found


def _roomy(state: State) -> tuple[CourierFacts, ...]:
    """The same hours, in vehicles that take and keep anything."""
    boxes = dict.fromkeys(STORAGE_CLASSES, _PLENTY)
    couriers = state.case.problem.couriers
    return tuple(replace(each, mass_g=_PLENTY, volume_ml=boxes) for each in couriers)


def _of_vehicle(state: State, supply: int) -> Short:
    storage = state.case.supplies[supply].lot.storage_class
    return Short.ROOM if storage == "ambient" else Short.BOXES


def _shortage(state: State, supply: int, of: Short, demands: Ints) -> Shortage:
    case, lot = state.case, state.case.supplies[supply].lot
    metres = case.feasibility.metres(supply)[demands]
    nearest = int(np.argmin(metres))
    recipient = case.demands[int(demands[nearest])].recipient
    way_s = case.problem.travel.travel_s(int(metres[nearest]))
    return Shortage(
        of=of,
        needs_s=lot.handling_s + way_s + recipient.handling_s,
        from_at=max(case.problem.now, lot.pickup_from_at),
        until_at=min(lot.pickup_until_at, lot.safe_until_at),
    )
