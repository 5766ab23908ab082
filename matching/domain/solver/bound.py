"""An upper bound on the score of every plan, proved from prices by weak duality.

Let a gram that reaches programme d have the value v(d) = own(d) + shared(county) + wanted(d,
group) less rent(store), for any own, shared and rent that are not negative, and any wanted
between 0 and the weight of preference. Then no plan is worth more than the sum of

* for each lot, the most that it can fetch when each gram sold to d earns its own worth plus v(d),
  and each share pays its part of its trip;
* for each programme and county, what its tiers of need earn above its price: room * (slope -
  price) of every tier where that is positive;
* for each store, room * rent; for each need of a group, need * (preference - wanted).

Proof. Take any plan. Its need terms are at most price * grams and the tiers' earnings, as each
tier pays at most its slope; its preference at most wanted * grams + need * (preference - wanted);
and rent * (room - grams) is not negative in any store. Add these up: what remains of the plan is,
lot by lot, one way of selling it. A trip that several lots of a listing share is paid in parts
that add up to one at most, so lots together pay no more than the plan does. Any such parts do; at
first lots pay by their mass, then by what each would gain from the trip.

How much one lot can fetch is itself bounded: a share of x grams, at most u, that pays f for its
trip earns at most x * (e - f / u). Filling the lot by these rates, best first, is no less than
any plan; where a lot may be split k times only, so is p * grams + the best k of u * (rate - p),
for every price p of the lot's grams that is not negative. What u can be follows from room,
vehicle and steps: a lot that cannot be split has u = all of it, or nothing.

Prices are lowered by subgradient steps; any prices prove a bound, the lowest is kept. Pairs that
nobody looked at bid too: `newcomers` finds every possible pair that would change what a lot
fetches, and lets it bid. So the bound holds for all pairs.
"""

from collections.abc import Iterator

import numpy as np

from matching.domain.candidates import Found, found_pairs, no_pairs
from matching.domain.case import KILOGRAM_G, Case
from matching.domain.curve import KNOTS, SLOPES
from matching.domain.kernel import auction, outbidding
from matching.domain.kernel import columns as c
from matching.domain.kernel.arrays import Curve, Floats, Ints, Listings, Market, Short, Tariff
from matching.domain.kernel.cells import cells_of
from matching.domain.solver.offer import Offer, among

_CURVE = Curve(knots=np.array(KNOTS), slopes=np.array(SLOPES))
#: Grams of room, need or share below which a price moves no faster.
_LEAST_SCALE_G = 1_000.0
#: Outbidders for each lot that there is place for at once.
_BIDS_AT_ONCE = 6
#: Where many lots could go, as much as this part of them may come and go from step to step.
_CROWD = 0.1


class Prices:
    """What a gram is worth where it arrives, and what it costs to be kept there."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        case = offer.case
        weights = case.weights
        homes = offer.found.demands
        self.tariff = Tariff(
            own=_first(len(case.demands), homes, weights.recipient_need),
            shared=_first(len(case.counties), offer.fair.county_of[homes], weights.county_need),
            rent=np.zeros(len(offer.room)),
            wanted=np.where(offer.need > 0, weights.preference, 0.0),
        )
        self._slack = Tariff(*map(np.zeros_like, self.tariff))
        self._heading = Tariff(*map(np.zeros_like, self.tariff))
        self._marginal = np.zeros(len(case.supplies))
        self._scales = _scales(offer)
        self._listings = _listings(offer)
        self._paid = self._by_mass()
        width = max(1, len(case.demands))
        made = [listing * width - 1 - row for listing, row in _made_trips(case)]
        self._made = np.unique(np.array(made, dtype=np.int64))
        self._cells = cells_of(case.feasibility.tables.world.to)

    def lower(self, *, floor: float, times: int) -> float:
        """Moves prices so many steps; `floor` is what some plan is worth, in grams."""
        best = Tariff(*(each.copy() for each in self.tariff))
        paid = self._paid.copy()
        lowest: float = auction.lower(
            *(self.market(), self.tariff, best, paid, self._slack, self._marginal),
            *(self._heading, self._scales, floor, times),
        )
        self.tariff, self._paid = best, paid
        return lowest

    def join(self, *, by: float) -> None:
        """Whoever would outbid what lots fetch by so much a gram joins the options."""
        market = self.market()
        self._proceeds(market)
        self._marginal += by
        more = self._outbidders(market)
        if len(more.lots):
            self._extend(more)

    def promise(self, most: int) -> None:
        """The options that rank best at these prices, so many of each lot, are promising."""
        self._paid = self._paid[self.offer.promise(self._ranks(), most)]

    def prove(self, *, floor: float = 0.0, times: int = 0) -> float:
        """A bound for all pairs, in grams; `floor` is a plan's worth.

        Whoever outbids joins, before so many more steps and at the end. Trips are paid as those
        were told: nothing where another lot of the listing pays already, else by the mass of all
        its lots. So nobody else would bid, and the bound holds. The options are as before
        afterwards, and so is what plans know them by.
        """
        before, paid = self.offer.found, self._paid
        if times:
            self.join(by=0.0)
            self.lower(floor=floor, times=times)
        self.join(by=0.0)
        total = self._proceeds(self.market())
        self.offer.take(before)
        self._paid = paid
        return total

    def _extend(self, more: Found) -> None:
        """More options; they pay for trips that no option takes yet."""
        offer = self.offer
        ways = offer.lots[more.lots, c.L_LISTING] * max(1, len(offer.case.demands)) + more.demands
        free = among(ways, offer.ways) | among(ways, self._made)
        costs = offer.case.weights.km * more.metres.astype(np.float64)
        paid = np.where(free, 0.0, self._listings.parts[more.lots] * costs)
        self._paid = np.concatenate([self._paid, paid])[offer.extend(more)]

    def _proceeds(self, market: Market) -> float:
        """What all lots fetch at these prices."""
        total: float = auction.proceeds(market, self.tariff, self._slack, self._marginal)
        return total

    def market(self) -> Market:
        """What is sold, to whom, and what each option pays of its trip."""
        offer = self.offer
        books = offer.books(0)
        sizes = np.zeros(len(offer.found.demands), dtype=np.int64)
        auction.sizes_of(offer.options, books.left, sizes)
        return Market(offer.options, books, offer.fair, _CURVE, self._paid, offer.trips(), sizes)

    def _by_mass(self) -> Floats:
        """What each option pays of its trip when all lots of its listing share it by their mass."""
        paid: Floats = self._listings.parts[self.offer.options.lots] * self.offer.trips()
        return paid

    def _outbidders(self, market: Market) -> Found:
        """Possible pairs that are no options yet and would outbid what their lots fetch."""
        offer, case = self.offer, self.offer.case
        places = max(_BIDS_AT_ONCE * len(offer.lots), len(case.demands))
        found, lot = [no_pairs(0)], 0
        while lot < len(offer.lots):
            rows = no_pairs(places)
            count, lot = outbidding.newcomers(
                case.feasibility.tables.world,
                market,
                self.tariff,
                self._marginal,
                offer.base,
                offer.no_show,
                self._listings,
                case.weights.km,
                offer.groups,
                self._cells,
                lot,
                rows,
            )
            found.append(rows[:count].copy())
        return found_pairs(len(offer.lots), np.concatenate(found))

    def rents(self) -> Floats:
        """The price of a gram of room in every store."""
        return self.tariff.rent

    def _ranks(self) -> Floats:
        """What each option bids per gram for all that it can take."""
        options, tariff, market = self.offer.options, self.tariff, self.market()
        counties = self.offer.fair.county_of[options.homes]
        value = tariff.own[options.homes] + tariff.shared[counties]
        value += tariff.wanted[options.needs]
        value -= tariff.rent[options.stores]
        trips = np.full(len(value), np.inf)
        np.divide(self._by_mass(), market.sizes, out=trips, where=market.sizes > 0)
        ranks: Floats = options.per_gram + value - trips
        return ranks


def _scales(offer: Offer) -> Tariff:
    """How far each price moves for a gram too much: less far where it is about more."""
    options, fair = offer.options, offer.fair
    at_stores = _sums(options.most, options.stores, len(offer.room))
    at_needs = _sums(options.most, options.needs, len(offer.need))
    sizes = (
        *(fair.home_g, fair.county_g),
        np.maximum(offer.room, _CROWD * at_stores),
        np.maximum(offer.need, _CROWD * at_needs),
    )
    return Tariff(*(1 / np.maximum(each, _LEAST_SCALE_G) for each in sizes))


def _first(count: int, reached: Ints, weight: float) -> Floats:
    """A middling price for whoever can be reached; the highest, at which need earns nothing, for
    everybody else.
    """
    price = np.full(count, weight, dtype=np.float64)
    price[reached] = weight / 2
    return price


def _sums(values: Floats | Ints, keys: Ints | Short, count: int) -> Floats:
    """The sum of the values of each key."""
    return np.asarray(np.bincount(keys, weights=values, minlength=count), dtype=np.float64)


def _parts(some: Floats, whole: Floats) -> Floats:
    """Which part of each whole it is; none of nothing."""
    parts: Floats = np.divide(some, whole, out=np.zeros_like(some), where=whole > 0)
    return parts


def _listings(offer: Offer) -> Listings:
    case = offer.case
    listing = offer.lots[:, c.L_LISTING]
    mass = offer.lots[:, c.L_LEFT].astype(np.float64)
    count = len(case.feasibility.tables.listings)
    together = _sums(mass, listing, count)[listing]
    rows = sorted([*zip(listing.tolist(), range(len(listing)), strict=True), *_made_trips(case)])
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Listings(
        parts=_parts(mass, together),
        of_lot=listing.copy(),
        lots=table[:, 1].copy(),
        starts=np.searchsorted(table[:, 0], np.arange(count + 1)).astype(np.int64),
    )


def _made_trips(case: Case) -> Iterator[tuple[int, int]]:
    listings = case.feasibility.tables.listings
    for (listing, demand), count in case.trips.items():
        if count and listing in listings:
            yield listings[listing], -1 - demand


def in_kilograms(worth_g: float) -> float:
    """Worth is computed in grams and told in kilograms."""
    return worth_g / KILOGRAM_G
