"""A plan as callers see it: its shares, what each is worth given all others, what they leave."""

from collections.abc import Iterator

import numpy as np

from matching.domain.case import KILOGRAM_G, Case
from matching.domain.curve import need_met
from matching.domain.kernel import columns as c
from matching.domain.kernel import worth
from matching.domain.kernel.arrays import Books, Floats, Ints
from matching.domain.objective import TERMS
from matching.domain.solver.crews import Driven
from matching.domain.solver.offer import Offer


class State:
    """Shares taken so far, and what they leave. An option is known by its row in the offer."""

    def __init__(self, offer: Offer, books: Books, driven: Driven) -> None:
        self.offer = offer
        self.driven = driven
        self.case: Case = offer.case
        self.books = books
        self._starts = offer.options.starts
        self._worths, self._takes = np.zeros(offer.widest), np.zeros(offer.widest, dtype=np.int64)

    @property
    def evaluations(self) -> int:
        """How many shares were tried."""
        return int(self.books.tries[c.TRIED])

    @property
    def left_g(self) -> Ints:
        """What is left of each lot."""
        return self.books.left

    def options(self, supply: int) -> range:
        """The rows of a lot's options."""
        return range(int(self._starts[supply]), int(self._starts[supply + 1]))

    def shares(self, supply: int) -> dict[int, int]:
        """Grams by option: whole steps first, larger before smaller."""
        begin, end = int(self._starts[supply]), int(self._starts[supply + 1])
        grams = self.books.grams[begin:end]
        step_g = self.case.supplies[supply].lot.step_g
        held = [(begin + int(row), int(grams[row])) for row in np.flatnonzero(grams)]
        held.sort(key=lambda each: (each[1] % step_g > 0, -each[1], each[0]))
        return dict(held)

    def chosen(self) -> Iterator[tuple[int, int, int]]:
        """All shares as lot, option and grams, lot by lot."""
        for supply in np.unique(self.offer.found.lots[np.flatnonzero(self.books.grams)]).tolist():
            for option, mass_g in self.shares(supply).items():
                yield supply, option, mass_g

    def demand(self, option: int) -> int:
        return int(self.offer.found.demands[option])

    def distance_m(self, option: int) -> int:
        return int(self.offer.found.metres[option])

    def room_g(self, option: int) -> int:
        """What the store that this option leads to still takes."""
        return int(self.books.room[self.offer.options.stores[option]])

    def undriven(self, supply: int) -> Ints:
        """Who has room for more of a lot and lies on a way that was closed for want of a driver."""
        step_g = self.case.supplies[supply].lot.step_g
        smallest_g = min(step_g, int(self.left_g[supply]))
        demands = [
            self.demand(option)
            for option in self.options(supply)
            if not self.offer.options.most[option] and self.room_g(option) >= smallest_g
        ]
        return np.array(demands, dtype=np.int64)

    def level(self, demand: int) -> float:
        """How many fair shares a programme has, with the plan as it is."""
        fair_g = self.case.fair_g[demand]
        return self.level_g(demand) / fair_g if fair_g else 0.0

    def county_level(self, county: int) -> float:
        """The same for a county."""
        fair_g = self.case.county_fair_g[county]
        return float(self.books.county_level[county]) / fair_g if fair_g else 0.0

    def level_g(self, demand: int) -> int:
        """What a programme has, with the plan as it is."""
        return int(self.books.level[demand])

    def change(self, supply: int, option: int, mass_g: int) -> None:
        """Take a share, or give one back (a negative mass)."""
        worth.add(self.offer.options, self.books, self.offer.fair, supply, option, mass_g)

    def values(self, supply: int, mass_g: int) -> tuple[Floats, Ints]:
        """What this much would be worth at each option, in kilograms, and how much each takes."""
        worth.values(
            *(self.offer.options, self.books, self.offer.fair, supply, mass_g),
            *(self._worths, self._takes),
        )
        count = len(self.options(supply))
        return self._worths[:count] / KILOGRAM_G, self._takes[:count].copy()

    def terms(self, supply: int, option: int, mass_g: int) -> dict[str, float]:
        """What this much would be worth at an option, one entry per term."""
        case, weights, demand = self.case, self.case.weights, self.demand(option)
        county = case.county_of[demand]
        terms = dict.fromkeys(TERMS, 0.0)
        for name, per_kg in case.linear(supply, demand).items():
            terms[name] = per_kg * mass_g / KILOGRAM_G
        met_g = need_met(self.level_g(demand), mass_g, case.fair_g[demand])
        terms["recipient_need"] = weights.recipient_need * met_g / KILOGRAM_G
        met_g = need_met(int(self.books.county_level[county]), mass_g, case.county_fair_g[county])
        terms["county_need"] = weights.county_need * met_g / KILOGRAM_G
        need_g = int(self.books.need[self.offer.options.needs[option]])
        wanted_g = max(0, min(mass_g, need_g))
        terms["preference"] = weights.preference * wanted_g / KILOGRAM_G
        if not self.books.trips[self.offer.options.ways[option]]:
            terms["distance"] = -weights.km * self.distance_m(option) / KILOGRAM_G
        return terms
