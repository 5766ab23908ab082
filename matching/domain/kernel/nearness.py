"""The nearest programmes that may have a lot, and far ones of counties that got least."""

import numpy as np

from matching.domain.kernel.arrays import Bits, Floats, Ints, World
from matching.domain.kernel.columns import (
    AT_VALUE,
    D_COLLECTS,
    F_COLUMNS,
    P_HOME,
    T_GIVEN,
)
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.pairs import chord, judge, note, reach_of_others, standing, way_m

#: So many programmes are tried for each equity edge that is wanted.
TRIES = 4


@compiled
def _sift(apart: Floats, rows: Ints, place: int, count: int) -> None:
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
def _standing_near(world: World, s: int, apart: Floats, rows: Ints) -> int:
    """Programmes that no standing rule forbids and that are not too far for certain, as a heap."""
    travel = world.travel
    by_others = reach_of_others(world, s)
    count = 0
    for d in range(len(world.homes)):
        if travel[T_GIVEN] == 0:
            # A chord is shorter than its arc: whatever is cut off here is farther for certain.
            reach = by_others
            if world.homes[d, D_COLLECTS]:
                reach = max(reach, world.to[d, AT_VALUE])
            apart[d] = chord(world.at, s, world.to, d)
            if apart[d] > reach * reach:
                continue
        else:
            apart[d] = way_m(world, s, d)
            if apart[d] < 0:
                continue
        if standing(world, s, d) == 0:
            rows[count] = d
            count += 1
    for place in range(count // 2 - 1, -1, -1):
        _sift(apart, rows, place, count)
    return count


@entry
def nearest(
    world: World,
    room: Ints,
    far: Bits,
    poorest: Ints,
    wanted: int,
    equity: int,
    found: Ints,
) -> int:
    """The nearest possible programmes of each lot, then equity edges; returns how many in all.

    Rows of `found` are pairs by lot, nearest first.
    """
    trip = np.zeros(F_COLUMNS, dtype=np.int64)
    apart = np.zeros(len(world.homes))
    rows = np.zeros(len(world.homes) + 1, dtype=np.int64)
    filled = 0
    for s in range(len(world.lots)):
        begin = filled
        waiting = _standing_near(world, s, apart, rows)
        while waiting > 0 and filled - begin < wanted:
            d = rows[0]
            waiting -= 1
            rows[0] = rows[waiting]
            _sift(apart, rows, 0, waiting)
            if judge(world, s, d, trip) == 0:
                note(world, room, s, d, trip, found[filled])
                filled += 1
        if far[s] and filled - begin == wanted:
            near = found[begin:filled]
            filled += _go_far(world, room, poorest, equity, s, near, found[filled:], trip)
    return filled


@compiled
def _go_far(
    world: World,
    room: Ints,
    poorest: Ints,
    equity: int,
    s: int,
    near: Ints,
    found: Ints,
    trip: Ints,
) -> int:
    """Adds programmes of the counties that got least; returns how many."""
    added = 0
    tried = 0
    for d in poorest:
        if tried == TRIES * equity or added == equity:
            break
        known = False
        for row in range(len(near)):
            known |= near[row, P_HOME] == d
        if known:
            continue
        tried += 1
        if judge(world, s, d, trip) == 0:
            note(world, room, s, d, trip, found[added])
            added += 1
    return added
