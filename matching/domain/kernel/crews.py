"""Who drives what: every trip by a courier gets a place in a shift, or none."""

from typing import Any

import numpy as np

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

Table = Any
#: What is written down of a stop in a shift: when loading begins, when it is done, lot, programme.
BEGINS, DONE, LOT, HOME = 0, 1, 2, 3


@compiled
def _can_load(lots: Table, shifts: Table, c: int, parts: Table, begin: int, end: int) -> bool:
    """Whether every part fits by itself, as the rules ask."""
    for row in range(begin, end):
        s, mass = parts[row, 0], parts[row, 1]
        box = shifts[c, C_VOLUME + lots[s, L_STORAGE]]
        room = box if box > 0 else shifts[c, C_VOLUME]
        if mass > shifts[c, C_MASS] or (box <= 0 and lots[s, L_COLD_S] == 0):
            return False
        if lots[s, L_VOLUME] and mass * lots[s, L_VOLUME] > room * lots[s, L_LEFT]:
            return False
    return True


@compiled
def _in_time(
    lots: Table, shifts: Table, c: int, parts: Table, begin: int, end: int, trip: Table
) -> bool:
    """Whether every part is fetched, kept and handed over as the rules ask."""
    if trip[F_HANDS_OVER] == NO_TRIP:
        return False
    for row in range(begin, end):
        s = parts[row, 0]
        cold = shifts[c, C_VOLUME + lots[s, L_STORAGE]] > 0
        if trip[F_DEPARTS] >= lots[s, L_UNTIL] or trip[F_HANDS_OVER] >= lots[s, L_SAFE]:
            return False
        if not cold and 0 <= lots[s, L_COLD_S] < trip[F_OUT_OF_COLD_S]:
            return False
    return True


@compiled
def _approach_us(places: Table, row: int, at: Table, s: int, speed: float) -> int:
    return int(np.rint(straight_m(places, row, at, s) / speed)) * SECOND_US


@compiled
def _ready_us(
    world: Table, shifts: Table, garages: Table, stops: Table, c: int, gap: int, s: int
) -> int:
    """When a shift could be at a lot after so many of its stops."""
    if gap > 0:
        way = _approach_us(world[4], stops[c, gap - 1, HOME], world[3], s, garages[c, AT_VALUE])
        return stops[c, gap - 1, DONE] + way
    ready = max(0, shifts[c, C_FROM])
    if shifts[c, C_HAS_START]:
        ready += _approach_us(garages, c, world[3], s, garages[c, AT_VALUE])
    return ready


@compiled
def _must_be_done_us(
    world: Table, shifts: Table, garages: Table, stops: Table, count: int, c: int, gap: int, d: int
) -> int:
    """By when a stop in this gap must be done: in time for the next, or before the shift ends."""
    if gap == count:
        return shifts[c, C_UNTIL]
    way = _approach_us(world[4], d, world[3], stops[c, gap, LOT], garages[c, AT_VALUE])
    return stops[c, gap, BEGINS] - way


@compiled
def _first_gap(
    world: Table,
    shifts: Table,
    garages: Table,
    parts: Table,
    begin: int,
    end: int,
    d: int,
    stops: Table,
    count: int,
    c: int,
    sooner_than: int,
    trip: Table,
) -> int:
    """The first gap of a shift that the trip fits into, with its times filled in; -1 for none."""
    lots, homes, hours = world[0], world[1], world[2]
    s = parts[begin, 0]
    more = _other_loading_us(lots, parts, begin, end)
    for gap in range(count + 1):
        ready = _ready_us(world, shifts, garages, stops, c, gap, s) + more
        plan(lots, homes, hours, s, d, ready, trip)
        if trip[F_HANDS_OVER] >= sooner_than:
            return -1
        if not _in_time(lots, shifts, c, parts, begin, end, trip):
            return -1
        until = _must_be_done_us(world, shifts, garages, stops, count, c, gap, d)
        if trip[F_HANDS_OVER] + homes[d, D_HANDLING] <= until:
            return gap
    return -1


@compiled
def _other_loading_us(lots: Table, parts: Table, begin: int, end: int) -> int:
    """Loading of all parts but the first, which trips count themselves."""
    more = 0
    for row in range(begin + 1, end):
        more += lots[parts[row, 0], L_HANDLING]
    return more


@compiled
def _write_down(stops: Table, count: int, c: int, gap: int, stop: Any) -> None:
    for later in range(count, gap, -1):
        stops[c, later] = stops[c, later - 1]
    for column in range(len(stop)):
        stops[c, gap, column] = stop[column]


@entry
def crew_up(
    world: Table,
    shifts: Table,
    garages: Table,
    parts: Table,
    starts: Table,
    homes_of: Table,
    order: Table,
    trips: Table,
    stops: Table,
    counts: Table,
) -> int:
    """Gives each trip the gap in a shift in which it hands over first; returns how many got none.

    Trips come in an order of their own; `trips` has the seconds of each way, and gets its times and
    shift (NO_TRIP without one). Trips of one shift do not overlap, with the way between them.
    """
    lots, homes = world[0], world[1]
    lost = 0
    best = np.zeros(trips.shape[1], dtype=np.int64)
    for t in order:
        begin, end = starts[t], starts[t + 1]
        s, d = parts[begin, 0], homes_of[t]
        trip = trips[t]
        best[F_SHIFT] = NO_TRIP
        best[F_HANDS_OVER] = ENDLESS
        best_gap = 0
        for c in range(len(shifts)):
            if shifts[c, C_ROAD] != lots[s, L_ROAD] or counts[c] == stops.shape[1]:
                continue
            if not _can_load(lots, shifts, c, parts, begin, end):
                continue
            gap = _first_gap(
                world, shifts, garages, parts, begin, end, d, stops, counts[c], c,
                best[F_HANDS_OVER], trip,
            )  # fmt: skip
            if gap >= 0:
                best[:] = trip
                best[F_SHIFT], best_gap = c, gap
        trip[F_SHIFT] = best[F_SHIFT]
        c = best[F_SHIFT]
        if c == NO_TRIP:
            lost += 1
            continue
        trip[:] = best
        begins = trip[F_DEPARTS] - lots[s, L_HANDLING] - _other_loading_us(lots, parts, begin, end)
        done = trip[F_HANDS_OVER] + homes[d, D_HANDLING]
        _write_down(stops, counts[c], c, best_gap, (begins, done, s, d))
        counts[c] += 1
    return lost
