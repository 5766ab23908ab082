"""An upper bound on the score of every plan, proved from prices by weak duality.

For any price per node, no plan is worth more than: each lot sold to the programmes that bid most,
plus what the tiers earn above their price. Prices from an optimal flow make this the optimum over
all its options; programmes that were no candidates bid as well, at prices that leave their tiers
without profit, so the bound holds for every pair.
"""

import numpy as np
from numpy.typing import NDArray

from matching.domain.case import KILOGRAM_G, Case, Option
from matching.domain.curve import segments
from matching.domain.solver.network import PER_KG, Ints, Network
from matching.domain.solver.worth import Worth

Floats = NDArray[np.float64]


class Prices:
    """What one more kilogram that reaches a programme is worth, by storage and group."""

    def __init__(self, case: Case, network: Network | None, prices: Ints | None) -> None:
        self._case = case
        self._network = network
        self._prices = prices

    def _known(self, node: int | None) -> float | None:
        return None if node is None or self._prices is None else self._prices[node] / PER_KG

    def county(self, county: int) -> float:
        known = self._known(self._network.county_nodes.get(county)) if self._network else None
        if known is not None:
            return known
        case = self._case
        tiers = segments(case.county_level_g[county], case.county_fair_g[county])
        return case.weights.county_need * tiers[0][1] if tiers else 0.0

    def demand(self, demand: int) -> float:
        known = self._known(self._network.demand_nodes.get(demand)) if self._network else None
        if known is not None:
            return known
        case = self._case
        tiers = segments(case.level_g[demand], case.fair_g[demand])
        first = case.weights.recipient_need * tiers[0][1] if tiers else 0.0
        return first + self.county(case.county_of[demand])

    def entry(self, demand: int, storage: str, group: str) -> float:
        network = self._network
        known = self._known(network.entry_nodes.get((demand, storage, group))) if network else None
        if known is not None:
            return known
        store = self._known(network.store_nodes.get((demand, storage))) if network else None
        wanted = self._case.need_g.get((demand, group), 0) > 0
        below = self.demand(demand) if store is None else store
        return below + (self._case.weights.preference if wanted else 0.0)


class Auction:
    """Every lot sold to the highest bidders, at given prices; `worth` is a bound on any plan.

    `newcomers` are programmes, per lot, that outbid what the flow found and were no options yet:
    adding them may better both flow and bound.
    """

    def __init__(
        self,
        case: Case,
        options: list[list[Option]],
        network: Network | None = None,
        prices: Ints | None = None,
    ) -> None:
        self._case = case
        self._options = options
        self._worth = Worth(case, options) if network is None else network.worth
        self._prices = Prices(case, network, prices)
        self._entries: dict[tuple[str, str], Floats] = {}
        self.newcomers: list[list[Option]] = [[] for _ in case.supplies]
        self.worth = 0.0
        if case.demands:
            self.worth = sum(self._sell(supply) for supply in range(len(case.supplies)))
        if network is not None and prices is not None:
            self.worth += _tier_profit(network, prices)

    def _sell(self, supply: int) -> float:
        """What one lot fetches; trips that nobody looked at are looked at when they would win."""
        bids = self._bids(supply)
        most_g = self._worth.most_g(supply)
        known = {option.demand: option for option in self._options[supply]}
        left_g, worth = self._case.supplies[supply].lot.left_g, 0.0
        for demand in np.argsort(-bids, kind="stable").tolist():
            if left_g == 0 or bids[demand] <= 0:
                break
            if not most_g[demand]:
                continue
            option = known.get(demand) or self._look(supply, demand)
            if option is None:
                continue
            sold_g = min(left_g, option.most_g)
            worth += bids[demand] * sold_g / KILOGRAM_G
            left_g -= sold_g
        return worth

    def _look(self, supply: int, demand: int) -> Option | None:
        option = self._case.option(supply, demand)
        if option is not None:
            self.newcomers[supply].append(option)
        return option

    def _bids(self, supply: int) -> Floats:
        lot = self._case.supplies[supply].lot
        key = lot.storage_class, lot.category_group
        if key not in self._entries:
            demands = range(len(self._case.demands))
            self._entries[key] = np.array([self._prices.entry(d, *key) for d in demands])
        return self._entries[key] + self._worth.relaxed_per_kg(supply)


def _tier_profit(network: Network, prices: Ints) -> float:
    """What the tiers of the network earn above the prices at both their ends."""
    tails, heads, rooms, gains = network.arcs.arrays()
    tiers = slice(network.options_end, network.tiers_end)
    profit = gains[tiers] + prices[heads[tiers]] - prices[tails[tiers]]
    return float((np.maximum(0, profit) * rooms[tiers]).sum()) / PER_KG / KILOGRAM_G
