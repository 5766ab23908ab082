"""The search for a better plan: lots are taken back and placed anew, alone or with their rivals."""

from math import log
from typing import Any

import numpy as np

from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.worth import add, fits_g, takes_g, value

Table = Any
#: Less than this many grams of worth is no improvement but rounding.
LEAST = 1e-6
#: Into how many parts a lot is cut when it is tried in parts.
PARTS = (2, 4)


@compiled
def draw(seeds: Table) -> int:
    """SplitMix64 (Steele, Lea, Flood 2014): the same sequence on every machine."""
    seeds[0] += np.uint64(0x9E3779B97F4A7C15)
    z = seeds[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) >> np.uint64(11)


@compiled
def below(seeds: Table, n: int) -> int:
    """A whole number from 0, below n."""
    return int(draw(seeds) % np.uint64(n))


@compiled
def chance(seeds: Table) -> float:
    """A number above 0, at most 1."""
    return (int(draw(seeds)) + 1) / 9007199254740993.0


@compiled
def shuffle(seeds: Table, items: Table, count: int) -> None:
    for last in range(count - 1, 0, -1):
        other = below(seeds, last + 1)
        held = items[last]
        items[last] = items[other]
        items[other] = held


@compiled
def fill(
    offer: Table, books: Table, fair: Table, steps: Table, prices: Table, s: int, count: int
) -> float:
    """Places what is left of a lot in so many equal parts at least, each where it ranks best.

    A rank is worth less the price of the room it takes; nothing goes where it is worth nothing.
    """
    starts, ends, stores = offer[0], offer[1], offer[4]
    left = books[0]
    portion = min(left[s], -(-left[s] // (steps[s] * count)) * steps[s])
    total = 0.0
    while left[s] > 0:
        books[10][0] += ends[s] - starts[s]
        best, best_g, best_worth, best_rank = -1, 0, 0.0, 0.0
        for o in range(starts[s], ends[s]):
            mass = min(fits_g(offer, books, steps, s, o), portion)
            if mass == 0:
                continue
            gain = value(offer, books, fair, o, mass)
            rank = gain - prices[stores[o]] * mass
            if gain > 0 and rank > best_rank:
                best, best_g, best_worth, best_rank = o, mass, gain, rank
        if best < 0:
            break
        add(offer, books, fair, s, best, best_g)
        total += best_worth
    return total


@compiled
def empty(offer: Table, books: Table, fair: Table, s: int) -> float:
    """Takes back all shares of a lot; returns what they were worth."""
    starts, grams = offer[0], books[7]
    total = 0.0
    for o in range(starts[s], starts[s + 1]):
        mass = grams[o]
        if mass:
            add(offer, books, fair, s, o, -mass)
            total += value(offer, books, fair, o, mass)
    return total


@compiled
def keep(offer: Table, books: Table, s: int, kept: Table) -> int:
    """Writes down the shares of a lot; returns how many there are."""
    count = 0
    for o in range(offer[0][s], offer[0][s + 1]):
        if books[7][o]:
            kept[count, 0] = o
            kept[count, 1] = books[7][o]
            count += 1
    return count


@compiled
def restore(offer: Table, books: Table, fair: Table, s: int, kept: Table, count: int) -> float:
    """Takes shares again as they were written down; returns what they are worth."""
    total = 0.0
    for row in range(count):
        total += value(offer, books, fair, kept[row, 0], kept[row, 1])
        add(offer, books, fair, s, kept[row, 0], kept[row, 1])
    return total


@compiled
def place(
    offer: Table, books: Table, fair: Table, steps: Table, prices: Table, s: int, kept: Table
) -> float:
    """Places a lot that has no share in the best way of some; returns what it is worth."""
    mass, splits = books[0][s], books[1][s]
    best = fill(offer, books, fair, steps, prices, s, 1)
    for count in PARTS:
        if splits < count or steps[s] * count > mass:
            break
        shares = keep(offer, books, s, kept)
        empty(offer, books, fair, s)
        other = fill(offer, books, fair, steps, prices, s, count)
        if other > best + LEAST:
            best = other
        else:
            empty(offer, books, fair, s)
            restore(offer, books, fair, s, kept, shares)
    return best


@entry
def construct(
    offer: Table, books: Table, fair: Table, steps: Table, prices: Table, order: Table, kept: Table
) -> float:
    """Places lots in this order, each as well as it can be; returns what they are worth."""
    total = 0.0
    for s in order:
        total += place(offer, books, fair, steps, prices, s, kept[0])
    return total


@entry
def slope(
    offer: Table, books: Table, fair: Table, steps: Table, prices: Table, order: Table, kept: Table
) -> float:
    """Takes each lot back and places it anew where that is better; returns what was gained."""
    gained = 0.0
    for s in order:
        if books[10][0] >= books[10][1]:
            break
        shares = keep(offer, books, s, kept[0])
        before = empty(offer, books, fair, s)
        after = place(offer, books, fair, steps, prices, s, kept[1])
        if after > before + LEAST:
            gained += after - before
        else:
            empty(offer, books, fair, s)
            restore(offer, books, fair, s, kept[0], shares)
    return gained


@compiled
def _rivals(
    offer: Table, books: Table, by_home: Table, home_starts: Table, seeds: Table, lots: Table
) -> int:
    """Draws a lot and some others with shares at one of its programmes; returns how many."""
    starts, ends, homes, lot_of = offer[0], offer[1], offer[2], offer[3]
    s = below(seeds, len(starts) - 1)
    width = ends[s] - starts[s]
    if width == 0:
        return 0
    # Of two options the better one: those that rank high are tried more often.
    d = homes[starts[s] + min(below(seeds, width), below(seeds, width))]
    lots[0] = s
    count = 1
    wanted = 2 + below(seeds, len(lots) - 1)
    size = home_starts[d + 1] - home_starts[d]
    offset = below(seeds, size)
    for k in range(size):
        o = by_home[home_starts[d] + (k + offset) % size]
        if count < wanted and books[7][o] and lot_of[o] != s:
            lots[count] = lot_of[o]
            count += 1
    shuffle(seeds, lots, count)
    return count


@entry
def recreate(
    offer: Table,
    books: Table,
    fair: Table,
    steps: Table,
    prices: Table,
    by_home: Table,
    home_starts: Table,
    times: int,
    heat: float,
    seeds: Table,
    kept: Table,
) -> float:
    """Takes back lots that share a programme and places them in another order, again and again.

    A plan that is worse by a little stands now and then, less so as it cools; returns what was
    gained in all. This is what frees a full store for the lot that needs it most.
    """
    most = len(kept) - 1
    lots = np.zeros(most, dtype=np.int64)
    shares = np.zeros(most, dtype=np.int64)
    total = 0.0
    for turn in range(times):
        if books[10][0] >= books[10][1]:
            break
        count = _rivals(offer, books, by_home, home_starts, seeds, lots)
        before = after = 0.0
        for k in range(count):
            shares[k] = keep(offer, books, lots[k], kept[k])
            before += empty(offer, books, fair, lots[k])
        for k in range(count):
            after += place(offer, books, fair, steps, prices, lots[k], kept[most])
        if after - before > heat * (1 - turn / times) * log(chance(seeds)):
            total += after - before
            continue
        for k in range(count):
            empty(offer, books, fair, lots[k])
        for k in range(count):
            restore(offer, books, fair, lots[k], kept[k], shares[k])
    return total


@compiled
def _better(offer: Table, books: Table, fair: Table, s: int, which: int, mass: int) -> int:
    """Where this much is worth most now."""
    best = which
    best_worth = value(offer, books, fair, which, mass) + LEAST
    for o in range(offer[0][s], offer[0][s + 1]):
        if takes_g(offer, books, s, o) >= mass:
            worth = value(offer, books, fair, o, mass)
            if worth > best_worth:
                best, best_worth = o, worth
    return best


@entry
def settle(offer: Table, books: Table, fair: Table, passes: int) -> bool:
    """Moves whole shares to where they are worth more until none is; tells whether passes ran out.

    Looks at all options of a lot. Afterwards every share can be explained: no programme with room
    for it would have been better.
    """
    starts, lot_of, grams = offer[0], offer[3], books[7]
    for _ in range(passes):
        moved = 0
        for which in range(starts[-1]):
            mass = grams[which]
            if mass == 0:
                continue
            s = lot_of[which]
            add(offer, books, fair, s, which, -mass)
            best = _better(offer, books, fair, s, which, mass)
            add(offer, books, fair, s, best, mass)
            moved += best != which
        if moved == 0:
            return False
    return True
