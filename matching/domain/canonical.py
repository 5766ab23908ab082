"""One order of supplies and demands for every way in which they may be listed or named.

Things that differ in no fact are interchangeable and keep the order in which they came.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

from backend.claims.domain.facts import LotFacts, RecipientFacts
from matching.domain.problem import Demand, Problem, Supply

Key = tuple[object, ...]
T = TypeVar("T")


def in_canonical_order(problem: Problem) -> Problem:
    """The same problem with supplies and demands sorted by what they are, not by their names."""
    ways = _ways(problem)
    supplies = _in_order(
        problem.supplies, _supply_at, lambda each: (_supply_key(each), ways[each.id])
    )
    demands = _in_order(
        problem.demands, _demand_at, lambda each: (_demand_key(each), ways[each.id])
    )
    return replace(problem, supplies=tuple(supplies), demands=tuple(demands))


def _in_order(
    things: Sequence[T], first: Callable[[T], Any], then: Callable[[T], Any]
) -> Iterator[T]:
    """Sorted by what tells most of them apart; the rest is asked only of those that are equal."""
    for _, alike in groupby(sorted(things, key=first), key=first):
        several = list(alike)
        yield from sorted(several, key=then) if len(several) > 1 else several


def _supply_at(supply: Supply) -> Key:
    lot = supply.lot
    return lot.point.lon, lot.point.lat, lot.safe_until_at


def _demand_at(demand: Demand) -> Key:
    point = demand.recipient.point
    return point.lon, point.lat, demand.people, demand.received_g


def _supply_key(supply: Supply) -> Key:
    lot: LotFacts = supply.lot
    return (
        lot.pickup_from_at,
        lot.pickup_until_at,
        lot.left_g,
        lot.step_g,
        lot.volume_ml,
        lot.category,
        lot.storage_class,
        sorted(lot.allergens),
        sorted(lot.diet_flags),
        sorted(lot.transports),
        lot.is_open,
        -1 if lot.max_out_of_cold_s is None else lot.max_out_of_cold_s,
        lot.handling_s,
        supply.splits,
        -1 if lot.audience is None else len(lot.audience),
    )


def _demand_key(demand: Demand) -> Key:
    facts: RecipientFacts = demand.recipient
    return (
        demand.reliability,
        _pairs(facts.capacity_g),
        _pairs(facts.need_g),
        facts.open_hours,
        sorted(facts.diet_rules),
        sorted(facts.categories_not_taken),
        sorted(facts.allergens_excluded),
        facts.verified,
        facts.collects_itself,
        -1 if facts.max_distance_m is None else facts.max_distance_m,
        facts.handling_s,
    )


def _pairs(amounts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(amounts.items())


def _ways(problem: Problem) -> dict[str, Key]:
    """Per supply and demand: the lengths of its ways, how often an earlier round chose it, and how
    often an offer of it, or to it, was not taken.
    """
    lengths: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for edge in problem.edges or ():
        for end in (edge.lot_id, edge.programme_id):
            lengths[end].append((edge.distance_m, edge.travel_s))
    chosen = Counter(end for one in problem.incumbents for end in (one.lot_id, one.programme_id))
    asked = Counter(end for one in problem.asked for end in (one.lot_id, one.programme_id))
    ends = [supply.id for supply in problem.supplies] + [demand.id for demand in problem.demands]
    return {end: (sorted(lengths[end]), chosen[end], asked[end]) for end in ends}
