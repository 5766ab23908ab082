"""Which pairs are possible, and why the others are not: rules on arrays.

The rules themselves are `claims.domain.eligibility`; tests compare every cell with them.
"""

from typing import Final

import numpy as np

from matching.domain.kernel.arrays import Codes, Ints, World
from matching.domain.kernel.columns import (
    D_CAPACITY,
    D_FIRST,
    D_ORGANIZATION,
    D_SECOND,
    D_STORE,
    D_THIRD,
    F_CARRY,
    F_COLUMNS,
    F_METRES,
    F_TRAVEL_S,
    L_FIRST,
    L_LEFT,
    L_ORGANIZATION,
    L_SECOND,
    L_STEP,
    L_STORAGE,
    L_THIRD,
    P_HOME,
    P_LOT,
    P_METRES,
    P_MOST,
)
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.trips import find_trip, way_m, way_s

# Reasons by their place in `World.codes`; trips.py has the others.
NO_WAY_KNOWN: Final = 0
ASKED_BEFORE: Final = 1
SAME_ORGANIZATION: Final = 2
OVER_CAPACITY: Final = 3


@compiled
def standing(world: World, s: int, d: int) -> int:
    """Code of the first standing rule that fails; 0 when none does."""
    lots, homes = world.lots, world.homes
    code = world.first[lots[s, L_FIRST], homes[d, D_FIRST]]
    if code:
        return code
    if lots[s, L_ORGANIZATION] == homes[d, D_ORGANIZATION]:
        return world.codes[SAME_ORGANIZATION]
    code = world.second[lots[s, L_SECOND], homes[d, D_SECOND]]
    if code:
        return code
    smallest = min(lots[s, L_STEP], lots[s, L_LEFT])
    if homes[d, D_CAPACITY + lots[s, L_STORAGE]] < smallest:
        return world.codes[OVER_CAPACITY]
    return world.third[lots[s, L_THIRD], homes[d, D_THIRD]]


@compiled
def judge(world: World, s: int, d: int, trip: Ints) -> int:
    """The first failing reason of a pair by all rules; 0 with its trip filled in when possible."""
    code = standing(world, s, d)
    if code:
        return code
    metres = way_m(world, s, d)
    if metres < 0:
        return world.codes[NO_WAY_KNOWN]
    for row in range(world.asked[s, 0], world.asked[s, 1]):
        if world.asked[row, 2] == d:
            return world.codes[ASKED_BEFORE]
    trip[F_METRES] = metres
    trip[F_TRAVEL_S] = way_s(world, s, d, metres)
    return find_trip(world, s, d, trip)


@compiled
def note(world: World, room: Ints, s: int, d: int, trip: Ints, row: Ints) -> None:
    """Writes a possible pair down, with the most that one trip brings into what room there is."""
    store = world.homes[d, D_STORE + world.lots[s, L_STORAGE]]
    row[P_LOT] = s
    row[P_HOME] = d
    row[P_METRES] = trip[F_METRES]
    row[P_MOST] = min(world.lots[s, L_LEFT], room[store], trip[F_CARRY])


@entry
def reasons(world: World, s: int, out: Codes) -> None:
    """The reason of every programme for one lot."""
    trip = np.zeros(F_COLUMNS, dtype=np.int64)
    for d in range(len(out)):
        out[d] = judge(world, s, d, trip)


@entry
def trips_of(world: World, lots: Ints, homes: Ints, out: Ints) -> None:
    """Trips of pairs that are known to be possible; pairs of one lot come together."""
    for row in range(len(lots)):
        judge(world, lots[row], homes[row], out[row])


@entry
def distances(world: World, s: int, out: Ints) -> None:
    """Metres by road from one lot to every programme; -1 where no way is known."""
    for d in range(len(out)):
        out[d] = way_m(world, s, d)


@entry
def pair(world: World, s: int, d: int, trip: Ints) -> int:
    """The first failing reason of one pair; 0 with its trip filled in when it is possible."""
    return judge(world, s, d, trip)
