"""Who would outbid what a lot fetches at prices: all pairs are asked, few are looked at."""

import math
from typing import Final

import numpy as np

from matching.domain.kernel.arrays import (
    Books,
    Cells,
    Fair,
    Floats,
    Ints,
    Listings,
    Market,
    Options,
    Tariff,
    World,
)
from matching.domain.kernel.columns import (
    AT_VALUE,
    D_COLLECTS,
    D_STORE,
    EARTH_RADIUS_M,
    F_COLUMNS,
    L_GROUP,
    L_STORAGE,
    T_DETOUR,
    T_GIVEN,
)
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.pairs import chord, judge, note, reach_of_others

#: In radii of the earth; half a metre and more is left for the rounding of ways.
ROUNDING: Final = 1e-7


@compiled
def _board(
    homes: Ints,
    books: Books,
    fair: Fair,
    prices: Tariff,
    no_show: Floats,
    groups: int,
    bids: Floats,
) -> None:
    """What a gram would fetch at every programme, but for its lot's own worth and its trip: a row
    for each storage class and group, minus infinity where there is no room.
    """
    for d in range(len(homes)):
        arrives = prices.own[d] + prices.shared[fair.county_of[d]] - no_show[d]
        for storage in range(4):
            store = homes[d, D_STORE + storage]
            for group in range(groups):
                bid = -np.inf
                if store >= 0 and books.room[store] > 0:
                    bid = arrives - prices.rent[store] + prices.wanted[d * groups + group]
                bids[storage * groups + group, d] = bid


@compiled
def _highest(bids: Floats, cells: Cells) -> Floats:
    """The highest bid of each cell, a row for each row of bids."""
    highest = np.full((len(bids), len(cells.radii)), -np.inf)
    for kind in range(len(bids)):
        for cell in range(len(cells.radii)):
            for place in range(cells.starts[cell], cells.starts[cell + 1]):
                highest[kind, cell] = max(highest[kind, cell], bids[kind, cells.homes[place]])
    return highest


@compiled
def _mark(
    options: Options, listings: Listings, s: int, mine: Ints, theirs: Ints, names: Ints
) -> int:
    """Marks with the lot's number who is an option of it, and to whom its listing goes anyway.

    These are named too; returns how many there are.
    """
    starts, homes = options.starts, options.homes
    for o in range(starts[s], starts[s + 1]):
        mine[homes[o]] = s
    listing = listings.of_lot[s]
    count = 0
    for place in range(listings.starts[listing], listings.starts[listing + 1]):
        other = listings.lots[place]
        if other < 0:
            count = _name(-1 - other, s, theirs, names, count)
        elif other != s:
            for o in range(starts[other], starts[other + 1]):
                count = _name(homes[o], s, theirs, names, count)
    return count


@compiled
def _name(d: int, s: int, theirs: Ints, names: Ints, count: int) -> int:
    """Names and marks a programme unless that was done; returns how many are named."""
    if theirs[d] == s:
        return count
    theirs[d] = s
    names[count] = d
    return count + 1


@compiled
def _tempted(
    world: World,
    cells: Cells,
    s: int,
    row: Floats,
    highest: Floats,
    least: float,
    metre: float,
    left: int,
    theirs: Ints,
    names: Ints,
    count: int,
) -> int:
    """Names who would bid more if the way were free, but for cells that are too far for any bid.

    No programme of a cell is nearer than its border or takes more than is left.
    """
    for cell in range(len(cells.radii)):
        gain = highest[cell] - least
        if gain <= 0:
            continue
        away = math.sqrt(chord(world.at, s, cells.centres, cell)) - cells.radii[cell]
        if metre > 0 and away >= gain * left / metre + ROUNDING:
            continue
        for place in range(cells.starts[cell], cells.starts[cell + 1]):
            d = cells.homes[place]
            if row[d] > least and theirs[d] != s:
                names[count] = d
                count += 1
    return count


@entry
def newcomers(
    world: World,
    market: Market,
    prices: Tariff,
    marginal: Floats,
    base: Floats,
    no_show: Floats,
    listings: Listings,
    km: float,
    groups: int,
    cells: Cells,
    begin: int,
    found: Ints,
) -> tuple[int, int]:
    """Possible programmes that would outbid what a lot fetches and are no options yet.

    Distances are counted too short (as chords) and shares too large until a bid would win; then the
    pair is looked at. A trip is free where another lot of the listing pays it, or where it is made
    anyway. Begins with this lot; returns how many pairs were found, and the lot for which there was
    no place any more, or the number of lots.
    """
    lots, homes, travel, books = world.lots, world.homes, world.travel, market.books
    count = 0
    bids = np.zeros((4 * groups, len(homes)))
    _board(homes, books, market.fair, prices, no_show, groups, bids)
    highest = _highest(bids, cells)
    mine = np.full(len(homes), -1, dtype=np.int64)
    theirs = np.full(len(homes), -1, dtype=np.int64)
    names = np.zeros(len(homes) + 1, dtype=np.int64)
    trip = np.zeros(F_COLUMNS, dtype=np.int64)
    metre = 0.0 if travel[T_GIVEN] else km * travel[T_DETOUR] * EARTH_RADIUS_M * (1 - 1e-9)
    for s in range(begin, len(lots)):
        if books.left[s] == 0 or books.splits[s] < 1:
            continue
        kind = lots[s, L_STORAGE] * groups + lots[s, L_GROUP]
        row, least, paid = bids[kind], marginal[s] - base[s], metre * listings.parts[s]
        named = _mark(market.options, listings, s, mine, theirs, names)
        named = _tempted(
            *(world, cells, s, row, highest[kind], least, paid, books.left[s]),
            *(theirs, names, named),
        )
        more = _look(
            *(world, books, s, np.sort(names[:named]), row, least, paid, mine, theirs),
            *(count, found, trip),
        )
        if more < 0:
            return count, s
        count = more
    return count, len(lots)


@compiled
def _look(
    world: World,
    books: Books,
    s: int,
    names: Ints,
    row: Floats,
    least: float,
    metre: float,
    mine: Ints,
    theirs: Ints,
    count: int,
    found: Ints,
    trip: Ints,
) -> int:
    """Looks at those who are near enough; adds the possible ones; -1 without place for all."""
    at, to, homes, room = world.at, world.to, world.homes, books.room
    known, left, store = world.travel[T_GIVEN], books.left[s], D_STORE + world.lots[s, L_STORAGE]
    by_others = reach_of_others(world, s)
    for d in names:
        if mine[d] == s or row[d] <= least:
            continue
        if known == 0:
            limit = max(by_others, homes[d, D_COLLECTS] * to[d, AT_VALUE])
            if theirs[d] != s and metre > 0:
                gain = (row[d] - least) * min(left, room[homes[d, store]])
                limit = min(limit, gain / metre + ROUNDING)
            if chord(at, s, to, d) > limit * limit:
                continue
        if judge(world, s, d, trip):
            continue
        if count == len(found):
            return -1
        note(world, room, s, d, trip, found[count])
        count += 1
    return count
