"""The score of a whole plan, term by term, in kilograms of food."""

from collections import Counter
from collections.abc import Iterable

from matching.domain.case import KILOGRAM_G, Case
from matching.domain.curve import need_met

#: The names of the terms of a score, in the order in which people read them.
TERMS = (
    "food",
    "urgency",
    "recipient_need",
    "county_need",
    "preference",
    "distance",
    "stickiness",
    "no_show",
)


def score_terms(case: Case, shares: Iterable[tuple[int, int, int, int]]) -> dict[str, float]:
    """What the plan is worth by each term; the score is their sum.

    Shares are (supply, demand, grams, metres of the way).
    """
    terms = dict.fromkeys(TERMS, 0.0)
    demand_g: Counter[int] = Counter()
    county_g: Counter[int] = Counter()
    group_g: Counter[tuple[int, str]] = Counter()
    ways: dict[tuple[str, int], float] = {}
    for supply, demand, mass_g, distance_m in shares:
        for name, per_kg in case.linear(supply, demand).items():
            terms[name] += per_kg * mass_g / KILOGRAM_G
        lot = case.supplies[supply].lot
        demand_g[demand] += mass_g
        county_g[case.county_of[demand]] += mass_g
        group_g[demand, lot.category_group] += mass_g
        way = lot.listing_id, demand
        if not case.trips[way]:
            cost = case.weights.km * distance_m / KILOGRAM_G
            ways[way] = max(cost, ways.get(way, 0.0))
    weights = case.weights
    terms["recipient_need"] = weights.recipient_need * _met_kg(demand_g, case.level_g, case.fair_g)
    terms["county_need"] = weights.county_need * _met_kg(
        county_g, case.county_level_g, case.county_fair_g
    )
    wanted_g = sum(min(mass_g, case.need_g.get(need, 0)) for need, mass_g in group_g.items())
    terms["preference"] = weights.preference * wanted_g / KILOGRAM_G
    terms["distance"] = -sum(ways.values())
    return terms


def _met_kg(more_g: Counter[int], levels_g: list[int], fairs_g: list[float]) -> float:
    met_g = sum(need_met(levels_g[i], mass_g, fairs_g[i]) for i, mass_g in more_g.items())
    return met_g / KILOGRAM_G
