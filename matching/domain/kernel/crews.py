"""Who drives what: every trip by a courier gets a place in a shift, or none."""

import numpy as np

from matching.domain.kernel.arrays import Floats, Ints, World
from matching.domain.kernel.columns import (
    AT_VALUE,
    C_FROM,
    C_HAS_START,
    C_MASS,
    C_ROAD,
    C_UNTIL,
    C_VOLUME,
    D_HANDLING,
    ENDLESS,
    F_DEPARTS,
    F_HANDS_OVER,
    F_OUT_OF_COLD_S,
    F_SHIFT,
    L_COLD_S,
    L_HANDLING,
    L_LEFT,
    L_ROAD,
    L_SAFE,
    L_STORAGE,
    L_UNTIL,
    L_VOLUME,
    NO_TRIP,
    SECOND_US,
)
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.pairs import plan, straight_m

#: What is written down of a stop in a shift: when loading begins, when it is done, lot, programme.
BEGINS, DONE, LOT, HOME = 0, 1, 2, 3

# A *load* is what one trip brings: rows of lot and grams. A *tour* is the stops of one shift.


@compiled
def _can_load(world: World, c: int, load: Ints) -> bool:
    """Whether every part fits by itself, as the rules ask."""
    lots, shifts = world.lots, world.shifts
    for row in range(len(load)):
        s, mass = load[row, 0], load[row, 1]
        box = shifts[c, C_VOLUME + lots[s, L_STORAGE]]
        room = box if box > 0 else shifts[c, C_VOLUME]
        if mass > shifts[c, C_MASS] or (box <= 0 and lots[s, L_COLD_S] == 0):
            return False
        if lots[s, L_VOLUME] and mass * lots[s, L_VOLUME] > room * lots[s, L_LEFT]:
            return False
    return True


@compiled
def _in_time(world: World, c: int, load: Ints, trip: Ints) -> bool:
    """Whether every part is fetched, kept and handed over as the rules ask."""
    lots = world.lots
    if trip[F_HANDS_OVER] == NO_TRIP:
        return False
    for row in range(len(load)):
        s = load[row, 0]
        cold = world.shifts[c, C_VOLUME + lots[s, L_STORAGE]] > 0
        if trip[F_DEPARTS] >= lots[s, L_UNTIL] or trip[F_HANDS_OVER] >= lots[s, L_SAFE]:
            return False
        if not cold and 0 <= lots[s, L_COLD_S] < trip[F_OUT_OF_COLD_S]:
            return False
    return True


@compiled
def _approach_us(places: Floats, row: int, at: Floats, s: int, speed: float) -> int:
    """How long it takes from a place to a lot."""
    return int(np.rint(straight_m(places, row, at, s) / speed)) * SECOND_US


@compiled
def _ready_us(world: World, c: int, tour: Ints, gap: int, s: int) -> int:
    """When a shift could be at a lot after so many of its stops."""
    speed = world.garages[c, AT_VALUE]
    if gap > 0:
        way = _approach_us(world.to, tour[gap - 1, HOME], world.at, s, speed)
        return tour[gap - 1, DONE] + way
    ready = max(0, world.shifts[c, C_FROM])
    if world.shifts[c, C_HAS_START]:
        ready += _approach_us(world.garages, c, world.at, s, speed)
    return ready


@compiled
def _must_be_done_us(world: World, c: int, tour: Ints, gap: int, d: int) -> int:
    """By when a stop in this gap must be done: in time for the next, or before the shift ends."""
    if gap == len(tour):
        return world.shifts[c, C_UNTIL]
    speed = world.garages[c, AT_VALUE]
    return tour[gap, BEGINS] - _approach_us(world.to, d, world.at, tour[gap, LOT], speed)


@compiled
def _first_gap(
    world: World, c: int, tour: Ints, load: Ints, d: int, sooner_than: int, trip: Ints
) -> int:
    """The first gap of a shift that the trip fits into, with its times filled in; -1 for none."""
    s = load[0, 0]
    more = _other_loading_us(world, load)
    for gap in range(len(tour) + 1):
        plan(world, s, d, _ready_us(world, c, tour, gap, s) + more, trip)
        if trip[F_HANDS_OVER] >= sooner_than:
            return -1
        if not _in_time(world, c, load, trip):
            return -1
        done = trip[F_HANDS_OVER] + world.homes[d, D_HANDLING]
        if done <= _must_be_done_us(world, c, tour, gap, d):
            return gap
    return -1


@compiled
def _other_loading_us(world: World, load: Ints) -> int:
    """Loading of all parts but the first, which trips count themselves."""
    more = 0
    for row in range(1, len(load)):
        more += world.lots[load[row, 0], L_HANDLING]
    return more


@compiled
def _write_down(tour: Ints, gap: int, stop: tuple[int, int, int, int]) -> None:
    """Puts a stop into a gap; `tour` has one place more than it has stops."""
    for later in range(len(tour) - 1, gap, -1):
        tour[later] = tour[later - 1]
    for column in range(len(stop)):
        tour[gap, column] = stop[column]


@entry
def crew_up(
    world: World,
    parts: Ints,
    starts: Ints,
    homes_of: Ints,
    order: Ints,
    trips: Ints,
    stops: Ints,
    counts: Ints,
) -> int:
    """Gives each trip the gap in a shift in which it hands over first; returns how many got none.

    Trips come in an order of their own; `trips` has the seconds of each way, and gets its times and
    shift (NO_TRIP without one). Trips of one shift do not overlap, with the way between them.
    """
    lots, shifts = world.lots, world.shifts
    lost = 0
    best = np.zeros(trips.shape[1], dtype=np.int64)
    for t in order:
        load = parts[starts[t] : starts[t + 1]]
        s, d = load[0, 0], homes_of[t]
        trip = trips[t]
        best[F_SHIFT] = NO_TRIP
        best[F_HANDS_OVER] = ENDLESS
        best_gap = 0
        for c in range(len(shifts)):
            if shifts[c, C_ROAD] != lots[s, L_ROAD] or counts[c] == stops.shape[1]:
                continue
            if not _can_load(world, c, load):
                continue
            tour = stops[c, : counts[c]]
            gap = _first_gap(world, c, tour, load, d, best[F_HANDS_OVER], trip)
            if gap >= 0:
                best[:] = trip
                best[F_SHIFT], best_gap = c, gap
        trip[F_SHIFT] = best[F_SHIFT]
        c = best[F_SHIFT]
        if c == NO_TRIP:
            lost += 1
            continue
        trip[:] = best
        begins = trip[F_DEPARTS] - lots[s, L_HANDLING] - _other_loading_us(world, load)
        done = trip[F_HANDS_OVER] + world.homes[d, D_HANDLING]
        counts[c] += 1
        _write_down(stops[c, : counts[c]], best_gap, (begins, done, s, d))
    return lost
