"""The search for a better plan: lots are taken back and placed anew, alone or with their rivals."""

from math import log

import numpy as np
from numpy.typing import NDArray

from matching.domain.kernel.arrays import Books, ByHome, Fair, Floats, Ints, Options
from matching.domain.kernel.columns import TRIED
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.worth import add, fits_g, is_spent, takes_g, value

Seeds = NDArray[np.uint64]
#: Less than this many grams of worth is no improvement but rounding.
LEAST = 1e-6
#: Into how many parts a lot is cut when it is tried in parts.
PARTS = (2, 4)


@compiled
def draw(seeds: Seeds) -> int:
    """SplitMix64 (Steele, Lea, Flood 2014): the same sequence on every machine."""
    seeds[0] += np.uint64(0x9E3779B97F4A7C15)
    z = seeds[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) >> np.uint64(11)


@compiled
def below(seeds: Seeds, n: int) -> int:
    """A whole number from 0, below n."""
    return int(draw(seeds) % np.uint64(n))


@compiled
def chance(seeds: Seeds) -> float:
    """A number above 0, at most 1."""
    return (int(draw(seeds)) + 1) / 9007199254740993.0


@compiled
def shuffle(seeds: Seeds, items: Ints, count: int) -> None:
    for last in range(count - 1, 0, -1):
        other = below(seeds, last + 1)
        held = items[last]
        items[last] = items[other]
        items[other] = held


@compiled
def fill(options: Options, books: Books, fair: Fair, rents: Floats, s: int, count: int) -> float:
    """Places what is left of a lot in so many equal parts at least, each where it ranks best.

    A rank is worth less the rent of the room it takes; nothing goes where it is worth nothing.
    """
    begin, end, step = options.starts[s], options.ends[s], options.steps[s]
    left = books.left
    portion = min(left[s], -(-left[s] // (step * count)) * step)
    total = 0.0
    while left[s] > 0:
        books.tries[TRIED] += end - begin
        best, best_g, best_worth, best_rank = -1, 0, 0.0, 0.0
        for o in range(begin, end):
            mass = min(fits_g(options, books, s, o), portion)
            if mass == 0:
                continue
            gain = value(options, books, fair, o, mass)
            rank = gain - rents[options.stores[o]] * mass
            if gain > 0 and rank > best_rank:
                best, best_g, best_worth, best_rank = o, mass, gain, rank
        if best < 0:
            break
        add(options, books, fair, s, best, best_g)
        total += best_worth
    return total


@compiled
def empty(options: Options, books: Books, fair: Fair, s: int) -> float:
    """Takes back all shares of a lot; returns what they were worth."""
    total = 0.0
    for o in range(options.starts[s], options.starts[s + 1]):
        mass = books.grams[o]
        if mass:
            add(options, books, fair, s, o, -mass)
            total += value(options, books, fair, o, mass)
    return total


@compiled
def keep(options: Options, books: Books, s: int, kept: Ints) -> int:
    """Writes down the shares of a lot; returns how many there are."""
    count = 0
    for o in range(options.starts[s], options.starts[s + 1]):
        if books.grams[o]:
            kept[count, 0] = o
            kept[count, 1] = books.grams[o]
            count += 1
    return count


@compiled
def restore(options: Options, books: Books, fair: Fair, s: int, kept: Ints, count: int) -> float:
    """Takes shares again as they were written down; returns what they are worth."""
    total = 0.0
    for row in range(count):
        total += value(options, books, fair, kept[row, 0], kept[row, 1])
        add(options, books, fair, s, kept[row, 0], kept[row, 1])
    return total


@compiled
def place(options: Options, books: Books, fair: Fair, rents: Floats, s: int, kept: Ints) -> float:
    """Places a lot that has no share in the best way of some; returns what it is worth."""
    mass, splits = books.left[s], books.splits[s]
    best = fill(options, books, fair, rents, s, 1)
    for count in PARTS:
        if splits < count or options.steps[s] * count > mass:
            break
        shares = keep(options, books, s, kept)
        empty(options, books, fair, s)
        other = fill(options, books, fair, rents, s, count)
        if other > best + LEAST:
            best = other
        else:
            empty(options, books, fair, s)
            restore(options, books, fair, s, kept, shares)
    return best


@entry
def construct(
    options: Options, books: Books, fair: Fair, rents: Floats, order: Ints, kept: Ints
) -> float:
    """Places lots in this order, each as well as it can be; returns what they are worth."""
    total = 0.0
    for s in order:
        total += place(options, books, fair, rents, s, kept[0])
    return total


@entry
def slope(
    options: Options, books: Books, fair: Fair, rents: Floats, order: Ints, kept: Ints
) -> float:
    """Takes each lot back and places it anew where that is better; returns what was gained."""
    gained = 0.0
    for s in order:
        if is_spent(books):
            break
        shares = keep(options, books, s, kept[0])
        before = empty(options, books, fair, s)
        after = place(options, books, fair, rents, s, kept[1])
        if after > before + LEAST:
            gained += after - before
        else:
            empty(options, books, fair, s)
            restore(options, books, fair, s, kept[0], shares)
    return gained


@compiled
def _rivals(options: Options, books: Books, by_home: ByHome, seeds: Seeds, lots: Ints) -> int:
    """Draws a lot and some others with shares at one of its programmes; returns how many."""
    starts = options.starts
    s = below(seeds, len(starts) - 1)
    width = options.ends[s] - starts[s]
    if width == 0:
        return 0
    # Of two options the better one: those that rank high are tried more often.
    d = options.homes[starts[s] + min(below(seeds, width), below(seeds, width))]
    lots[0] = s
    count = 1
    wanted = 2 + below(seeds, len(lots) - 1)
    begin = by_home.starts[d]
    size = by_home.starts[d + 1] - begin
    offset = below(seeds, size)
    for k in range(size):
        o = by_home.options[begin + (k + offset) % size]
        if count < wanted and books.grams[o] and options.lots[o] != s:
            lots[count] = options.lots[o]
            count += 1
    shuffle(seeds, lots, count)
    return count


@entry
def recreate(
    options: Options,
    books: Books,
    fair: Fair,
    rents: Floats,
    by_home: ByHome,
    times: int,
    heat: float,
    seeds: Seeds,
    kept: Ints,
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
        if is_spent(books):
            break
        count = _rivals(options, books, by_home, seeds, lots)
        before = after = 0.0
        for k in range(count):
            shares[k] = keep(options, books, lots[k], kept[k])
            before += empty(options, books, fair, lots[k])
        for k in range(count):
            after += place(options, books, fair, rents, lots[k], kept[most])
        if after - before > heat * (1 - turn / times) * log(chance(seeds)):
            total += after - before
            continue
        for k in range(count):
            empty(options, books, fair, lots[k])
        for k in range(count):
            restore(options, books, fair, lots[k], kept[k], shares[k])
    return total


@compiled
def _better(options: Options, books: Books, fair: Fair, s: int, which: int, mass: int) -> int:
    """Where this much is worth most now."""
    best = which
    best_worth = value(options, books, fair, which, mass) + LEAST
    for o in range(options.starts[s], options.starts[s + 1]):
        if takes_g(options, books, s, o) >= mass:
            worth = value(options, books, fair, o, mass)
            if worth > best_worth:
                best, best_worth = o, worth
    return best


@entry
def settle(options: Options, books: Books, fair: Fair, passes: int) -> bool:
    """Moves whole shares to where they are worth more until none is; tells whether passes ran out.

    Looks at all options of a lot. Afterwards every share can be explained: no programme with room
    for it would have been better.
    """
    for _ in range(passes):
        moved = 0
        for which in range(len(books.grams)):
            mass = books.grams[which]
            if mass == 0:
                continue
            s = options.lots[which]
            add(options, books, fair, s, which, -mass)
            best = _better(options, books, fair, s, which, mass)
            add(options, books, fair, s, best, mass)
            moved += best != which
        if moved == 0:
            return False
    return True
