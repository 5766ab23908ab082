"""The options of a round as the kernel's arrays, and the books of a plan that uses them."""

import numpy as np

from matching.domain.candidates import Found
from matching.domain.case import Case
from matching.domain.kernel import columns as c
from matching.domain.kernel import worth
from matching.domain.kernel.arrays import Bits, Books, Fair, Floats, Grouped, Ints, Options, Short


class Offer:
    """Options by lot, in one long list. Worth is in grams of food.

    `options` and `fair` are what the kernel's functions take; `lots` has what each lot holds.
    """

    def __init__(self, case: Case, found: Found) -> None:
        self.case = case
        tables = case.feasibility.tables
        self.lots = tables.lots
        self.groups = max(1, len(tables.groups))
        self.base: Floats = 1.0 + np.array(case.urgency, dtype=np.float64)
        weights = case.weights
        reliability = np.array([demand.reliability for demand in case.demands])
        self.no_show: Floats = weights.no_show * (1 - reliability)
        self.fair = Fair(
            home_g=np.array(case.fair_g, dtype=np.float64),
            county_g=np.array(case.county_fair_g, dtype=np.float64),
            county_of=np.array(case.county_of, dtype=np.int64),
            recipient_need=float(weights.recipient_need),
            county_need=float(weights.county_need),
            preference=float(weights.preference),
        )
        self.room = np.array([case.room_g[store] for store in tables.stores], dtype=np.int64)
        self.need = np.zeros(max(1, len(case.demands) * self.groups), dtype=np.int64)
        for (demand, group), need_g in case.need_g.items():
            if group in tables.groups:
                self.need[demand * self.groups + tables.groups[group]] = need_g
        shares = [case.shares[supply.id] for supply in case.supplies]
        self._settled = np.array(shares, dtype=np.int64)
        self.take(found)

    def take(self, found: Found) -> None:
        """These options, all of them promising."""
        case, lots = self.case, self.lots
        self.found = found
        lot, demand = found.lots, found.demands
        store = case.feasibility.tables.homes[demand, c.D_STORE + lots[lot, c.L_STORAGE]]
        way = lots[lot, c.L_LISTING] * max(1, len(case.demands)) + demand
        self.ways, way_index = np.unique(way, return_inverse=True)
        self.made = self._made()
        per_gram = self.base[lot] - self.no_show[demand]
        self.suggested = self._suggested(lot, demand)
        per_gram[self.suggested] += case.weights.stickiness
        self.options = Options(
            starts=found.starts,
            ends=found.starts[1:].copy(),
            steps=lots[:, c.L_STEP].copy(),
            homes=demand.astype(np.int32),
            lots=lot.astype(np.int32),
            stores=store.astype(np.int32),
            needs=(demand * self.groups + lots[lot, c.L_GROUP]).astype(np.int32),
            ways=way_index.reshape(-1).astype(np.int32),
            most=found.most_g,
            per_gram=per_gram,
            costs=case.weights.km * found.metres.astype(np.float64),
        )

    def _made(self) -> Ints:
        """How many settled shares each way has."""
        listings = self.case.feasibility.tables.listings
        width = max(1, len(self.case.demands))
        made = np.zeros(len(self.ways), dtype=np.int64)
        for (listing, demand), count in self.case.trips.items():
            key = listings.get(listing, -1) * width + demand
            row = int(np.searchsorted(self.ways, key))
            if listing in listings and row < len(made) and self.ways[row] == key:
                made[row] = count
        return made

    def _suggested(self, lot: Ints, demand: Ints) -> Bits:
        """Which options an earlier round suggested."""
        pairs = [(s, d) for s, row in enumerate(self.case.incumbents) for d in row]
        width = max(1, len(self.case.demands))
        keys = np.array([s * width + d for s, d in pairs], dtype=np.int64)
        return among(lot * width + demand, np.unique(keys))

    def extend(self, more: Found) -> Ints:
        """More options; those of one lot stay together, the known ones first. Returns how all were
        put in order.
        """
        found, order = self.found.joined(more)
        self.take(found)
        return order

    def trips(self) -> Floats:
        """The worth that the trip of each option takes: nothing where it is made anyway."""
        options = self.options
        costs: Floats = np.where(self.made[options.ways] > 0, 0.0, options.costs)
        return costs

    def promise(self, ranks: Floats, most: int) -> Ints:
        """Puts each lot's options in the order of their ranks; the first so many are promising.
        Returns how all were put in order.
        """
        order = np.lexsort((-ranks, self.found.lots))
        self.take(self.found.reordered(order))
        starts, ends = self.options.starts, self.options.ends
        np.minimum(ends, starts[:-1] + most, out=ends)
        return order

    def widen(self) -> None:
        """All options are promising again."""
        self.options.ends[:] = self.options.starts[1:]

    def books(self, evaluations: int) -> Books:
        """Books without a share, but for what is settled."""
        case, lots = self.case, self.lots
        books = Books(
            left=lots[:, c.L_LEFT].copy(),
            splits=lots[:, c.L_SPLITS] - self._settled,
            room=self.room.copy(),
            need=self.need.copy(),
            level=np.array(case.level_g, dtype=np.int64),
            county_level=np.array(case.county_level_g, dtype=np.int64),
            trips=self.made.copy(),
            grams=np.zeros(len(self.found.demands), dtype=np.int64),
            met=np.zeros(len(case.demands)),
            county_met=np.zeros(len(case.counties)),
            tries=np.array([0, evaluations], dtype=np.int64),
        )
        worth.open_books(books, self.fair)
        return books

    @property
    def widest(self) -> int:
        """How many options a lot has at most."""
        return int(np.diff(self.options.starts).max(initial=1))

    def by_home(self) -> Grouped:
        """The options as they stand, by programme."""
        return _grouped(self.options.homes, len(self.case.demands))

    def by_way(self) -> Grouped:
        """The same by the way that they take."""
        return _grouped(self.options.ways, len(self.ways))


def among(keys: Ints, known: Ints) -> Bits:
    """Which keys are among the known ones, which are in order: faster than `numpy.isin` by far."""
    if not len(known):
        return np.zeros(len(keys), dtype=bool)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    same: Bits = known[places] == keys
    return same


def _grouped(keys: Short, count: int) -> Grouped:
    order = np.argsort(keys, kind="stable")
    starts = np.searchsorted(keys[order], np.arange(count + 1))
    return Grouped(options=order.astype(np.int64), starts=starts.astype(np.int64))
