"""The two-tier network: lot → programme by storage and group → programme → county.

Concave worth is parallel arcs, steepest first. Gains are whole numbers, PER_KG to a kilogram of
score per kilogram. The tiers round gains and room up, and a trip's cost is spread over the most
that the trip could bring, so that no plan is worth more than the best flow.
"""

from dataclasses import dataclass, field
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.domain.case import Case, Option
from matching.domain.curve import segments
from matching.domain.solver.worth import Worth

PER_KG: Final = 100_000
Ints = NDArray[np.int64]
Entry = tuple[int, str, str]


@dataclass(slots=True)
class Arcs:
    """Arcs of a network under construction, as parallel lists."""

    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)
    gains: list[int] = field(default_factory=list)

    def add(self, tail: int, head: int, *, room: int, gain: int = 0) -> None:
        self.tails.append(tail)
        self.heads.append(head)
        self.rooms.append(room)
        self.gains.append(gain)

    def arrays(self) -> tuple[Ints, Ints, Ints, Ints]:
        lists = self.tails, self.heads, self.rooms, self.gains
        tails, heads, rooms, gains = (np.array(each, dtype=np.int64) for each in lists)
        return tails, heads, rooms, gains


class Network:
    """The network of a case. Node 0 is the sink; arcs of options come first, in their order."""

    def __init__(self, case: Case, options: list[list[Option]]) -> None:
        self.case = case
        self.supply_g = [supply.lot.left_g for supply in case.supplies]
        self.total_g = sum(self.supply_g)
        self.arcs = Arcs()
        self.nodes = 1
        self.supply_nodes = [self._new() for _ in case.supplies]
        self.county_nodes: dict[int, int] = {}
        self.demand_nodes: dict[int, int] = {}
        self.store_nodes: dict[tuple[int, str], int] = {}
        self.entry_nodes: dict[Entry, int] = {}
        self.worth = Worth(case, options)
        self.options = [option for row in options for option in row]
        for supply, row in enumerate(options):
            gains = self.worth.relaxed_per_kg(supply) if row else ()
            for option in row:
                self._add_option(option, gains[option.demand])
        self.options_end = len(self.arcs.tails)
        self._add_tiers()
        self.tiers_end = len(self.arcs.tails)
        for node, left_g in zip(self.supply_nodes, self.supply_g, strict=True):
            self.arcs.add(node, 0, room=left_g)

    def _new(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def _add_option(self, option: Option, per_kg: float) -> None:
        group = self.case.supplies[option.supply].lot.category_group
        entry = option.demand, option.store[1], group
        if entry not in self.entry_nodes:
            self._open(entry, option.county)
        self.arcs.add(
            self.supply_nodes[option.supply],
            self.entry_nodes[entry],
            room=option.most_g,
            gain=ceil(per_kg * PER_KG),
        )

    def _open(self, entry: Entry, county: int) -> None:
        demand, storage, _ = entry
        self.entry_nodes[entry] = self._new()
        if (demand, storage) not in self.store_nodes:
            self.store_nodes[demand, storage] = self._new()
        if demand not in self.demand_nodes:
            self.demand_nodes[demand] = self._new()
        if county not in self.county_nodes:
            self.county_nodes[county] = self._new()

    def _add_tiers(self) -> None:
        case = self.case
        for (demand, storage, group), node in self.entry_nodes.items():
            store = self.store_nodes[demand, storage]
            need_g = case.need_g.get((demand, group), 0)
            if need_g:
                self.arcs.add(node, store, room=need_g, gain=ceil(case.weights.preference * PER_KG))
            self.arcs.add(node, store, room=self.total_g)
        for (demand, storage), node in self.store_nodes.items():
            place = case.demands[demand].recipient.location_id, storage
            self.arcs.add(node, self.demand_nodes[demand], room=case.room_g[place])
        for demand, node in self.demand_nodes.items():
            county = self.county_nodes[case.county_of[demand]]
            tiers = segments(case.level_g[demand], case.fair_g[demand])
            self._concave(node, county, tiers, case.weights.recipient_need)
        for county, node in self.county_nodes.items():
            tiers = segments(case.county_level_g[county], case.county_fair_g[county])
            self._concave(node, 0, tiers, case.weights.county_need)

    def _concave(
        self, tail: int, head: int, tiers: list[tuple[float, float]], weight: float
    ) -> None:
        for room_g, slope in tiers:
            self.arcs.add(tail, head, room=ceil(room_g), gain=ceil(weight * slope * PER_KG))
        self.arcs.add(tail, head, room=self.total_g)
