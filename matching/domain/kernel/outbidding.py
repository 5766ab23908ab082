"""Who would outbid what a lot fetches at prices: all pairs are asked, few are looked at."""

from typing import Any

import numpy as np

from matching.domain.kernel.columns import (
    D_STORE,
    EARTH_RADIUS_M,
    F_METRES,
    L_GROUP,
    L_STORAGE,
    T_DETOUR,
    T_GIVEN,
)
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.pairs import chord, judge, most_g, muster

Table = Any


@compiled
def _board(
    homes: Table, books: Table, fair: Table, prices: Table, no_show: Table, groups: int, bids: Table
) -> None:
    """What a gram would fetch at every programme, but for its lot's own worth and its trip: a row
    for each storage class and group, minus infinity where there is no room.
    """
    room = books[2]
    own, shared, rent, wanted = prices
    for d in range(len(homes)):
        arrives = own[d] + shared[fair[2][d]] - no_show[d]
        for storage in range(4):
            store = homes[d, D_STORE + storage]
            for group in range(groups):
                bid = -np.inf
                if store >= 0 and room[store] > 0:
                    bid = arrives - rent[store] + wanted[d * groups + group]
                bids[storage * groups + group, d] = bid


@compiled
def _mark(
    offer: Table, s: int, listing_lots: Table, begin: int, end: int, mine: Table, theirs: Table
) -> None:
    """Marks with the lot's number who is an option of it, and to whom its listing goes anyway."""
    starts, homes = offer[0], offer[2]
    for o in range(starts[s], starts[s + 1]):
        mine[homes[o]] = s
    for place in range(begin, end):
        other = listing_lots[place]
        if other < 0:
            theirs[-1 - other] = s
        elif other != s:
            for o in range(starts[other], starts[other + 1]):
                theirs[homes[o]] = s


@compiled
def _tempted(row: Table, least: float, names: Table) -> int:
    """Who would bid more if the way were free."""
    count = 0
    for d in range(len(row)):
        names[count] = d
        count += row[d] > least
    return count


@entry
def newcomers(
    world: Table,
    shifts: Table,
    garages: Table,
    offer: Table,
    books: Table,
    fair: Table,
    prices: Table,
    base: Table,
    no_show: Table,
    shares: Table,
    listing_lots: Table,
    listing_starts: Table,
    km: float,
    marginal: Table,
    groups: int,
    found: Table,
    masses: Table,
    trip: Table,
) -> int:
    """Possible programmes that would outbid what a lot fetches and are no options yet.

    Distances are counted too short (as chords) and shares too large until a bid would win; then the
    pair is looked at. A trip is free where another lot of the listing pays it, or where it is made
    anyway (rows of `listing_lots` below 0: -1 less the programme). Returns how many were found, or
    -1 when there is no place for more.
    """
    lots, homes, ways = world[0], world[1], world[5]
    count = 0
    bids = np.zeros((4 * groups, len(homes)))
    _board(homes, books, fair, prices, no_show, groups, bids)
    mine = np.full(len(homes), -1, dtype=np.int64)
    theirs = np.full(len(homes), -1, dtype=np.int64)
    names = np.zeros(len(homes) + 1, dtype=np.int64)
    metre = 0.0 if ways[T_GIVEN] else km * ways[T_DETOUR] * EARTH_RADIUS_M * (1 - 1e-9)
    for s in range(len(lots)):
        row = bids[lots[s, L_STORAGE] * groups + lots[s, L_GROUP]]
        least = marginal[s] - base[s]
        tempted = _tempted(row, least, names)
        if tempted == 0 or books[0][s] == 0 or books[1][s] < 1:
            continue
        listing = int(shares[s, 1])
        begin, end = listing_starts[listing], listing_starts[listing + 1]
        _mark(offer, s, listing_lots, begin, end, mine, theirs)
        count = _look(
            world, shifts, garages, books, s, names[:tempted], row, least, metre * shares[s, 0],
            mine, theirs, count, found, masses, trip,
        )  # fmt: skip
        if count < 0:
            return count
    return count


@compiled
def _look(
    world: Table,
    shifts: Table,
    garages: Table,
    books: Table,
    s: int,
    names: Table,
    row: Table,
    least: float,
    metre: float,
    mine: Table,
    theirs: Table,
    count: int,
    found: Table,
    masses: Table,
    trip: Table,
) -> int:
    """Looks at those who are near enough; adds the possible ones."""
    lots, homes, at, to = world[0], world[1], world[3], world[4]
    left, room = books[0], books[2]
    mustered = -1
    for d in names:
        if mine[d] == s:
            continue
        if theirs[d] != s and metre > 0:
            size = min(left[s], room[homes[d, D_STORE + lots[s, L_STORAGE]]])
            # Half a metre and more is left for the rounding of ways.
            limit = (row[d] - least) * size / metre + 1e-7
            if chord(at, s, to, d) >= limit * limit:
                continue
        if mustered < 0:
            mustered = muster(lots, at, shifts, garages, s, world[13])
        if judge(world, s, d, mustered, trip):
            continue
        if count == len(found):
            return -1
        found[count, 0] = s
        found[count, 1] = d
        found[count, 2] = trip[F_METRES]
        masses[count] = most_g(lots, homes, room, s, d, trip)
        count += 1
    return count
