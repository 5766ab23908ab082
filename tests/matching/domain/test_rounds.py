"""Whole rounds on small worlds that can be checked by hand."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.claims.domain.eligibility import first_failure, may_receive
from backend.claims.domain.reasons import Reason
from backend.claims.domain.trips import Leg
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from matching.domain.candidates import candidates_of
from matching.domain.case import Case
from matching.domain.checker import check
from matching.domain.feasibility import Soft
from matching.domain.problem import Asked, Demand, Edge, Fixed, Problem, Supply, usual_splits
from matching.domain.solution import Limits, Solution
from matching.domain.solver import solve
from tests.matching.domain.worlds import HOUR, NOW, courier, demand, lot, settled_world

FAR_AWAY = Point(121.58, 25.04)


def problem_of(supplies: list[Supply], demands: list[Demand], **settings: Any) -> Problem:
    return Problem(now=NOW, supplies=tuple(supplies), demands=tuple(demands), **settings)


def got(solution: Solution) -> dict[str, int]:
    """Grams by programme."""
    grams: dict[str, int] = {}
    for each in solution.assignments:
        grams[each.programme_id] = grams.get(each.programme_id, 0) + each.mass_g
    return grams


def test_whoever_got_least_gets_most() -> None:
    solution = solve(
        problem_of(
            [Supply(lot(1, left_g=60_000)), Supply(lot(2, left_g=60_000))],
            [demand(1, received_g=200_000), demand(2), demand(3, received_g=100_000)],
        )
    )
    grams = got(solution)
    assert grams["programme2"] > grams.get("programme3", 0) >= grams.get("programme1", 0)
    assert sum(grams.values()) == 120_000


def test_whoever_did_not_take_an_offer_is_not_asked_again() -> None:
    """The next best is, and with nobody left the lot stays, with that reason."""
    problem = problem_of([Supply(lot(1, step_g=10_000))], [demand(1), demand(2, point=FAR_AWAY)])
    first, second = Asked("lot1", "programme1"), Asked("lot1", "programme2")
    assert set(got(solve(problem))) == {"programme1"}
    assert set(got(solve(replace(problem, asked=(first,))))) == {"programme2"}
    solution = solve(replace(problem, asked=(first, second)))
    assert (solution.assignments, solution.unassigned[0].reason) == ((), Soft.ASKED_BEFORE)


def test_a_lot_that_cannot_be_split_goes_to_one() -> None:
    food = Supply(lot(1, left_g=60_000, step_g=60_000))
    solution = solve(problem_of([food, Supply(lot(2))], [demand(1), demand(2)]))
    (share,) = [each for each in solution.assignments if each.lot_id == "lot1"]
    assert share.mass_g == 60_000


def test_no_lot_is_split_further_than_it_is_worth() -> None:
    food = Supply(lot(1, left_g=200_000, step_g=1_000), max_splits=2)
    charities = [demand(n, capacity_g={"ambient": 60_000}) for n in range(1, 6)]
    solution = solve(problem_of([food, Supply(lot(2))], charities))
    assert len([each for each in solution.assignments if each.lot_id == "lot1"]) == 2
    assert (usual_splits(50_000), usual_splits(50_001), usual_splits(10**6)) == (3, 6, 12)


def test_food_that_has_no_time_takes_the_room_of_food_that_has() -> None:
    urgent = lot(1, safe_until_at=NOW + HOUR, pickup_until_at=NOW + HOUR)
    patient = lot(2, safe_until_at=NOW + 400 * HOUR, pickup_until_at=NOW + 300 * HOUR)
    solution = solve(
        problem_of([Supply(patient), Supply(urgent)], [demand(1, capacity_g={"ambient": 10_000})])
    )
    assert [each.lot_id for each in solution.assignments] == ["lot1"]
    (left,) = solution.unassigned
    assert (left.lot_id, left.mass_g, left.reason) == ("lot2", 10_000, Soft.FULL_BY_THIS_PLAN)


def test_a_trip_that_costs_more_than_it_brings_is_not_made() -> None:
    crumbs = lot(1, left_g=1_000, step_g=1_000, transports=frozenset({"self_collect"}))
    solution = solve(problem_of([Supply(crumbs)], [demand(1, point=Point(121.80, 25.04))]))
    assert solution.assignments == ()
    assert solution.unassigned[0].reason == Soft.NOT_WORTH_THE_TRIP


def test_lots_of_one_listing_share_a_trip() -> None:
    first, second = lot(1, listing_id="x"), lot(2, listing_id="x")
    solution = solve(problem_of([Supply(first), Supply(second)], [demand(1)]))
    assert (solution.figures.shares, solution.figures.trips) == (2, 1)
    assert solution.terms["distance"] == pytest.approx(-0.15 * 1.311, abs=0.001)


def test_programmes_of_one_location_share_its_room() -> None:
    one, two = (demand(n, location_id="both", capacity_g={"ambient": 12_000}) for n in (1, 2))
    solution = solve(problem_of([Supply(lot(1)), Supply(lot(2))], [one, two]))
    assert sum(got(solution).values()) == 12_000


def test_what_is_fixed_uses_room_and_never_moves() -> None:
    fixed = Fixed("old", "old", "programme1", "staples", "ambient", 95_000)
    solution = solve(problem_of([Supply(lot(1))], [demand(1)], fixed=(fixed,)))
    assert got(solution) == {"programme1": 5_000}
    assert solution.unassigned[0].reason == Soft.FULL_BY_THIS_PLAN


def test_a_share_never_exceeds_what_one_vehicle_carries() -> None:
    home = demand(1, collects_itself=False)
    small = courier(mass_g=4_500)
    solution = solve(problem_of([Supply(lot(1))], [home], couriers=(small,)))
    assert got(solution) == {"programme1": 4_000}


def test_only_listed_ways_are_used_when_ways_are_listed() -> None:
    edge = Edge("lot1", "programme2", distance_m=3_000, travel_s=700)
    solution = solve(problem_of([Supply(lot(1))], [demand(1), demand(2)], edges=(edge,)))
    (share,) = solution.assignments
    assert (share.programme_id, share.distance_m, share.travel_s) == ("programme2", 3_000, 700)


def test_an_infeasible_problem_leaves_everything_with_its_reason() -> None:
    closed = demand(
        1, open_hours=(Interval(NOW + 90 * HOUR, NOW + 99 * HOUR),), max_distance_m=10**6
    )
    strict = demand(2, diet_rules=frozenset({"halal"}))
    other = demand(3, diet_rules=frozenset({"halal"}))
    food = [Supply(lot(n, transports=frozenset({"self_collect"}))) for n in (1, 2)]
    solution = solve(problem_of(food, [closed, strict, other]))
    assert solution.assignments == ()
    assert (solution.score, solution.bound, solution.gap) == (0, 0, 0)
    for left in solution.unassigned:
        assert left.mass_g == 10_000
        assert left.reason == Reason.DIET_RULE
        assert left.tally == {"diet_rule": 2, "closed_until_deadline": 1}


@pytest.mark.parametrize(("lots", "charities"), [(0, 0), (0, 2), (2, 0), (1, 0)])
def test_a_round_without_lots_or_charities_is_no_error(lots: int, charities: int) -> None:
    problem = problem_of(
        [Supply(lot(n)) for n in range(lots)], [demand(n) for n in range(charities)]
    )
    solution = solve(problem)
    assert check(problem, solution) == []
    assert [each.reason for each in solution.unassigned] == [Soft.NO_RECIPIENTS] * lots


def test_running_out_of_work_is_said_and_the_plan_still_stands() -> None:
    problem = settled_world(3, 14, 12)
    solution = solve(problem, limits=Limits(evaluations=1))
    assert solution.truncated
    assert check(problem, solution) == []


def test_large_lots_with_a_long_life_see_the_county_that_got_least() -> None:
    near = [demand(n, received_g=90_000) for n in range(1, 40)]
    poor = replace(demand(99, point=Point(121.65, 25.04)), county_code="POOR")
    problem = problem_of(
        [Supply(lot(1, left_g=200_000, pickup_until_at=NOW + 48 * HOUR))], [*near, poor]
    )
    case = Case(problem)
    few = candidates_of(case, Limits(candidates=5, equity=0))
    more = candidates_of(case, Limits(candidates=5, equity=2))
    far = set(more.demands.tolist()) - set(few.demands.tolist())
    assert "programme99" in {case.demands[demand].id for demand in far}


def leg(case: Case, row: int, column: int) -> Leg:
    """The way between a pair: as listed, or guessed."""
    problem = case.problem
    metres = int(case.feasibility.metres(row)[column])
    listed = {(edge.lot_id, edge.programme_id): edge.travel_s for edge in problem.edges or ()}
    travel_s = listed.get(
        (case.supplies[row].id, case.demands[column].id), problem.travel.travel_s(metres)
    )
    return Leg(distance_m=metres, travel_s=travel_s, longest_m=problem.travel.longest_m)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_the_round_says_no_exactly_where_the_board_says_no(seed: int) -> None:
    """The matrix of reasons is built in bulk; every cell must be the rule's own answer."""
    case = Case(settled_world(seed, 6, 6))
    for row, supply in enumerate(case.supplies):
        for column, each in enumerate(case.demands):
            standing = first_failure(supply.lot, each.recipient, None, NOW)
            reason = case.feasibility.reason(row, column)
            if standing:
                assert reason == standing
            elif reason not in (Soft.NO_WAY_KNOWN, Soft.ASKED_BEFORE):
                found = may_receive(
                    supply.lot,
                    each.recipient,
                    leg(case, row, column),
                    now=NOW,
                    couriers=case.problem.couriers,
                )
                assert reason == (found if isinstance(found, Reason) else "")
