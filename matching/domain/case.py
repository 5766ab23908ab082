"""A problem made ready for solving: worth of options, fair shares, room, what is settled."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from backend.claims.domain.trips import Trip
from matching.domain.canonical import in_canonical_order
from matching.domain.fairness import fair_g_per_person
from matching.domain.feasibility import Feasibility
from matching.domain.problem import County, Demand, Problem, Supply
from matching.domain.solution import Assignment

KILOGRAM_G = 1_000


@dataclass(frozen=True, slots=True)
class Option:
    """One possible way from a supply to a demand, both by index.

    `per_kg` is all that grows in step with the mass, in kilograms of score per kilogram;
    `trip_cost` is paid once per listing and programme. `most_g` is what one trip can bring.
    `store`, `need` and `way` name what a share uses: room, need of its category group, a trip.
    """

    supply: int
    demand: int
    county: int
    store: tuple[str, str]
    need: tuple[int, str]
    way: tuple[str, int]
    trip: Trip
    per_kg: float
    trip_cost: float
    most_g: int


class Case:
    """What every solver starts from; supplies and demands are in canonical order, by index."""

    def __init__(self, problem: Problem) -> None:
        self.problem = in_canonical_order(problem)
        self.supplies: tuple[Supply, ...] = self.problem.supplies
        self.demands: tuple[Demand, ...] = self.problem.demands
        self.weights = self.problem.weights
        self.feasibility = Feasibility(self.problem)
        self.demand_index = {demand.id: index for index, demand in enumerate(self.demands)}
        self.incumbents = self._incumbents()
        self._county()
        self._settle()

    def _incumbents(self) -> list[set[int]]:
        """Per supply, the demands to which an earlier round suggested it."""
        rows = {supply.id: index for index, supply in enumerate(self.supplies)}
        found: list[set[int]] = [set() for _ in self.supplies]
        for one in self.problem.incumbents:
            found[rows[one.lot_id]].add(self.demand_index[one.programme_id])
        return found

    def _county(self) -> None:
        stated = {county.code: county for county in self.problem.counties}
        for code in dict.fromkeys(demand.county_code for demand in self.demands):
            stated.setdefault(code, _county_of(code, self.demands))
        self.counties = [stated[code] for code in sorted(stated)]
        self.county_index = {county.code: i for i, county in enumerate(self.counties)}
        self.county_of = [self.county_index[demand.county_code] for demand in self.demands]

    def _settle(self) -> None:
        """Room, need, levels, trips and shares once all that never moves has had its part."""
        self.room_g = {
            (demand.recipient.location_id, storage): limit_g
            for demand in self.demands
            for storage, limit_g in demand.recipient.capacity_g.items()
        }
        self.need_g = {
            (index, group): need_g
            for index, demand in enumerate(self.demands)
            for group, need_g in demand.recipient.need_g.items()
        }
        self.level_g = [demand.received_g for demand in self.demands]
        self.county_level_g = [county.received_g for county in self.counties]
        self.trips: Counter[tuple[str, int]] = Counter()
        self.shares: Counter[str] = Counter()
        for fixed in self.problem.fixed:
            demand = self.demand_index[fixed.programme_id]
            place = self.demands[demand].recipient.location_id, fixed.storage_class
            self.room_g[place] = max(0, self.room_g.get(place, 0) - fixed.mass_g)
            need = demand, fixed.category_group
            self.need_g[need] = max(0, self.need_g.get(need, 0) - fixed.mass_g)
            self.level_g[demand] += fixed.mass_g
            self.county_level_g[self.county_of[demand]] += fixed.mass_g
            self.trips[fixed.listing_id, demand] += 1
            self.shares[fixed.lot_id] += 1

    @cached_property
    def fair_per_person_g(self) -> float:
        given = self.problem.fair_g_per_person
        if given is not None:
            return given
        return fair_g_per_person(
            received_g=sum(self.level_g),
            on_offer_g=sum(supply.lot.left_g for supply in self.supplies),
            people=sum(demand.people for demand in self.demands),
        )

    @cached_property
    def fair_g(self) -> list[float]:
        """Each programme's fair share."""
        return [self.fair_per_person_g * demand.people for demand in self.demands]

    @cached_property
    def county_fair_g(self) -> list[float]:
        return [self.fair_per_person_g * county.people for county in self.counties]

    @cached_property
    def urgency(self) -> list[float]:
        """How much more a kilogram of each supply counts because it has little time."""
        span = timedelta(seconds=self.weights.urgent_within_s)
        return [
            self.weights.urgency * min(1.0, max(0.0, 1 - (s.ends_at - self.problem.now) / span))
            for s in self.supplies
        ]

    def linear(self, supply: int, demand: int) -> Mapping[str, float]:
        """Terms per kilogram that do not depend on how much else anybody gets."""
        sticks = demand in self.incumbents[supply]
        unreliable = 1 - self.demands[demand].reliability
        return {
            "food": 1.0,
            "urgency": self.urgency[supply],
            "stickiness": self.weights.stickiness if sticks else 0.0,
            "no_show": -self.weights.no_show * unreliable,
        }

    def assignment(self, supply: int, demand: int, mass_g: int, trip: Trip) -> Assignment:
        """A share with its trip."""
        return Assignment(
            lot_id=self.supplies[supply].id,
            programme_id=self.demands[demand].id,
            mass_g=mass_g,
            transport=trip.transport,
            distance_m=trip.leg.distance_m,
            travel_s=trip.leg.travel_s,
            departs_at=trip.departs_at,
            hands_over_at=trip.hands_over_at or trip.reaches_at,
        )

    def option(self, supply: int, demand: int) -> Option | None:
        """The way between the two, or None when a rule forbids every one."""
        trip = self.feasibility.trip(supply, demand)
        if trip is None:
            return None
        lot = self.supplies[supply].lot
        store = self.demands[demand].recipient.location_id, lot.storage_class
        most_g = min(lot.left_g, self.room_g[store])
        return Option(
            supply=supply,
            demand=demand,
            county=self.county_of[demand],
            store=store,
            need=(demand, lot.category_group),
            way=(lot.listing_id, demand),
            trip=trip,
            per_kg=sum(self.linear(supply, demand).values()),
            trip_cost=self.weights.km * trip.leg.distance_m / 1_000,
            most_g=most_g if trip.carry_g is None else min(most_g, trip.carry_g),
        )


def _county_of(code: str, demands: tuple[Demand, ...]) -> County:
    here = [demand for demand in demands if demand.county_code == code]
    return County(
        code=code,
        people=sum(demand.people for demand in here),
        received_g=sum(demand.received_g for demand in here),
    )
