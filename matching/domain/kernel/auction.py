"""Every lot sold at prices, and the prices that make the proceeds lowest; see `solver/bound.py`."""

from typing import Any

import numpy as np

from matching.domain.kernel.arrays import (
    Books,
    Curve,
    Fair,
    Floats,
    Ints,
    Market,
    Options,
    Tariff,
)
from matching.domain.kernel.compiling import compiled, entry

#: How often the price of a gram is halved in on where splits are what binds.
HALVINGS = 16
#: So many steps without a lower bound, and the steps get shorter.
PATIENCE = 8
SHORTER = 0.7
#: How far the first steps go, in Polyak's: the floor is lower than proceeds ever get.
FIRST = 2.0
#: Proceeds that are lower by less than this part are not worth waiting for.
WORTH_WAITING = 1e-5
#: So many steps, and lots pay for trips anew, half by what each gains from them now.
PARTING = 3
#: How much of its heading a step keeps.
MEMORY = 0.8


@compiled
def largest_g(most: int, left: int, step: int) -> int:
    """The largest share of at most so much: all of the lot, whole steps, or steps and the rest."""
    if most >= left:
        return left
    rest = left % step
    whole = most - most % step
    return max(whole, most - (most - rest) % step) if most >= rest else whole


@entry
def sizes_of(options: Options, left: Ints, sizes: Ints) -> None:
    """The largest share of every option."""
    for o in range(len(sizes)):
        s = options.lots[o]
        sizes[o] = largest_g(options.most[o], left[s], options.steps[s])


@compiled
def sell(rates: Floats, sizes: Ints, count: int, left: int, splits: int, taken: Ints) -> Any:
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
    rates: Floats, sizes: Ints, count: int, left: int, splits: int, taken: Ints
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
    rates: Floats, sizes: Ints, count: int, splits: int, price: float, taken: Ints
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
    level: Ints, fair: Floats, weight: float, curve: Curve, price: Floats, slack: Floats
) -> float:
    """What the tiers of need earn above the price; takes what they ask for off `slack`."""
    total = 0.0
    for d in range(len(level)):
        if fair[d] <= 0:
            continue
        for tier in range(len(curve.slopes)):
            profit = weight * curve.slopes[tier] - price[d]
            if profit <= 0:
                break
            begin = max(curve.knots[tier] * fair[d], level[d] * 1.0)
            room = curve.knots[tier + 1] * fair[d] - begin
            if room > 0:
                total += profit * room
                slack[d] -= room
    return total


@compiled
def _rooms_and_wishes(books: Books, preference: float, prices: Tariff, slack: Tariff) -> float:
    """What stores cost at their rents, and what wishes earn above their prices."""
    room, need = books.room, books.need
    total = 0.0
    for store in range(len(room)):
        total += prices.rent[store] * room[store]
        slack.rent[store] = room[store]
    for slot in range(len(need)):
        if need[slot] > 0:
            total += (preference - prices.wanted[slot]) * need[slot]
            slack.wanted[slot] = -need[slot]
    return total


@compiled
def _rate(market: Market, prices: Tariff, begin: int, rates: Floats) -> None:
    """What a gram of a lot earns at each of its options, its trip spread over the largest share."""
    options, county_of = market.options, market.fair.county_of
    homes, stores, needs, per_gram = options.homes, options.stores, options.needs, options.per_gram
    own, shared, rent, wanted = prices
    paid, sizes = market.paid, market.sizes
    for i in range(len(rates)):
        o = begin + i
        d = homes[o]
        value = per_gram[o] + own[d] + shared[county_of[d]] + wanted[needs[o]] - rent[stores[o]]
        rates[i] = value - paid[o] / sizes[o] if sizes[o] else 0.0


@compiled
def _book(options: Options, fair: Fair, begin: int, sold: Ints, slack: Tariff) -> None:
    """Adds what was sold to how far prices are from clearing."""
    for i in range(len(sold)):
        if sold[i]:
            o = begin + i
            d = options.homes[o]
            slack.own[d] += sold[i]
            slack.shared[fair.county_of[d]] += sold[i]
            slack.rent[options.stores[o]] -= sold[i]
            slack.wanted[options.needs[o]] += sold[i]


@compiled
def _part(market: Market, prices: Tariff, marginal: Floats, gains: Floats, sums: Floats) -> None:
    """Lots of a listing that share a trip pay for it by what each gains from it, half anew.

    What a lot gains is what its share earns above as many of its marginal grams.
    """
    starts, ways = market.options.starts, market.options.ways
    paid, trips, sizes = market.paid, market.trips, market.sizes
    for s in range(len(marginal)):
        _rate(market, prices, starts[s], gains[starts[s] : starts[s + 1]])
        for o in range(starts[s], starts[s + 1]):
            more = (gains[o] - marginal[s]) * sizes[o] + paid[o]
            gains[o] = max(0.0, more) if sizes[o] else 0.0
    sums[:] = 0
    for o in range(len(paid)):
        sums[ways[o]] += gains[o]
    for o in range(len(paid)):
        together = sums[ways[o]]
        if together > 0:
            paid[o] = (paid[o] + trips[o] * gains[o] / together) / 2


@entry
def proceeds(market: Market, prices: Tariff, slack: Tariff, marginal: Floats) -> float:
    """The proceeds at these prices, what one more gram of each lot would fetch, and how far
    each price is from clearing: grams sold less grams asked for.
    """
    options, books, fair, curve, _, _, sizes = market
    for each in slack:
        each[:] = 0
    total = _tiers(books.level, fair.home_g, fair.recipient_need, curve, prices.own, slack.own)
    level, fair_g, weight = books.county_level, fair.county_g, fair.county_need
    total += _tiers(level, fair_g, weight, curve, prices.shared, slack.shared)
    total += _rooms_and_wishes(books, fair.preference, prices, slack)
    widest = _widest(options.starts)
    sold, rates = np.zeros(widest, dtype=np.int64), np.zeros(widest)
    for s in range(len(marginal)):
        begin = options.starts[s]
        count = options.starts[s + 1] - begin
        left, splits = books.left[s], books.splits[s]
        marginal[s] = 0.0
        if count == 0 or left == 0 or splits < 1:
            continue
        _rate(market, prices, begin, rates[:count])
        fetched, marginal[s] = sell(rates, sizes[begin:], count, left, splits, sold)
        total += fetched
        _book(options, fair, begin, sold[:count], slack)
    return total


@compiled
def _widest(starts: Ints) -> int:
    """How many options a lot has at most."""
    widest = 1
    for s in range(len(starts) - 1):
        widest = max(widest, starts[s + 1] - starts[s])
    return widest


@compiled
def _copy(source: Tariff, target: Tariff) -> None:
    for which in range(len(source)):
        target[which][:] = source[which]


@compiled
def _head(slack: Tariff, heading: Tariff, scales: Tariff, kept: float) -> float:
    """Turns the heading towards clearing; returns how steep that is."""
    size = 0.0
    for which in range(len(slack)):
        for i in range(len(slack[which])):
            turned = slack[which][i] * (1 - kept) + heading[which][i] * kept
            heading[which][i] = turned
            size += turned * turned * scales[which][i]
    return size


@compiled
def _move(prices: Floats, heading: Floats, scales: Floats, step: float, top: float) -> None:
    """Moves prices of one kind within what they may be."""
    for i in range(len(prices)):
        prices[i] = min(top, max(0.0, prices[i] - step * scales[i] * heading[i]))


@compiled
def _step(market: Market, prices: Tariff, heading: Tariff, scales: Tariff, step: float) -> None:
    """Moves prices; nobody pays for what is not wished for."""
    fair, need = market.fair, market.books.need
    _move(prices.own, heading.own, scales.own, step, fair.recipient_need)
    _move(prices.shared, heading.shared, scales.shared, step, fair.county_need)
    _move(prices.rent, heading.rent, scales.rent, step, np.inf)
    _move(prices.wanted, heading.wanted, scales.wanted, step, fair.preference)
    for slot in range(len(need)):
        if need[slot] <= 0:
            prices.wanted[slot] = 0.0


@entry
def lower(
    market: Market,
    prices: Tariff,
    best: Tariff,
    paid: Floats,
    slack: Tariff,
    marginal: Floats,
    heading: Tariff,
    scales: Tariff,
    floor: float,
    times: int,
) -> float:
    """Moves prices towards clearing, so many times; `best` gets those with the lowest proceeds, and
    `paid` what trips cost then.

    Steps are Polyak's: as long as the floor, a plan's worth, says that they may be. Their heading
    remembers earlier ones.
    """
    lowest = np.inf
    length = FIRST
    waited = 0
    gains = np.zeros(len(paid))
    sums = np.zeros(len(paid))
    for turn in range(times):
        total = proceeds(market, prices, slack, marginal)
        waited = 0 if total < lowest * (1 - WORTH_WAITING) else waited + 1
        if total < lowest:
            lowest = total
            _copy(prices, best)
            paid[:] = market.paid
        if waited == PATIENCE:
            waited = 0
            length *= SHORTER
            _copy(best, prices)
            market.paid[:] = paid
            continue
        size = _head(slack, heading, scales, MEMORY if turn else 0.0)
        if size <= 0 or total <= floor:
            break
        _step(market, prices, heading, scales, length * (total - floor) / size)
        if turn % PARTING == PARTING - 1:
            _part(market, prices, marginal, gains, sums)
    return lowest
