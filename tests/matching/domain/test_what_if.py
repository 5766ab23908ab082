"""Trying a round with something changed, and comparing it with what is."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.geo.domain.points import Point
from matching.domain.case import Case
from matching.domain.checker import check
from matching.domain.codec import from_json, to_json
from matching.domain.problem import Asked, Edge, Fixed, Incumbent, Problem, Supply
from matching.domain.solution import Limits, Solution
from matching.domain.solver.choose import solve_case
from matching.domain.what_if import Changes, Room, Shift, measure, shifts, with_changes
from tests.matching.domain.worlds import NOW, demand, lot, settled_world

NEAR, FAR = demand(1), demand(2, point=Point(121.70, 25.04))


def rice() -> Problem:
    """A lot that cannot be split, for a near and a far charity."""
    return Problem(now=NOW, supplies=(Supply(lot(1, step_g=10_000)),), demands=(NEAR, FAR))


def solved(problem: Problem) -> Solution:
    solution, _ = solve_case(Case(problem), limits=Limits(), seed=0)
    return solution


def takers(problem: Problem) -> set[str]:
    return {each.programme_id for each in solved(problem).assignments}


def test_a_closed_place_gets_nothing_and_the_next_does() -> None:
    assert takers(rice()) == {NEAR.id}
    closed = with_changes(rice(), Changes(closed=("place1",)))
    assert takers(closed) == {FAR.id}


def test_more_or_less_room_changes_who_can_take_it() -> None:
    without = with_changes(rice(), Changes(room=(Room("place1", "ambient", 0),)))
    assert takers(without) == {FAR.id}
    kept = without.demands[0].recipient.capacity_g
    assert kept == {**NEAR.recipient.capacity_g, "ambient": 0}


def test_other_weights_are_other_rates_with_a_name_of_their_own() -> None:
    changed = with_changes(rice(), Changes(weights={"km": 2.0}))
    assert changed.weights.km == 2.0
    assert changed.weights.version != rice().weights.version
    assert with_changes(rice(), Changes()).weights == rice().weights


def test_what_leads_to_a_closed_place_goes_with_it() -> None:
    pair = {"lot_id": "lot1", "programme_id": NEAR.id}
    problem = Problem(
        now=NOW,
        supplies=(Supply(lot(1)),),
        demands=(NEAR, FAR),
        edges=(Edge("lot1", NEAR.id, 1_000, 100), Edge("lot1", FAR.id, 9_000, 900)),
        fixed=(Fixed("lot9", "listing9", NEAR.id, "staples", "ambient", 500),),
        incumbents=(Incumbent(**pair),),
        asked=(Asked(**pair),),
    )
    left = with_changes(problem, Changes(closed=("place1",)))
    assert [each.programme_id for each in left.edges or ()] == [FAR.id]
    assert (left.fixed, left.incumbents, left.asked) == ((), (), ())


def test_the_comparison_tells_kilograms_kilometres_and_fairness() -> None:
    problem = rice()
    before, after = solved(problem), solved(with_changes(problem, Changes(closed=("place1",))))
    was, would_be = measure(problem, before), measure(problem, after)
    assert (was.assigned_g, would_be.assigned_g) == (10_000, 10_000)
    assert was.driven_m < would_be.driven_m
    assert was.gini == would_be.gini == 0.5
    assert (was.worst_county, was.worst_g_per_person) == ("TPE", 50.0)
    assert list(shifts(before, after)) == [
        Shift(NEAR.id, 10_000, 0),
        Shift(FAR.id, 0, 10_000),
    ]


def test_nothing_changed_shifts_nothing() -> None:
    before = solved(rice())
    assert list(shifts(before, solved(with_changes(rice(), Changes())))) == []
    assert Changes().is_nothing
    assert not Changes(closed=("place1",)).is_nothing


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), km=st.floats(0, 3))
def test_any_trial_is_a_sound_problem_with_a_checked_plan(seed: int, km: float) -> None:
    problem = settled_world(seed, 6, 6)
    places = [each.recipient.location_id for each in problem.demands]
    changes = Changes(
        closed=tuple(places[:2]), room=(Room(places[3], "ambient", 5_000),), weights={"km": km}
    )
    changed = with_changes(problem, changes)
    solution = solved(changed)
    assert list(check(changed, solution)) == []
    told = measure(problem, solution)
    assert told.assigned_g == sum(each.mass_g for each in solution.assignments)
    assert 0 <= told.gini <= 1


def test_changes_survive_being_stored() -> None:
    changes = Changes(closed=("a",), room=(Room("b", "chilled", 7),), weights={"km": 0.3})
    assert from_json(Changes, to_json(changes)) == changes


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"kilometre": 1.0}, r"^weights\.kilometre: cannot be changed"),
        ({"km": -0.1}, r"^weights\.km: -0\.1 must lie between 0 and 10"),
        ({"km": float("nan")}, r"^weights\.km: nan must lie"),
        ({"version": 1.0}, r"^weights\.version: cannot"),
    ],
)
def test_a_weight_that_cannot_be_is_named(weights: Mapping[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Changes(weights=weights)


def test_room_that_cannot_be_is_named() -> None:
    with pytest.raises(ValueError, match=r"^room_g: -1"):
        Room("a", "ambient", -1)
    with pytest.raises(ValueError, match=r"^storage_class: warm is not known"):
        Room("a", "warm", 1)
    with pytest.raises(ValueError, match=r"^room: a is listed twice"):
        Changes(room=(Room("a", "ambient", 1), Room("a", "ambient", 2)))
