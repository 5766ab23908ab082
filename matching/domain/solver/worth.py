"""What a kilogram of each lot is worth at every programme at most, one row at a time."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from matching.domain.case import KILOGRAM_G, Case, Option

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Worth:
    """Rows of room and worth for bounds: trips that nobody looked at count as possible."""

    def __init__(self, case: Case, options: list[list[Option]]) -> None:
        self._case = case
        self._options = options
        self._no_show = np.array(
            [case.weights.no_show * (1 - demand.reliability) for demand in case.demands]
        )
        self._rooms: dict[str, Ints] = {}
        self._of_listing: defaultdict[str, list[int]] = defaultdict(list)
        for index, supply in enumerate(case.supplies):
            self._of_listing[supply.lot.listing_id].append(index)
        self._trips_made: defaultdict[str, list[int]] = defaultdict(list)
        for (listing, demand), trips in case.trips.items():
            if trips:
                self._trips_made[listing].append(demand)

    def most_g(self, supply: int) -> Ints:
        """The most that each programme could take of a lot; 0 where that is impossible."""
        lot = self._case.supplies[supply].lot
        most_g = np.minimum(self._room_g(lot.storage_class), lot.left_g)
        most_g[self._case.feasibility.codes[supply] > 0] = 0
        for option in self._options[supply]:
            most_g[option.demand] = option.most_g
        return most_g

    def relaxed_per_kg(self, supply: int) -> Floats:
        """Score per kilogram but for need, the trip's cost spread as thinly as it can ever be."""
        case = self._case
        listing = case.supplies[supply].lot.listing_id
        per_kg = 1.0 + case.urgency[supply] - self._no_show
        for demand in case.incumbents[supply]:
            per_kg[demand] += case.weights.stickiness
        metres = case.roads.metres[supply]
        cost = case.weights.km * np.where(np.isfinite(metres), metres, 0.0) / KILOGRAM_G
        cost[self._trips_made[listing]] = 0.0
        way_kg = sum(self.most_g(other) for other in self._of_listing[listing]) / KILOGRAM_G
        relaxed: Floats = per_kg - np.divide(
            cost, way_kg, out=np.zeros_like(cost), where=way_kg > 0
        )
        return relaxed

    def _room_g(self, storage: str) -> Ints:
        if storage not in self._rooms:
            places = [(demand.recipient.location_id, storage) for demand in self._case.demands]
            rooms = [self._case.room_g.get(place, 0) for place in places]
            self._rooms[storage] = np.array(rooms, dtype=np.int64)
        return self._rooms[storage]
