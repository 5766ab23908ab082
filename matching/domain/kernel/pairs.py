"""Which pairs are possible, by what trip, and which programmes are nearest: rules on arrays.

The rules themselves are `claims.domain.eligibility`; tests compare every cell with them.
"""

from math import asin, sqrt
from typing import Any, Final

import numpy as np

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

Table = Any
SELF_COLLECT: Final = 0
COURIER: Final = 1
DONOR_DELIVERS: Final = 2

# Codes of reasons, as `tables.CODES` fills them in.
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
def straight_m(places: Table, row: int, others: Table, column: int) -> float:
    """Great-circle metres from chord to arc."""
    x = places[row, AT_X] - others[column, AT_X]
    y = places[row, AT_Y] - others[column, AT_Y]
    z = places[row, AT_Z] - others[column, AT_Z]
    half = sqrt(x * x + y * y + z * z) / 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, half))


@compiled
def chord(places: Table, row: int, others: Table, column: int) -> float:
    """The square of the chord: in the order of distances, and cheap."""
    x = places[row, AT_X] - others[column, AT_X]
    y = places[row, AT_Y] - others[column, AT_Y]
    z = places[row, AT_Z] - others[column, AT_Z]
    return x * x + y * y + z * z


@compiled
def way_m(at: Table, to: Table, ways: Table, given: Table, starts: Table, s: int, d: int) -> int:
    """Metres by road, or -1 where no way is known."""
    if ways[T_GIVEN] == 0:
        return int(np.rint(straight_m(at, s, to, d) * ways[T_DETOUR]))
    found = _given(given, starts, s, d)
    return -1 if found < 0 else given[found, 1]


@compiled
def _given(given: Table, starts: Table, s: int, d: int) -> int:
    low, high = starts[s], starts[s + 1]
    while low < high:
        middle = (low + high) // 2
        if given[middle, 0] < d:
            low = middle + 1
        else:
            high = middle
    return low if low < starts[s + 1] and given[low, 0] == d else -1


@compiled
def way_s(ways: Table, given: Table, starts: Table, s: int, d: int, metres: int) -> int:
    if ways[T_GIVEN] == 0:
        return int(np.rint(metres * ways[T_SECONDS_PER_M])) + int(ways[T_LEG_S])
    return given[_given(given, starts, s, d), 2]


@compiled
def standing(
    lots: Table,
    homes: Table,
    first: Table,
    second: Table,
    third: Table,
    codes: Table,
    s: int,
    d: int,
) -> int:
    """Code of the first standing rule that fails; 0 when none does."""
    code = first[lots[s, L_FIRST], homes[d, D_FIRST]]
    if code:
        return code
    if lots[s, L_ORGANIZATION] == homes[d, D_ORGANIZATION]:
        return codes[SAME_ORGANIZATION]
    code = second[lots[s, L_SECOND], homes[d, D_SECOND]]
    if code:
        return code
    smallest = min(lots[s, L_STEP], lots[s, L_LEFT])
    if homes[d, D_CAPACITY + lots[s, L_STORAGE]] < smallest:
        return codes[OVER_CAPACITY]
    return third[lots[s, L_THIRD], homes[d, D_THIRD]]


@compiled
def _soonest(lots: Table, at: Table, shifts: Table, garages: Table, s: int, c: int) -> int:
    """When a shift could be at a lot."""
    ready = max(0, shifts[c, C_FROM])
    if shifts[c, C_HAS_START]:
        approach = straight_m(at, s, garages, c) / garages[c, AT_VALUE]
        ready += int(np.rint(approach)) * SECOND_US
    return ready


@compiled
def _carries(lots: Table, shifts: Table, s: int, c: int) -> Any:
    """The most of a lot that a shift takes, and whether in a box for it; see `carry_limit_g`."""
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
def muster(lots: Table, at: Table, shifts: Table, garages: Table, s: int, crew: Table) -> int:
    """Fills in the shifts that can fetch from a lot, soonest first; returns how many."""
    count = 0
    if not lots[s, L_TRANSPORTS] & (1 << COURIER):
        return count
    smallest = min(lots[s, L_STEP], lots[s, L_LEFT])
    for c in range(len(shifts)):
        if shifts[c, C_ROAD] != lots[s, L_ROAD]:
            continue
        carry, cold = _carries(lots, shifts, s, c)
        ready = _soonest(lots, at, shifts, garages, s, c)
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
def plan(lots: Table, homes: Table, hours: Table, s: int, d: int, ready: int, trip: Table) -> None:
    """The earliest times of a trip that begins when somebody is ready; NO_TRIP is never open."""
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
def _judge(lots: Table, codes: Table, s: int, trip: Table) -> int:
    if trip[F_DEPARTS] >= lots[s, L_UNTIL]:
        return codes[WINDOW_OVER]
    cold = lots[s, L_COLD_S] < 0 or trip[F_OUT_OF_COLD_S] <= lots[s, L_COLD_S]
    if not cold or trip[F_REACHES] >= lots[s, L_SAFE]:
        return codes[UNSAFE]
    if trip[F_HANDS_OVER] == NO_TRIP or trip[F_HANDS_OVER] >= lots[s, L_SAFE]:
        return codes[CLOSED]
    return 0


@compiled
def _fetch(
    lots: Table,
    homes: Table,
    hours: Table,
    s: int,
    d: int,
    crew: Table,
    count: int,
    trip: Table,
) -> bool:
    """The trip of the shift that can hand over first; then the colder, then the larger one."""
    best = -1
    best_ends = best_warm = 0
    for c in range(count):
        plan(lots, homes, hours, s, d, crew[c, R_READY], trip)
        ends = trip[F_HANDS_OVER]
        if ends == NO_TRIP:
            ends = trip[F_REACHES]
        if best >= 0 and ends > best_ends:
            break
        if trip[F_DEPARTS] >= lots[s, L_UNTIL] or ends + homes[d, D_HANDLING] > crew[c, R_UNTIL]:
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
    plan(lots, homes, hours, s, d, crew[best, R_READY], trip)
    trip[F_OUT_OF_COLD_S] = best_warm
    trip[F_CARRY] = crew[best, R_CARRY]
    trip[F_SHIFT] = crew[best, R_SHIFT]
    return True


@compiled
def find_trip(
    lots: Table,
    homes: Table,
    hours: Table,
    ways: Table,
    codes: Table,
    s: int,
    d: int,
    crew: Table,
    count: int,
    trip: Table,
) -> int:
    """The first transport that no rule forbids: 0, and the trip is filled in; else a reason.

    Metres and seconds of the way are in the trip already.
    """
    why = codes[TRANSPORT_NOT_ALLOWED]
    for transport in (SELF_COLLECT, COURIER, DONOR_DELIVERS):
        willing = transport != SELF_COLLECT or homes[d, D_COLLECTS]
        if not willing or not lots[s, L_TRANSPORTS] & (1 << transport):
            continue
        longest = homes[d, D_LONGEST] if transport == SELF_COLLECT else int(ways[T_LONGEST])
        if trip[F_METRES] > longest:
            why = codes[TOO_FAR]
            continue
        trip[F_TRANSPORT] = transport
        trip[F_CARRY] = ENDLESS
        trip[F_SHIFT] = NO_TRIP
        if transport != COURIER:
            plan(lots, homes, hours, s, d, 0, trip)
            reason = _judge(lots, codes, s, trip)
        elif _fetch(lots, homes, hours, s, d, crew, count, trip):
            reason = _judge(lots, codes, s, trip)
        else:
            plan(lots, homes, hours, s, d, 0, trip)
            trip[F_OUT_OF_COLD_S] = 0
            reason = _judge(lots, codes, s, trip)
            if reason == 0:
                reason = codes[NO_COURIER]
        if reason == 0:
            return 0
        why = reason
    return why


@compiled
def judge(world: Table, s: int, d: int, count: int, trip: Table) -> int:
    """The first failing reason of a pair by all rules; 0 with its trip filled in when possible."""
    lots, homes, hours, at, to, ways, given, starts, first, second, third, codes, asked, crew = (
        world
    )
    code = standing(lots, homes, first, second, third, codes, s, d)
    if code:
        return code
    metres = way_m(at, to, ways, given, starts, s, d)
    if metres < 0:
        return codes[NO_WAY_KNOWN]
    for row in range(asked[s, 0], asked[s, 1]):
        if asked[row, 2] == d:
            return codes[ASKED_BEFORE]
    trip[F_METRES] = metres
    trip[F_TRAVEL_S] = way_s(ways, given, starts, s, d, metres)
    return find_trip(lots, homes, hours, ways, codes, s, d, crew, count, trip)


@compiled
def most_g(lots: Table, homes: Table, room: Table, s: int, d: int, trip: Table) -> int:
    """The most that one trip brings, with what is settled taken off."""
    store = homes[d, D_STORE + lots[s, L_STORAGE]]
    return min(lots[s, L_LEFT], room[store], trip[F_CARRY])


@entry
def reasons(world: Table, shifts: Table, garages: Table, s: int, trips: Table, out: Table) -> None:
    """The reason of every programme for one lot."""
    count = muster(world[0], world[3], shifts, garages, s, world[13])
    for d in range(len(out)):
        out[d] = judge(world, s, d, count, trips[0])


@entry
def trips_of(
    world: Table, shifts: Table, garages: Table, lots: Table, homes: Table, out: Table
) -> None:
    """Trips of pairs that are known to be possible; pairs of one lot come together."""
    last = -1
    count = 0
    for row in range(len(lots)):
        if lots[row] != last:
            last = lots[row]
            count = muster(world[0], world[3], shifts, garages, last, world[13])
        judge(world, last, homes[row], count, out[row])


@entry
def distances(
    at: Table, to: Table, ways: Table, given: Table, starts: Table, s: int, out: Table
) -> None:
    """Metres by road from one lot to every programme; -1 where no way is known."""
    for d in range(len(out)):
        out[d] = way_m(at, to, ways, given, starts, s, d)


@entry
def pair(world: Table, shifts: Table, garages: Table, s: int, d: int, trip: Table) -> int:
    """The first failing reason of one pair; 0 with its trip filled in when it is possible."""
    return judge(world, s, d, muster(world[0], world[3], shifts, garages, s, world[13]), trip)
