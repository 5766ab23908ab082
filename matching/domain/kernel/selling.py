"""One lot sold to the highest bidders: whole steps, and to so many at most."""

from typing import Any

from matching.domain.kernel.compiling import compiled, entry

Table = Any
#: How often the price of a gram is halved in on where splits are what binds.
HALVINGS = 16


@compiled
def largest_g(most: int, left: int, step: int) -> int:
    """The largest share of at most so much: all of the lot, whole steps, or steps and the rest."""
    if most >= left:
        return left
    rest = left % step
    whole = most - most % step
    return max(whole, most - (most - rest) % step) if most >= rest else whole


@entry
def sizes_of(offer: Table, lots: Table, steps: Table, sizes: Table) -> None:
    """The largest share of every option."""
    lot_of, most = offer[3], offer[7]
    for o in range(len(sizes)):
        s = lot_of[o]
        sizes[o] = largest_g(most[o], lots[s], steps[s])


@compiled
def sell(rates: Table, sizes: Table, count: int, left: int, splits: int, taken: Table) -> Any:
    """The most a lot can fetch when a share earns its rate per gram, and the rate below which
    nobody else would change that; fills in who gets how much.
    """
    total = 0.0
    rest = left
    for i in range(count):
        taken[i] = 0
    for _ in range(splits):
        best = -1
        best_rate = 0.0
        for i in range(count):
            if taken[i] == 0 and sizes[i] > 0 and rates[i] > best_rate:
                best, best_rate = i, rates[i]
        if best < 0:
            return total, 0.0
        taken[best] = min(rest, sizes[best])
        total += best_rate * taken[best]
        rest -= taken[best]
        if rest == 0:
            return total, best_rate
    return _sell_to_few(rates, sizes, count, left, splits, taken)


@compiled
def _sell_to_few(
    rates: Table, sizes: Table, count: int, left: int, splits: int, taken: Table
) -> Any:
    """The same where not all is sold to the best so many: for a price of the lot's own grams.

    Whatever that price, the grams at it and the best so many shares above it are no less than any
    plan; halving finds the lowest.
    """
    low = 0.0
    high = 0.0
    for i in range(count):
        high = max(high, rates[i])
    best, at = high * left, high
    for turn in range(HALVINGS):
        price = 0.0 if turn == 0 else (low + high) / 2
        mass, total = _best_few(rates, sizes, count, splits, price, taken)
        if total + price * left < best:
            best, at = total + price * left, price
        if turn == 0 and mass <= left:
            break
        if turn > 0 and mass > left:
            low = price
        elif turn > 0:
            high = price
    rest = left
    for i in range(count):
        taken[i] = min(taken[i], rest)
        rest -= taken[i]
    return best, at


@compiled
def _best_few(
    rates: Table, sizes: Table, count: int, splits: int, price: float, taken: Table
) -> Any:
    for i in range(count):
        taken[i] = 0
    mass = 0
    total = 0.0
    for _ in range(splits):
        best = -1
        best_worth = 0.0
        for i in range(count):
            if taken[i] == 0 and (rates[i] - price) * sizes[i] > best_worth:
                best, best_worth = i, (rates[i] - price) * sizes[i]
        if best < 0:
            break
        taken[best] = sizes[best]
        mass += sizes[best]
        total += best_worth
    return mass, total
