"""Shakes of a plan: lots are taken back together and placed anew, as chance has it."""

from math import log

import numpy as np
from numpy.typing import NDArray

from matching.domain.kernel.arrays import Books, Fair, Floats, Grouped, Ints, Options
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.search import empty, fill, keep, place, restore
from matching.domain.kernel.worth import add, fits_g, is_spent, value

Seeds = NDArray[np.uint64]


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
def _draw_option(options: Options, seeds: Seeds) -> int:
    """A promising option of some lot, of two drawn the better one; -1 where it has none."""
    s = below(seeds, len(options.starts) - 1)
    begin = options.starts[s]
    width = options.ends[s] - begin
    if width == 0:
        return -1
    return begin + min(below(seeds, width), below(seeds, width))


@compiled
def _companions(options: Options, by_way: Grouped, way: int, via: Ints, lots: Ints) -> int:
    """The lots that could go this way together, and their options; returns how many."""
    count = 0
    for row in range(by_way.starts[way], by_way.starts[way + 1]):
        if count < len(lots):
            via[count] = by_way.options[row]
            lots[count] = options.lots[via[count]]
            count += 1
    return count


@compiled
def _rivals(
    options: Options, books: Books, by_home: Grouped, d: int, seeds: Seeds, lots: Ints, known: int
) -> int:
    """Draws more lots, of those that have shares at a programme; returns how many there are."""
    grams, order = books.grams, by_home.options
    count = known
    wanted = min(len(lots), known + 1 + below(seeds, len(lots) - 1))
    begin = by_home.starts[d]
    size = by_home.starts[d + 1] - begin
    offset = below(seeds, size)
    for k in range(size):
        if count == wanted:
            break
        o = order[begin + (k + offset) % size]
        if grams[o]:
            s = options.lots[o]
            new = True
            for row in range(known):
                new &= lots[row] != s
            if new:
                lots[count] = s
                count += 1
    return count


@compiled
def _send(options: Options, books: Books, fair: Fair, rents: Floats, s: int, o: int) -> float:
    """Places as much of a lot as can be at one option, whatever it is worth, and the rest well."""
    total = 0.0
    mass = fits_g(options, books, s, o)
    if mass:
        total = value(options, books, fair, o, mass)
        add(options, books, fair, s, o, mass)
    return total + fill(options, books, fair, rents, s, 1)


@entry
def recreate(
    options: Options,
    books: Books,
    fair: Fair,
    rents: Floats,
    by_home: Grouped,
    by_way: Grouped,
    times: int,
    heat: float,
    seeds: Seeds,
    kept: Ints,
) -> float:
    """Takes back lots that share a programme and places them in another order, again and again.

    Every other time, all lots that could go one way are sent there together, before their rivals:
    a trip that is too dear for one may be worth it for all. A plan that is worse by a little stands
    now and then, less so as it cools; returns what was gained in all. This is what frees a full
    store for the lot that needs it most.
    """
    most = len(kept) - 1
    lots = np.zeros(most, dtype=np.int64)
    via = np.zeros(most, dtype=np.int64)
    shares = np.zeros(most, dtype=np.int64)
    total = 0.0
    for turn in range(times):
        if is_spent(books):
            break
        o = _draw_option(options, seeds)
        if o < 0:
            continue
        lots[0] = options.lots[o]
        sent = _companions(options, by_way, options.ways[o], via, lots) if turn % 2 else 0
        count = _rivals(options, books, by_home, options.homes[o], seeds, lots, max(1, sent))
        shuffle(seeds, lots[sent:], count - sent)
        gained = _anew(options, books, fair, rents, lots[:count], via[:sent], shares, kept)
        if gained > heat * (1 - turn / times) * log(chance(seeds)):
            total += gained
        else:
            _as_it_was(options, books, fair, lots[:count], shares, kept)
    return total


@compiled
def _anew(
    options: Options,
    books: Books,
    fair: Fair,
    rents: Floats,
    lots: Ints,
    via: Ints,
    shares: Ints,
    kept: Ints,
) -> float:
    """Takes lots back, notes their shares, sends the first ones by their options and places the
    others in this order; returns what is gained.
    """
    gained = 0.0
    for k in range(len(lots)):
        shares[k] = keep(options, books, lots[k], kept[k])
        gained -= empty(options, books, fair, lots[k])
    for k in range(len(lots)):
        if k < len(via):
            gained += _send(options, books, fair, rents, lots[k], via[k])
        else:
            gained += place(options, books, fair, rents, lots[k], kept[len(kept) - 1])
    return gained


@compiled
def _as_it_was(
    options: Options, books: Books, fair: Fair, lots: Ints, shares: Ints, kept: Ints
) -> None:
    """Gives lots the shares that were noted."""
    for k in range(len(lots)):
        empty(options, books, fair, lots[k])
    for k in range(len(lots)):
        restore(options, books, fair, lots[k], kept[k], shares[k])
