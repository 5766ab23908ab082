"""The search for a better plan: lots are placed, taken back and placed anew, one by one."""

from matching.domain.kernel.arrays import Bits, Books, Fair, Floats, Ints, Options
from matching.domain.kernel.columns import TRIED
from matching.domain.kernel.compiling import compiled, entry
from matching.domain.kernel.worth import add, fits_g, help_g, in_steps, is_spent, takes_g, value

#: Less than this many grams of worth is no improvement but rounding.
LEAST = 1e-6
#: Into how many parts a lot is cut when it is tried in parts.
PARTS = (2, 4)


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
