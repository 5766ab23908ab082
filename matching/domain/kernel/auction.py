"""Every lot sold at prices, and the prices that make the proceeds lowest; see `solver/bound.py`.

The value of a gram that arrives at a programme is `own[d] + shared[county]`, plus `wanted` for a
group it asked for, less `rent` for its store. `prices` holds these four, in this order.
"""

from typing import Any

import numpy as np

from matching.domain.kernel.compiling import compiled, entry

Table = Any
#: How often the price of a gram is halved in on where splits are what binds.
HALVINGS = 16
#: So many steps without a lower bound, and the steps get shorter.
PATIENCE = 20
SHORTER = 0.7
#: Proceeds that are lower by less than this part are not worth waiting for.
WORTH_WAITING = 1e-5
#: How much of its heading a step keeps.
MEMORY = 0.65
#: Which of the prices is the rent.
RENT = 2


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


@compiled
def _tiers(
    level: Table,
    fair: Table,
    weight: float,
    slopes: Table,
    knots: Table,
    price: Table,
    slack: Table,
) -> float:
    """What the tiers of need earn above the price; takes what they ask for off `slack`."""
    total = 0.0
    for d in range(len(level)):
        if fair[d] <= 0:
            continue
        for tier in range(len(slopes)):
            profit = weight * slopes[tier] - price[d]
            if profit <= 0:
                break
            begin = max(knots[tier] * fair[d], level[d] * 1.0)
            room = knots[tier + 1] * fair[d] - begin
            if room > 0:
                total += profit * room
                slack[d] -= room
    return total


@compiled
def _rooms_and_wishes(books: Table, weight: float, prices: Table, slack: Table) -> float:
    """What stores cost at their rents, and what wishes earn above their prices."""
    room, need = books[2], books[3]
    rent, wanted = prices[2], prices[3]
    total = 0.0
    for store in range(len(room)):
        total += rent[store] * room[store]
        slack[2][store] = room[store]
    for slot in range(len(need)):
        if need[slot] > 0:
            total += (weight - wanted[slot]) * need[slot]
            slack[3][slot] = -need[slot]
    return total


@compiled
def _rate(
    offer: Table, fair: Table, costs: Table, sizes: Table, prices: Table, begin: int, rates: Table
) -> None:
    """What a gram of a lot earns at each of its options, its trip spread over the largest share."""
    _, _, homes, _, stores, needs, _, _, per_kg, _ = offer
    own, shared, rent, wanted = prices
    for i in range(len(rates)):
        o = begin + i
        d = homes[o]
        value = per_kg[o] + own[d] + shared[fair[2][d]] + wanted[needs[o]] - rent[stores[o]]
        rates[i] = value - costs[o] / sizes[o] if sizes[o] else 0.0


@compiled
def _book(offer: Table, fair: Table, begin: int, sold: Table, slack: Table) -> None:
    """Adds what was sold to how far prices are from clearing."""
    homes, stores, needs = offer[2], offer[4], offer[5]
    for i in range(len(sold)):
        if sold[i]:
            o = begin + i
            d = homes[o]
            slack[0][d] += sold[i]
            slack[1][fair[2][d]] += sold[i]
            slack[2][stores[o]] -= sold[i]
            slack[3][needs[o]] += sold[i]


@compiled
def auction(
    offer: Table,
    books: Table,
    fair: Table,
    shape: Table,
    costs: Table,
    sizes: Table,
    prices: Table,
    slack: Table,
    marginal: Table,
    sold: Table,
    rates: Table,
) -> float:
    """The proceeds at these prices, what one more gram of each lot would fetch, and how far
    each price is from clearing: grams sold less grams asked for.
    """
    starts, left, splits = offer[0], books[0], books[1]
    knots, slopes = shape
    weights = fair[3]
    for each in slack:
        each[:] = 0
    total = _tiers(books[4], fair[0], weights[0], slopes, knots, prices[0], slack[0])
    total += _tiers(books[5], fair[1], weights[1], slopes, knots, prices[1], slack[1])
    total += _rooms_and_wishes(books, weights[2], prices, slack)
    for s in range(len(starts) - 1):
        begin = starts[s]
        count = starts[s + 1] - begin
        marginal[s] = 0.0
        if count == 0 or left[s] == 0 or splits[s] < 1:
            continue
        _rate(offer, fair, costs, sizes, prices, begin, rates[:count])
        fetched, marginal[s] = sell(rates, sizes[begin:], count, left[s], splits[s], sold)
        total += fetched
        _book(offer, fair, begin, sold[:count], slack)
    return total


@compiled
def _copy(source: Table, target: Table) -> None:
    for which in range(4):
        target[which][:] = source[which]


@compiled
def _head(slack: Table, heading: Table, scales: Table, kept: float) -> float:
    """Turns the heading towards clearing; returns how steep that is."""
    size = 0.0
    for which in range(4):
        for i in range(len(slack[which])):
            turned = slack[which][i] * (1 - kept) + heading[which][i] * kept
            heading[which][i] = turned
            size += turned * turned * scales[which][i]
    return size


@compiled
def _step(
    prices: Table, heading: Table, scales: Table, weights: Table, need: Table, step: float
) -> None:
    """Moves prices within what they may be."""
    for which in range(4):
        top = weights[min(which, 2)]
        if which == RENT:
            top = np.inf
        for i in range(len(prices[which])):
            moved = prices[which][i] - step * scales[which][i] * heading[which][i]
            prices[which][i] = min(top, max(0.0, moved))
    for slot in range(len(need)):
        if need[slot] <= 0:
            prices[3][slot] = 0.0


@compiled
def _widest(starts: Table) -> int:
    widest = 1
    for s in range(len(starts) - 1):
        widest = max(widest, starts[s + 1] - starts[s])
    return widest


@entry
def lower(
    offer: Table,
    books: Table,
    fair: Table,
    shape: Table,
    costs: Table,
    sizes: Table,
    prices: Table,
    best: Table,
    slack: Table,
    marginal: Table,
    heading: Table,
    scales: Table,
    floor: float,
    times: int,
) -> float:
    """Moves prices towards clearing, so many times; `best` gets those with the lowest proceeds.

    Steps are Polyak's: as long as the floor, a plan's worth, says that they may be. Their heading
    remembers earlier ones.
    """
    widest = _widest(offer[0])
    sold = np.zeros(widest, dtype=np.int64)
    rates = np.zeros(widest)
    lowest = np.inf
    length = 1.0
    waited = 0
    for turn in range(times):
        total = auction(
            offer, books, fair, shape, costs, sizes, prices, slack, marginal, sold, rates
        )
        waited = 0 if total < lowest * (1 - WORTH_WAITING) else waited + 1
        if total < lowest:
            lowest = total
            _copy(prices, best)
        if waited == PATIENCE:
            waited = 0
            length *= SHORTER
            _copy(best, prices)
            continue
        size = _head(slack, heading, scales, MEMORY if turn else 0.0)
        if size <= 0 or total <= floor:
            break
        _step(prices, heading, scales, fair[3], books[3], length * (total - floor) / size)
    return lowest


@entry
def proceeds(
    offer: Table,
    books: Table,
    fair: Table,
    shape: Table,
    costs: Table,
    sizes: Table,
    prices: Table,
    slack: Table,
    marginal: Table,
) -> float:
    """`auction` for callers outside."""
    widest = _widest(offer[0])
    sold = np.zeros(widest, dtype=np.int64)
    rates = np.zeros(widest)
    return auction(offer, books, fair, shape, costs, sizes, prices, slack, marginal, sold, rates)
