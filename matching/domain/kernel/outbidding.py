"""Who would outbid what a lot fetches at prices: all pairs are asked, few are looked at."""

import numpy as np

from matching.domain.kernel.arrays import (
    Books,
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
    D_STORE,
    EARTH_RADIUS_M,
    F_COLUMNS,
    L_GROUP,
    L_STORAGE,
    T_DETOUR,
    T_GIVEN,
)
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.pairs import chord, judge, note


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
def _mark(options: Options, listings: Listings, s: int, mine: Ints, theirs: Ints) -> None:
    """Marks with the lot's number who is an option of it, and to whom its listing goes anyway."""
    starts, homes = options.starts, options.homes
    for o in range(starts[s], starts[s + 1]):
        mine[homes[o]] = s
    listing = listings.of_lot[s]
    for place in range(listings.starts[listing], listings.starts[listing + 1]):
        other = listings.lots[place]
        if other < 0:
            theirs[-1 - other] = s
        elif other != s:
            for o in range(starts[other], starts[other + 1]):
                theirs[homes[o]] = s


@compiled
def _tempted(row: Floats, least: float, names: Ints) -> int:
    """Who would bid more if the way were free."""
    count = 0
    for d in range(len(row)):
        names[count] = d
        count += row[d] > least
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
    found: Ints,
) -> int:
    """Possible programmes that would outbid what a lot fetches and are no options yet.

    Distances are counted too short (as chords) and shares too large until a bid would win; then the
    pair is looked at. A trip is free where another lot of the listing pays it, or where it is made
    anyway. Returns how many pairs were found, or -1 when there is no place for more.
    """
    lots, homes, travel, books = world.lots, world.homes, world.travel, market.books
    count = 0
    bids = np.zeros((4 * groups, len(homes)))
    _board(homes, books, market.fair, prices, no_show, groups, bids)
    mine = np.full(len(homes), -1, dtype=np.int64)
    theirs = np.full(len(homes), -1, dtype=np.int64)
    names = np.zeros(len(homes) + 1, dtype=np.int64)
    trip = np.zeros(F_COLUMNS, dtype=np.int64)
    metre = 0.0 if travel[T_GIVEN] else km * travel[T_DETOUR] * EARTH_RADIUS_M * (1 - 1e-9)
    for s in range(len(lots)):
        row = bids[lots[s, L_STORAGE] * groups + lots[s, L_GROUP]]
        least = marginal[s] - base[s]
        tempted = _tempted(row, least, names)
        if tempted == 0 or books.left[s] == 0 or books.splits[s] < 1:
            continue
        _mark(market.options, listings, s, mine, theirs)
        paid = metre * listings.parts[s]
        count = _look(
            *(world, books, s, names[:tempted], row, least, paid, mine, theirs),
            *(count, found, trip),
        )
        if count < 0:
            return count
    return count


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
    """Looks at those who are near enough; adds the possible ones."""
    left, room = books.left, books.room
    for d in names:
        if mine[d] == s:
            continue
        if theirs[d] != s and metre > 0:
            size = min(left[s], room[world.homes[d, D_STORE + world.lots[s, L_STORAGE]]])
            # Half a metre and more is left for the rounding of ways.
            limit = (row[d] - least) * size / metre + 1e-7
            if chord(world.at, s, world.to, d) >= limit * limit:
                continue
        if judge(world, s, d, trip):
            continue
        if count == len(found):
            return -1
        note(world, room, s, d, trip, found[count])
        count += 1
    return count
