"""Which pairs are possible, by what trip, and which programmes are nearest: rules on arrays.

The rules themselves are `claims.domain.eligibility`; tests compare every cell with them.
"""

from math import asin, sqrt
from typing import Final

import numpy as np

from matching.domain.kernel.arrays import Codes, Floats, Ints, World
from matching.domain.kernel.columns import (
    AT_VALUE,
    AT_X,
    AT_Y,
    AT_Z,
    C_FROM,
    C_HAS_START,
    C_MASS,
    C_ROAD,
    C_UNTIL,
    C_VOLUME,
    D_CAPACITY,
    D_COLLECTS,
    D_FIRST,
    D_HANDLING,
    D_HOURS,
    D_HOURS_END,
    D_LONGEST,
    D_ORGANIZATION,
    D_SECOND,
    D_STORE,
    D_THIRD,
    EARTH_RADIUS_M,
    ENDLESS,
    F_CARRY,
    F_COLUMNS,
    F_DEPARTS,
    F_HANDS_OVER,
    F_METRES,
    F_OUT_OF_COLD_S,
    F_REACHES,
    F_SHIFT,
    F_TRANSPORT,
    F_TRAVEL_S,
    L_COLD_S,
    L_FIRST,
    L_FROM,
    L_HANDLING,
    L_LEFT,
    L_ORGANIZATION,
    L_ROAD,
    L_SAFE,
    L_SECOND,
    L_STEP,
    L_STORAGE,
    L_THIRD,
    L_TRANSPORTS,
    L_UNTIL,
    L_VOLUME,
    NO_TRIP,
    P_HOME,
    P_LOT,
    P_METRES,
    P_MOST,
    R_CARRY,
    R_COLD,
    R_READY,
    R_SHIFT,
    R_UNTIL,
    SECOND_US,
    T_DETOUR,
    T_GIVEN,
    T_LEG_S,
    T_LONGEST,
    T_SECONDS_PER_M,
)
from matching.domain.kernel.compiling import compiled, entry

SELF_COLLECT: Final = 0
COURIER: Final = 1
DONOR_DELIVERS: Final = 2

# Reasons by their place in `World.codes`.
NO_WAY_KNOWN: Final = 0
ASKED_BEFORE: Final = 1
SAME_ORGANIZATION: Final = 2
OVER_CAPACITY: Final = 3
TRANSPORT_NOT_ALLOWED: Final = 4
TOO_FAR: Final = 5
WINDOW_OVER: Final = 6
UNSAFE: Final = 7
CLOSED: Final = 8
NO_COURIER: Final = 9


@compiled
def straight_m(places: Floats, row: int, others: Floats, column: int) -> float:
    """Great-circle metres from chord to arc."""
    half = sqrt(chord(places, row, others, column)) / 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, half))


@compiled
def chord(places: Floats, row: int, others: Floats, column: int) -> float:
    """The square of the chord: in the order of distances, and cheap."""
    x = places[row, AT_X] - others[column, AT_X]
    y = places[row, AT_Y] - others[column, AT_Y]
    z = places[row, AT_Z] - others[column, AT_Z]
    return x * x + y * y + z * z


@compiled
def reach_of_others(world: World, s: int) -> float:
    """How far others than the programme itself bring a lot at most, as a chord."""
    if not world.lots[s, L_TRANSPORTS] & ((1 << COURIER) | (1 << DONOR_DELIVERS)):
        return 0.0
    return (world.travel[T_LONGEST] + 1) / world.travel[T_DETOUR] / EARTH_RADIUS_M


@compiled
def way_m(world: World, s: int, d: int) -> int:
    """Metres by road, or -1 where no way is known."""
    if world.travel[T_GIVEN] == 0:
        return int(np.rint(straight_m(world.at, s, world.to, d) * world.travel[T_DETOUR]))
    found = _given(world, s, d)
    return -1 if found < 0 else world.given[found, 1]


@compiled
def _given(world: World, s: int, d: int) -> int:
    """The row of a given way; -1 where there is none."""
    given, end = world.given, world.given_starts[s + 1]
    low, high = world.given_starts[s], end
    while low < high:
        middle = (low + high) // 2
        if given[middle, 0] < d:
            low = middle + 1
        else:
            high = middle
    return low if low < end and given[low, 0] == d else -1


@compiled
def way_s(world: World, s: int, d: int, metres: int) -> int:
    """Seconds of a way that is known."""
    if world.travel[T_GIVEN] == 0:
        return int(np.rint(metres * world.travel[T_SECONDS_PER_M])) + int(world.travel[T_LEG_S])
    return world.given[_given(world, s, d), 2]


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
def _soonest(world: World, s: int, c: int) -> int:
    """When a shift could be at a lot."""
    ready = max(0, world.shifts[c, C_FROM])
    if world.shifts[c, C_HAS_START]:
        approach = straight_m(world.at, s, world.garages, c) / world.garages[c, AT_VALUE]
        ready += int(np.rint(approach)) * SECOND_US
    return ready


@compiled
def _carries(world: World, s: int, c: int) -> tuple[int, int]:
    """The most of a lot that a shift takes, and whether in a box for it; see `carry_limit_g`."""
    lots, shifts = world.lots, world.shifts
    box = shifts[c, C_VOLUME + lots[s, L_STORAGE]]
    cold = 1 if box > 0 else 0
    if not cold and lots[s, L_COLD_S] == 0:
        return 0, cold
    room = box if cold else max(0, shifts[c, C_VOLUME])
    carry = shifts[c, C_MASS]
    if lots[s, L_VOLUME]:
        carry = min(carry, room * lots[s, L_LEFT] // lots[s, L_VOLUME])
    return carry, cold


@compiled
def muster(world: World, s: int) -> int:
    """Sees to it that the crew is those shifts that can fetch from a lot; returns how many.

    The last row of the crew tells whose it is: drivers are asked for only where a trip needs one.
    """
    told = world.crew[len(world.shifts)]
    if told[R_READY] != s + 1:
        told[R_UNTIL] = _muster(world, s)
        told[R_READY] = s + 1
    return told[R_UNTIL]


@compiled
def _muster(world: World, s: int) -> int:
    """Fills in the shifts that can fetch from a lot, soonest first; returns how many."""
    lots, shifts, crew = world.lots, world.shifts, world.crew
    count = 0
    if not lots[s, L_TRANSPORTS] & (1 << COURIER):
        return count
    smallest = min(lots[s, L_STEP], lots[s, L_LEFT])
    for c in range(len(shifts)):
        if shifts[c, C_ROAD] != lots[s, L_ROAD]:
            continue
        carry, cold = _carries(world, s, c)
        ready = _soonest(world, s, c)
        begins = max(ready, lots[s, L_FROM]) + lots[s, L_HANDLING]
        if carry < smallest or begins >= lots[s, L_UNTIL]:
            continue
        crew[count, R_READY] = ready
        crew[count, R_UNTIL] = shifts[c, C_UNTIL]
        crew[count, R_CARRY] = carry
        crew[count, R_COLD] = cold
        crew[count, R_SHIFT] = c
        count += 1
    if count > 1:
        unsorted = crew[:count].copy()
        order = np.argsort(unsorted[:, R_READY])
        for place in range(count):
            crew[place] = unsorted[order[place]]
    return count


@compiled
def plan(world: World, s: int, d: int, ready: int, trip: Ints) -> None:
    """The earliest times of a trip that begins when somebody is ready; NO_TRIP is never open."""
    lots, homes, hours = world.lots, world.homes, world.hours
    way = trip[F_TRAVEL_S] * SECOND_US
    departs = max(ready, lots[s, L_FROM]) + lots[s, L_HANDLING]
    reaches = departs + way
    hands_over = NO_TRIP
    for row in range(homes[d, D_HOURS], homes[d, D_HOURS_END]):
        if reaches < hours[row, 1]:
            hands_over = max(reaches, hours[row, 0])
            break
    if hands_over > reaches:
        latest = max(departs, lots[s, L_UNTIL] - SECOND_US)
        departs = min(hands_over - way, latest)
    ends = reaches if hands_over == NO_TRIP else hands_over
    trip[F_DEPARTS] = departs
    trip[F_REACHES] = reaches
    trip[F_HANDS_OVER] = hands_over
    trip[F_OUT_OF_COLD_S] = (ends - departs) // SECOND_US


@compiled
def _judge(world: World, s: int, trip: Ints) -> int:
    """The first rule about times that a trip breaks."""
    lots, codes = world.lots, world.codes
    if trip[F_DEPARTS] >= lots[s, L_UNTIL]:
        return codes[WINDOW_OVER]
    cold = lots[s, L_COLD_S] < 0 or trip[F_OUT_OF_COLD_S] <= lots[s, L_COLD_S]
    if not cold or trip[F_REACHES] >= lots[s, L_SAFE]:
        return codes[UNSAFE]
    if trip[F_HANDS_OVER] == NO_TRIP or trip[F_HANDS_OVER] >= lots[s, L_SAFE]:
        return codes[CLOSED]
    return 0


@compiled
def _fetch(world: World, s: int, d: int, trip: Ints) -> bool:
    """The trip of the shift that can hand over first; then the colder, then the larger one."""
    crew = world.crew
    count = muster(world, s)
    best = -1
    best_ends = best_warm = 0
    for c in range(count):
        plan(world, s, d, crew[c, R_READY], trip)
        ends = trip[F_HANDS_OVER]
        if ends == NO_TRIP:
            ends = trip[F_REACHES]
        if best >= 0 and ends > best_ends:
            break
        done = ends + world.homes[d, D_HANDLING]
        if trip[F_DEPARTS] >= world.lots[s, L_UNTIL] or done > crew[c, R_UNTIL]:
            continue
        warm = 0 if crew[c, R_COLD] else trip[F_OUT_OF_COLD_S]
        better = best < 0 or ends < best_ends or warm < best_warm
        if not better and warm == best_warm:
            more = crew[c, R_CARRY] - crew[best, R_CARRY]
            better = more > 0 or (more == 0 and crew[c, R_SHIFT] < crew[best, R_SHIFT])
        if better:
            best, best_ends, best_warm = c, ends, warm
    if best < 0:
        return False
    plan(world, s, d, crew[best, R_READY], trip)
    trip[F_OUT_OF_COLD_S] = best_warm
    trip[F_CARRY] = crew[best, R_CARRY]
    trip[F_SHIFT] = crew[best, R_SHIFT]
    return True


@compiled
def find_trip(world: World, s: int, d: int, trip: Ints) -> int:
    """The first transport that no rule forbids: 0, and the trip is filled in; else a reason.

    Metres and seconds of the way are in the trip already.
    """
    lots, homes, codes = world.lots, world.homes, world.codes
    why = codes[TRANSPORT_NOT_ALLOWED]
    for transport in (SELF_COLLECT, COURIER, DONOR_DELIVERS):
        willing = transport != SELF_COLLECT or homes[d, D_COLLECTS]
        if not willing or not lots[s, L_TRANSPORTS] & (1 << transport):
            continue
        longest = homes[d, D_LONGEST] if transport == SELF_COLLECT else int(world.travel[T_LONGEST])
        if trip[F_METRES] > longest:
            why = codes[TOO_FAR]
            continue
        trip[F_TRANSPORT] = transport
        trip[F_CARRY] = ENDLESS
        trip[F_SHIFT] = NO_TRIP
        if transport != COURIER:
            plan(world, s, d, 0, trip)
            reason = _judge(world, s, trip)
        elif _fetch(world, s, d, trip):
            reason = _judge(world, s, trip)
        else:
            plan(world, s, d, 0, trip)
            trip[F_OUT_OF_COLD_S] = 0
            reason = _judge(world, s, trip)
            if reason == 0:
                reason = codes[NO_COURIER]
        if reason == 0:
            return 0
        why = reason
    return why


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
