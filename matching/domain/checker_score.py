"""The objective a second time, written from docs/concepts/matching.md for the checker."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

import numpy as np

from matching.domain.curve import KNOTS
from matching.domain.problem import Demand, Problem, Supply
from matching.domain.solution import Assignment

_HELP = np.log1p(np.array(KNOTS))


def score_of(problem: Problem, assignments: Iterable[Assignment]) -> float:
    """Kilograms of score of a plan."""
    plan = list(assignments)
    supplies = {supply.id: supply for supply in problem.supplies}
    demands = {demand.id: demand for demand in problem.demands}
    by_mass = sum(
        share.mass_g * _per_gram(problem, supplies[share.lot_id], demands[share.programme_id])
        for share in plan
    )
    wanted = problem.weights.preference * _wanted_g(problem, supplies, plan)
    need = _need_g(problem, demands, plan)
    return float(by_mass + wanted + need) / 1_000 - _driving(problem, supplies, plan)


def _per_gram(problem: Problem, supply: Supply, demand: Demand) -> float:
    weights = problem.weights
    lost_at = min(supply.lot.safe_until_at, supply.lot.pickup_until_at)
    left = (lost_at - problem.now) / timedelta(seconds=weights.urgent_within_s)
    urgency = weights.urgency * float(np.clip(1 - left, 0, 1))
    stays = any(
        (each.lot_id, each.programme_id) == (supply.id, demand.id) for each in problem.incumbents
    )
    kept = weights.stickiness if stays else 0.0
    return 1 + urgency + kept - weights.no_show * (1 - demand.reliability)


def _wanted_g(problem: Problem, supplies: Mapping[str, Supply], plan: list[Assignment]) -> int:
    need_g: defaultdict[tuple[str, str], int] = defaultdict(int)
    for demand in problem.demands:
        for group, grams in demand.recipient.need_g.items():
            need_g[demand.id, group] = grams
    for fixed in problem.fixed:
        key = fixed.programme_id, fixed.category_group
        need_g[key] = max(0, need_g[key] - fixed.mass_g)
    met_g = 0
    for share in plan:
        key = share.programme_id, supplies[share.lot_id].lot.category_group
        step_g = min(share.mass_g, need_g[key])
        need_g[key] -= step_g
        met_g += step_g
    return met_g


def _need_g(problem: Problem, demands: Mapping[str, Demand], plan: list[Assignment]) -> float:
    """Grams of help to programmes and to counties."""
    before = {demand.id: demand.received_g for demand in problem.demands}
    counties = _counties(problem)
    county_before = {code: received_g for code, (_, received_g) in counties.items()}
    for fixed in problem.fixed:
        before[fixed.programme_id] += fixed.mass_g
        county_before[demands[fixed.programme_id].county_code] += fixed.mass_g
    fair_g = problem.fair_g_per_person
    if fair_g is None:
        offered_g = sum(supply.lot.left_g for supply in problem.supplies)
        people = sum(demand.people for demand in problem.demands)
        fair_g = (sum(before.values()) + offered_g) / people if people else 0.0
    after, county_after = dict(before), dict(county_before)
    for share in plan:
        after[share.programme_id] += share.mass_g
        county_after[demands[share.programme_id].county_code] += share.mass_g
    own = sum(
        _help(before[key], after[key], fair_g * demand.people) for key, demand in demands.items()
    )
    shared = sum(
        _help(county_before[code], county_after[code], fair_g * people)
        for code, (people, _) in counties.items()
    )
    return problem.weights.recipient_need * own + problem.weights.county_need * shared


def _counties(problem: Problem) -> dict[str, tuple[int, int]]:
    """People and grams received by county, as stated or else summed from the demands."""
    summed: dict[str, tuple[int, int]] = {}
    for demand in problem.demands:
        people, received_g = summed.get(demand.county_code, (0, 0))
        summed[demand.county_code] = people + demand.people, received_g + demand.received_g
    return summed | {each.code: (each.people, each.received_g) for each in problem.counties}


def _help(before_g: float, after_g: float, fair_g: float) -> float:
    if fair_g <= 0:
        return 0.0
    levels = np.array([before_g, after_g]) / fair_g
    low, high = np.interp(levels, KNOTS, _HELP)
    return float(high - low) * fair_g


def _driving(problem: Problem, supplies: Mapping[str, Supply], plan: list[Assignment]) -> float:
    """Cost of every trip that is not made anyway, once per listing and programme."""
    made = {(fixed.listing_id, fixed.programme_id) for fixed in problem.fixed}
    metres: dict[tuple[str, str], int] = {}
    for share in plan:
        trip = supplies[share.lot_id].lot.listing_id, share.programme_id
        metres[trip] = max(share.distance_m, metres.get(trip, 0))
    driven_m = sum(length for trip, length in metres.items() if trip not in made)
    return problem.weights.km * driven_m / 1_000
