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
def _approach(from_: Table, row: int, at: Table, s: int, speed: float) -> int:
    return int(round(straight_m(from_, row, at, s) / speed)) * SECOND_US


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
    lots, homes, hours, at, to = world[0], world[1], world[2], world[3], world[4]
    lost = 0
    best = np.zeros(trips.shape[1], dtype=np.int64)
    for t in order:
        begin, end = starts[t], starts[t + 1]
        s, d = parts[begin, 0], homes_of[t]
        more = 0
        for row in range(begin + 1, end):
            more += lots[parts[row, 0], L_HANDLING]
        best[F_SHIFT] = NO_TRIP
        best_gap = 0
        trip = trips[t]
        for c in range(len(shifts)):
            if shifts[c, C_ROAD] != lots[s, L_ROAD] or counts[c] == stops.shape[1]:
                continue
            if not _can_load(lots, shifts, c, parts, begin, end):
                continue
            speed = garages[c, AT_VALUE]
            for gap in range(counts[c] + 1):
                ready = max(0, shifts[c, C_FROM])
                if gap > 0:
                    ready = stops[c, gap - 1, DONE]
                    ready += _approach(to, stops[c, gap - 1, HOME], at, s, speed)
                elif shifts[c, C_HAS_START]:
                    ready += _approach(garages, c, at, s, speed)
                plan(lots, homes, hours, s, d, ready + more, trip)
                if best[F_SHIFT] != NO_TRIP and trip[F_HANDS_OVER] >= best[F_HANDS_OVER]:
                    break
                if not _in_time(lots, shifts, c, parts, begin, end, trip):
                    break
                done = trip[F_HANDS_OVER] + homes[d, D_HANDLING]
                until = shifts[c, C_UNTIL]
                if gap < counts[c]:
                    until = stops[c, gap, BEGINS]
                    until -= _approach(to, d, at, stops[c, gap, LOT], speed)
                if done <= until:
                    best[:] = trip
                    best[F_SHIFT] = c
                    best_gap = gap
                    break
        trip[:] = best
        c = best[F_SHIFT]
        if c == NO_TRIP:
            lost += 1
            continue
        for gap in range(counts[c], best_gap, -1):
            for column in range(stops.shape[2]):
                stops[c, gap, column] = stops[c, gap - 1, column]
        stops[c, best_gap, BEGINS] = trip[F_DEPARTS] - lots[s, L_HANDLING] - more
        stops[c, best_gap, DONE] = trip[F_HANDS_OVER] + homes[d, D_HANDLING]
        stops[c, best_gap, LOT] = s
        stops[c, best_gap, HOME] = d
        counts[c] += 1
    return lost
