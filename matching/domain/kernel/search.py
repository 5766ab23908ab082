"""The search for a better plan: lots are taken back and placed anew, alone or with their rivals."""

from math import log

import numpy as np
from numpy.typing import NDArray

from matching.domain.kernel.arrays import Bits, Books, Fair, Floats, Grouped, Ints, Options
from matching.domain.kernel.columns import TRIED
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.worth import add, fits_g, help_g, in_steps, is_spent, takes_g, value

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
def _best(
    options: Options, books: Books, fair: Fair, rents: Floats, s: int, portion: int
) -> tuple[int, int, float]:
    """The option where a portion of a lot ranks best, -1 for none; what it adds, and its worth.

    This is where a search spends its time. So tables are taken out of their tuples once, not for
    every option, and what `fits_g` and `value` would say is worked out here.
    """
    begin, end, step = options.starts[s], options.ends[s], options.steps[s]
    homes, stores, needs, ways = options.homes, options.stores, options.needs, options.ways
    per_gram, costs, most, county_of = options.per_gram, options.costs, options.most, fair.county_of
    room, need, trips, grams = books.room, books.need, books.trips, books.grams
    level, met, home_g = books.level, books.met, fair.home_g
    county_level, county_met, county_g = books.county_level, books.county_met, fair.county_g
    left, closed = books.left[s], books.splits[s] < 1
    best, best_g, best_worth, best_rank = -1, 0, 0.0, 0.0
    for o in range(begin, end):
        held = grams[o]
        if closed and held == 0:
            continue
        mass = min(portion, in_steps(min(room[stores[o]], most[o] - held), left, step))
        if mass == 0:
            continue
        d = homes[o]
        county = county_of[d]
        gain = per_gram[o] * mass + fair.preference * max(0, min(mass, need[needs[o]]))
        gain += fair.recipient_need * (help_g(level[d] + mass, home_g[d]) - met[d])
        more = help_g(county_level[county] + mass, county_g[county]) - county_met[county]
        gain += fair.county_need * more - (0.0 if trips[ways[o]] else costs[o])
        rank = gain - rents[stores[o]] * mass
        if gain > 0 and rank > best_rank:
            best, best_g, best_worth, best_rank = o, mass, gain, rank
    return best, best_g, best_worth


@compiled
def fill(options: Options, books: Books, fair: Fair, rents: Floats, s: int, count: int) -> float:
    """Places what is left of a lot in so many equal parts at least, each where it ranks best.

    A rank is worth less the rent of the room it takes; nothing goes where it is worth nothing.
    """
    step, left = options.steps[s], books.left
    portion = min(left[s], -(-left[s] // (step * count)) * step)
    total = 0.0
    while left[s] > 0:
        books.tries[TRIED] += options.ends[s] - options.starts[s]
        best, mass, gain = _best(options, books, fair, rents, s, portion)
        if best < 0:
            break
        add(options, books, fair, s, best, mass)
        total += gain
    return total


@compiled
def empty(options: Options, books: Books, fair: Fair, s: int) -> float:
    """Takes back all shares of a lot; returns what they were worth."""
    grams = books.grams
    total = 0.0
    for o in range(options.starts[s], options.starts[s + 1]):
        mass = grams[o]
        if mass:
            add(options, books, fair, s, o, -mass)
            total += value(options, books, fair, o, mass)
    return total


@compiled
def keep(options: Options, books: Books, s: int, kept: Ints) -> int:
    """Writes down the shares of a lot; returns how many there are."""
    grams = books.grams
    count = 0
    for o in range(options.starts[s], options.starts[s + 1]):
        if grams[o]:
            kept[count, 0] = o
            kept[count, 1] = grams[o]
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


@compiled
def _as_before(
    options: Options, books: Books, fair: Fair, s: int, suggested: Bits, rents: Floats
) -> float:
    """Places a lot in equal parts with whom an earlier round suggested, and the rest well."""
    begin, end, step = options.starts[s], options.ends[s], options.steps[s]
    left = books.left
    count = max(1, suggested[begin:end].sum())
    portion = -(-left[s] // (step * count)) * step
    total = 0.0
    for o in range(begin, end):
        mass = min(fits_g(options, books, s, o), portion) if suggested[o] else 0
        gain = value(options, books, fair, o, mass) if mass else 0.0
        if gain > 0:
            add(options, books, fair, s, o, mass)
            total += gain
    return total + fill(options, books, fair, rents, s, 1)


@entry
def resume(
    options: Options,
    books: Books,
    fair: Fair,
    rents: Floats,
    order: Ints,
    suggested: Bits,
    kept: Ints,
) -> float:
    """Begins with what an earlier round suggested, then places the other lots in this order, each
    as well as it can be; returns what all are worth.
    """
    starts, ends = options.starts, options.ends
    total = 0.0
    for s in order:
        if suggested[starts[s] : ends[s]].any():
            total += _as_before(options, books, fair, s, suggested, rents)
    for s in order:
        if not suggested[starts[s] : ends[s]].any():
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
