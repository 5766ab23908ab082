"""A plan under construction: what each further share would be worth, given all the others."""

from collections.abc import Iterator

from matching.domain.case import KILOGRAM_G, Case, Option
from matching.domain.curve import need_met
from matching.domain.objective import TERMS


class State:
    """Shares taken so far, and what they leave. Grams are whole; scores are in kilograms."""

    def __init__(self, case: Case, options: list[list[Option]]) -> None:
        self.case = case
        self.options = options
        self.left_g = [supply.lot.left_g for supply in case.supplies]
        self.shares: list[dict[int, int]] = [{} for _ in case.supplies]
        self.evaluations = 0
        self._room_g = dict(case.room_g)
        self._need_g = dict(case.need_g)
        self._level_g = list(case.level_g)
        self._county_level_g = list(case.county_level_g)
        self._trips = dict(case.trips)
        self._splits_left = [supply.splits - case.shares[supply.id] for supply in case.supplies]

    def takes_g(self, supply: int, which: int) -> int:
        """The most that the programme and the trip can add now, in any amount."""
        option = self.options[supply][which]
        taken_g = self.shares[supply].get(which, 0)
        if not taken_g and self._splits_left[supply] < 1:
            return 0
        return max(0, min(self._room_g[option.store], option.most_g - taken_g))

    def fits_g(self, supply: int, which: int) -> int:
        """The most that this option can add now: all that is left of the lot, or whole steps."""
        room_g = self.takes_g(supply, which)
        left_g = self.left_g[supply]
        if room_g >= left_g:
            return left_g
        return room_g - room_g % self.case.supplies[supply].lot.step_g

    def value(self, supply: int, which: int, mass_g: int) -> float:
        """What adding this much would be worth now."""
        self.evaluations += 1
        option = self.options[supply][which]
        case, weights, demand = self.case, self.case.weights, option.demand
        county = option.county
        worth_g = (
            option.per_kg * mass_g
            + weights.recipient_need * need_met(self._level_g[demand], mass_g, case.fair_g[demand])
            + weights.county_need
            * need_met(self._county_level_g[county], mass_g, case.county_fair_g[county])
            + weights.preference * max(0, min(mass_g, self._need_g.get(option.need, 0)))
        )
        cost = 0.0 if self._trips.get(option.way) else option.trip_cost
        return worth_g / KILOGRAM_G - cost

    def terms(self, option: Option, mass_g: int) -> dict[str, float]:
        """The same worth, one entry per term; works for any option, chosen or not."""
        case, weights, demand = self.case, self.case.weights, option.demand
        county = option.county
        terms = dict.fromkeys(TERMS, 0.0)
        for name, per_kg in case.linear(option.supply, demand).items():
            terms[name] = per_kg * mass_g / KILOGRAM_G
        met_g = need_met(self._level_g[demand], mass_g, case.fair_g[demand])
        terms["recipient_need"] = weights.recipient_need * met_g / KILOGRAM_G
        met_g = need_met(self._county_level_g[county], mass_g, case.county_fair_g[county])
        terms["county_need"] = weights.county_need * met_g / KILOGRAM_G
        wanted_g = max(0, min(mass_g, self._need_g.get(option.need, 0)))
        terms["preference"] = weights.preference * wanted_g / KILOGRAM_G
        shared = self._trips.get(option.way)
        terms["distance"] = 0.0 if shared else -option.trip_cost
        return terms

    def chosen(self) -> Iterator[tuple[Option, int]]:
        """All shares, lot by lot."""
        for options, shares in zip(self.options, self.shares, strict=True):
            for which in sorted(shares):
                yield options[which], shares[which]

    def room_g(self, option: Option) -> int:
        """What the store that this option leads to still takes."""
        return self._room_g[option.store]

    def level(self, demand: int) -> float:
        """How many fair shares a programme has, with the plan as it is."""
        fair_g = self.case.fair_g[demand]
        return self._level_g[demand] / fair_g if fair_g else 0.0

    def county_level(self, county: int) -> float:
        """The same for a county."""
        fair_g = self.case.county_fair_g[county]
        return self._county_level_g[county] / fair_g if fair_g else 0.0

    def level_g(self, demand: int) -> int:
        """What a programme has, with the plan as it is."""
        return self._level_g[demand]

    def add(self, supply: int, which: int, mass_g: int) -> None:
        """Take a share, or more of one."""
        option = self.options[supply][which]
        if which not in self.shares[supply]:
            self._splits_left[supply] -= 1
            self._trips[option.way] = self._trips.get(option.way, 0) + 1
        self.shares[supply][which] = self.shares[supply].get(which, 0) + mass_g
        self._shift(supply, option, mass_g)

    def remove(self, supply: int, which: int, mass_g: int | None = None) -> int:
        """Give back a share, or part of one; returns how much."""
        option = self.options[supply][which]
        held_g = self.shares[supply][which]
        given_g = held_g if mass_g is None else mass_g
        if given_g == held_g:
            del self.shares[supply][which]
            self._splits_left[supply] += 1
            self._trips[option.way] -= 1
        else:
            self.shares[supply][which] = held_g - given_g
        self._shift(supply, option, -given_g)
        return given_g

    def _shift(self, supply: int, option: Option, mass_g: int) -> None:
        self.left_g[supply] -= mass_g
        self._room_g[option.store] -= mass_g
        need = option.need
        self._need_g[need] = self._need_g.get(need, 0) - mass_g
        self._level_g[option.demand] += mass_g
        self._county_level_g[option.county] += mass_g
