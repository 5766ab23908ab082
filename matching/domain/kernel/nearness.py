"""The nearest programmes that may have a lot, and far ones of counties that got least."""

from typing import Any

from matching.domain.kernel.columns import (
    AT_VALUE,
    D_COLLECTS,
    EARTH_RADIUS_M,
    F_METRES,
    L_TRANSPORTS,
    T_DETOUR,
    T_GIVEN,
    T_LONGEST,
)
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.pairs import (
    COURIER,
    DONOR_DELIVERS,
    chord,
    judge,
    most_g,
    muster,
    standing,
    way_m,
)

Table = Any


@compiled
def _sift(apart: Table, rows: Table, place: int, count: int) -> None:
    """Lets the top of a heap sink to where it belongs; nearer above farther."""
    while True:
        child = 2 * place + 1
        if child >= count:
            return
        if child + 1 < count and apart[rows[child + 1]] < apart[rows[child]]:
            child += 1
        if apart[rows[place]] <= apart[rows[child]]:
            return
        held = rows[place]
        rows[place] = rows[child]
        rows[child] = held
        place = child


@compiled
def _standing_near(world: Table, s: int, apart: Table, rows: Table) -> int:
    """Programmes that no standing rule forbids and that are not too far for certain, as a heap."""
    lots, homes, _, at, to, ways, given, starts, first, second, third, codes, _, _ = world
    longest = (ways[T_LONGEST] + 1) / ways[T_DETOUR] / EARTH_RADIUS_M
    by_others = lots[s, L_TRANSPORTS] & ((1 << COURIER) | (1 << DONOR_DELIVERS))
    count = 0
    for d in range(len(homes)):
        if ways[T_GIVEN] == 0:
            # A chord is shorter than its arc: whatever is cut off here is farther for certain.
            reach = longest if by_others else 0.0
            if homes[d, D_COLLECTS]:
                reach = max(reach, to[d, AT_VALUE])
            apart[d] = chord(at, s, to, d)
            if apart[d] > reach * reach:
                continue
        else:
            apart[d] = way_m(at, to, ways, given, starts, s, d)
            if apart[d] < 0:
                continue
        if standing(lots, homes, first, second, third, codes, s, d) == 0:
            rows[count] = d
            count += 1
    for place in range(count // 2 - 1, -1, -1):
        _sift(apart, rows, place, count)
    return count


@entry
def nearest(
    world: Table,
    shifts: Table,
    garages: Table,
    room: Table,
    far: Table,
    poorest: Table,
    wanted: int,
    equity: int,
    tries: int,
    starts: Table,
    found: Table,
    masses: Table,
    trip: Table,
    apart: Table,
    rows: Table,
) -> int:
    """The nearest possible programmes of each lot, then equity edges; returns how many in all.

    Rows of `found` are programme and metres, nearest first; `starts` says where each lot's begin.
    """
    lots, homes, at, crew = world[0], world[1], world[3], world[13]
    filled = 0
    for s in range(len(lots)):
        starts[s] = filled
        waiting = _standing_near(world, s, apart, rows)
        count = -1
        while waiting > 0 and filled - starts[s] < wanted:
            d = rows[0]
            waiting -= 1
            rows[0] = rows[waiting]
            _sift(apart, rows, 0, waiting)
            if count < 0:
                count = muster(lots, at, shifts, garages, s, crew)
            if judge(world, s, d, count, trip) == 0:
                found[filled, 0] = d
                found[filled, 1] = trip[F_METRES]
                masses[filled] = most_g(lots, homes, room, s, d, trip)
                filled += 1
        if far[s] and filled - starts[s] == wanted:
            filled = _go_far(
                world,
                room,
                poorest,
                equity,
                tries,
                starts[s],
                filled,
                found,
                masses,
                s,
                count,
                trip,
            )
    starts[len(lots)] = filled
    return filled


@compiled
def _go_far(
    world: Table,
    room: Table,
    poorest: Table,
    equity: int,
    tries: int,
    begin: int,
    filled: int,
    found: Table,
    masses: Table,
    s: int,
    count: int,
    trip: Table,
) -> int:
    """Adds programmes of the counties that got least."""
    near_end = filled
    tried = 0
    for d in poorest:
        if tried == tries or filled - near_end == equity:
            break
        known = False
        for row in range(begin, near_end):
            known |= found[row, 0] == d
        if known:
            continue
        tried += 1
        if judge(world, s, d, count, trip) == 0:
            found[filled, 0] = d
            found[filled, 1] = trip[F_METRES]
            masses[filled] = most_g(world[0], world[1], room, s, d, trip)
            filled += 1
    return filled
