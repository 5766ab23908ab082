"""An independent second look at a solution; shares nothing with the solver but the problem."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from backend.claims.domain.facts import CourierFacts, LotFacts, RecipientFacts
from matching.domain.checker_score import score_of
from matching.domain.problem import Demand, Problem, Supply
from matching.domain.solution import Assignment, Solution

#: Scores are floating-point sums; a relative difference up to this is rounding.
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that the solution breaks: which, by which share, and the figures."""

    code: str
    lot_id: str
    programme_id: str
    detail: str


def check(problem: Problem, solution: Solution) -> list[Breach]:
    """Everything that is wrong with the solution; empty when it may be used."""
    supplies = {supply.id: supply for supply in problem.supplies}
    demands = {demand.id: demand for demand in problem.demands}
    strangers = [
        Breach("unknown", each.lot_id, each.programme_id, "not in the problem")
        for each in solution.assignments
        if each.lot_id not in supplies or each.programme_id not in demands
    ]
    if strangers:
        return strangers
    found = [
        Breach(code, each.lot_id, each.programme_id, detail)
        for each in solution.assignments
        for code, detail in _share(problem, supplies[each.lot_id], demands[each.programme_id], each)
    ]
    found += _asked(problem, solution)
    found += _lots(problem, solution)
    found += _stores(problem, solution)
    found += _score(problem, solution)
    return found


Finding = tuple[str, str]


def _share(
    problem: Problem, supply: Supply, demand: Demand, share: Assignment
) -> Iterator[Finding]:
    yield from _standing(supply.lot, demand.recipient, problem)
    yield from _times(supply.lot, demand.recipient, problem, share)
    yield from _way(problem, share)
    if share.transport == "self_collect":
        yield from _own_collection(supply.lot, demand.recipient, share)
    elif share.transport == "courier":
        if not any(_can(c, supply.lot, demand.recipient, share) for c in problem.couriers):
            yield "no_courier", f"nobody carries {share.mass_g} g from {share.departs_at}"
    elif not _keeps_cold(supply.lot, share):
        yield "cold_chain", "too long outside its temperature"


def _standing(lot: LotFacts, recipient: RecipientFacts, problem: Problem) -> Iterator[Finding]:
    refused = recipient.categories_not_taken & {lot.category, lot.category_group}
    meant = {recipient.organization_id} if lot.audience is None else lot.audience
    wrong = {
        "listing": not lot.is_open or problem.now >= lot.pickup_until_at,
        "verified": not recipient.verified,
        "organization": lot.organization_id == recipient.organization_id,
        "audience": recipient.organization_id not in meant,
        "category": bool(refused),
        "allergen": bool(lot.allergens & recipient.allergens_excluded),
        "diet": bool(recipient.diet_rules - lot.diet_flags),
        "storage": lot.storage_class not in recipient.capacity_g,
        "road_group": lot.road_group != recipient.road_group,
    }
    for code, broken in wrong.items():
        if broken:
            yield code, "broken for this pair"


def _times(
    lot: LotFacts, recipient: RecipientFacts, problem: Problem, share: Assignment
) -> Iterator[Finding]:
    ready_at = max(problem.now, lot.pickup_from_at) + timedelta(seconds=lot.handling_s)
    if not ready_at <= share.departs_at < lot.pickup_until_at:
        yield "departure", f"{share.departs_at} is outside the pickup window"
    if share.departs_at + timedelta(seconds=share.travel_s) > share.hands_over_at:
        yield "arrival", f"{share.hands_over_at} is too early for the way"
    if share.hands_over_at >= lot.safe_until_at:
        yield "unsafe", f"{share.hands_over_at} is after {lot.safe_until_at}"
    at = share.hands_over_at
    if not any(since <= at < until for since, until in recipient.open_hours):
        yield "closed", f"{at} is outside the opening hours"


def _way(problem: Problem, share: Assignment) -> Iterator[Finding]:
    if problem.edges is not None:
        known = {(edge.lot_id, edge.programme_id): edge for edge in problem.edges}
        edge = known.get((share.lot_id, share.programme_id))
        if edge is None or (edge.distance_m, edge.travel_s) != (share.distance_m, share.travel_s):
            yield "way", "no such edge"
    if share.transport == "courier" and share.distance_m > problem.travel.longest_m:
        yield "too_far", f"{share.distance_m} m"


def _own_collection(
    lot: LotFacts, recipient: RecipientFacts, share: Assignment
) -> Iterator[Finding]:
    if not recipient.collects_itself or share.transport not in lot.transports:
        yield "transport", "own collection is not possible"
    limit_m = recipient.max_distance_m
    if limit_m is not None and share.distance_m > limit_m:
        yield "too_far", f"{share.distance_m} m"
    if not _keeps_cold(lot, share):
        yield "cold_chain", "too long outside its temperature"


def _keeps_cold(lot: LotFacts, share: Assignment) -> bool:
    on_board = share.hands_over_at - share.departs_at
    limit_s = lot.max_out_of_cold_s
    return limit_s is None or on_board <= timedelta(seconds=limit_s)


def _can(
    courier: CourierFacts, lot: LotFacts, recipient: RecipientFacts, share: Assignment
) -> bool:
    """Whether this courier could carry the share at its times."""
    loads_at = share.departs_at - timedelta(seconds=lot.handling_s)
    done_at = share.hands_over_at + timedelta(seconds=recipient.handling_s)
    in_time = courier.window.from_at <= loads_at and done_at <= courier.window.until_at
    box_ml = courier.volume_ml.get(lot.storage_class, 0)
    room_ml = box_ml or courier.volume_ml.get("ambient", 0)
    volume_ml = lot.volume_ml * share.mass_g / lot.left_g
    fits = share.mass_g <= courier.mass_g and (not lot.volume_ml or volume_ml <= room_ml)
    cold = bool(box_ml) or _keeps_cold(lot, share)
    here = courier.road_group == lot.road_group and "courier" in lot.transports
    return in_time and fits and cold and here


def _asked(problem: Problem, solution: Solution) -> Iterator[Breach]:
    """Nobody is asked twice for the same food."""
    asked = {(each.lot_id, each.programme_id) for each in problem.asked}
    for share in solution.assignments:
        if (share.lot_id, share.programme_id) in asked:
            yield Breach("asked", share.lot_id, share.programme_id, "did not take it before")


def _lots(problem: Problem, solution: Solution) -> Iterator[Breach]:
    shares: defaultdict[str, list[Assignment]] = defaultdict(list)
    for share in solution.assignments:
        shares[share.lot_id].append(share)
    rest_g = {each.lot_id: each.mass_g for each in solution.unassigned}
    fixed = Counter(each.lot_id for each in problem.fixed)
    for supply in problem.supplies:
        lot, taken = supply.lot, shares[supply.id]
        if sum(each.mass_g for each in taken) + rest_g.get(supply.id, 0) != lot.left_g:
            yield Breach("mass", supply.id, "", "shares and rest are not what there was")
        if taken and len(taken) + fixed[supply.id] > supply.splits:
            yield Breach("splits", supply.id, "", f"{len(taken)} shares of {supply.splits}")
        if len({each.programme_id for each in taken}) != len(taken):
            yield Breach("twice", supply.id, "", "one programme has two shares")
        yield from _steps(supply, taken)


def _steps(supply: Supply, taken: list[Assignment]) -> Iterator[Breach]:
    """Taken in order, every share is whole steps or all that is left then."""
    left_g = supply.lot.left_g
    for share in taken:
        whole = share.mass_g % supply.lot.step_g == 0 or share.mass_g == left_g
        if not whole or share.mass_g < 1:
            yield Breach("step", supply.id, share.programme_id, f"{share.mass_g} of {left_g} g")
        left_g -= share.mass_g


def _stores(problem: Problem, solution: Solution) -> Iterator[Breach]:
    demands = {demand.id: demand.recipient for demand in problem.demands}
    storage = {supply.id: supply.lot.storage_class for supply in problem.supplies}
    used_g: Counter[tuple[str, str]] = Counter()
    for fixed in problem.fixed:
        used_g[demands[fixed.programme_id].location_id, fixed.storage_class] += fixed.mass_g
    for share in solution.assignments:
        place = demands[share.programme_id].location_id, storage[share.lot_id]
        used_g[place] += share.mass_g
        room_g = demands[share.programme_id].capacity_g.get(place[1], 0)
        if used_g[place] > room_g:
            detail = f"{used_g[place]} of {room_g} g {place[1]}"
            yield Breach("capacity", share.lot_id, share.programme_id, detail)


def _score(problem: Problem, solution: Solution) -> Iterator[Breach]:
    expected = score_of(problem, solution.assignments)
    if not np.isclose(expected, solution.score, rtol=ROUNDING, atol=ROUNDING):
        yield Breach("score", "", "", f"{solution.score} instead of {expected}")
    if not np.isclose(sum(solution.terms.values()), solution.score, rtol=ROUNDING, atol=ROUNDING):
        yield Breach("terms", "", "", "the terms do not add up")
    if solution.score > solution.bound * (1 + ROUNDING) + ROUNDING:
        yield Breach("bound", "", "", f"{solution.score} is above {solution.bound}")
