"""The checker finds what is wrong with a plan that was tampered with."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend.organizations.domain.hours import Interval
from matching.domain.checker import check
from matching.domain.problem import Asked, Problem, Supply
from matching.domain.solution import Assignment, Solution
from matching.domain.solver import solve
from tests.matching.domain.worlds import HOUR, NOW, courier, demand, lot


def plain() -> Problem:
    """Two lots, two charities, one van."""
    return Problem(
        now=NOW,
        supplies=(Supply(lot(1)), Supply(lot(2, left_g=20_000, safe_until_at=NOW + 5 * HOUR))),
        demands=(
            demand(1, capacity_g={"ambient": 20_000}, max_distance_m=5_000),
            demand(2, capacity_g={"ambient": 10_000}, collects_itself=False),
        ),
        couriers=(courier(),),
    )


def codes(problem: Problem, solution: Solution) -> set[str]:
    return {breach.code for breach in check(problem, solution)}


def tampered(solution: Solution, **changes: Any) -> Solution:
    first, *others = solution.assignments
    return replace(solution, assignments=(replace(first, **changes), *others))


def test_the_untouched_plan_is_accepted() -> None:
    problem = plain()
    solution = solve(problem)
    assert len(solution.assignments) >= 2
    assert check(problem, solution) == []


def test_asking_somebody_again_is_found() -> None:
    problem = plain()
    solution = solve(problem)
    first = solution.assignments[0]
    asked = (Asked(first.lot_id, first.programme_id),)
    assert codes(replace(problem, asked=asked), solution) == {"asked"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mass_g": 5_000}, "mass"),
        ({"mass_g": 40_000}, "capacity"),
        ({"mass_g": 1_500}, "step"),
        ({"programme_id": "nobody"}, "unknown"),
        ({"departs_at": NOW - HOUR}, "departure"),
        ({"departs_at": NOW + 25 * HOUR, "hands_over_at": NOW + 26 * HOUR}, "departure"),
        ({"hands_over_at": NOW}, "arrival"),
        ({"hands_over_at": NOW + 71 * HOUR}, "unsafe"),
        ({"hands_over_at": NOW + 72 * HOUR}, "closed"),
        ({"transport": "self_collect", "distance_m": 70_000}, "too_far"),
        ({"transport": "courier", "distance_m": 70_000}, "too_far"),
        (
            {
                "transport": "courier",
                "departs_at": NOW + 9 * HOUR,
                "hands_over_at": NOW + 10 * HOUR,
            },
            "no_courier",
        ),
    ],
)
def test_a_changed_share_is_found(changes: dict[str, Any], code: str) -> None:
    problem = plain()
    assert code in codes(problem, tampered(solve(problem), **changes))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"verified": False}, "verified"),
        ({"road_group": "island"}, "road_group"),
        ({"allergens_excluded": frozenset({"egg"})}, "allergen"),
        ({"diet_rules": frozenset({"halal"})}, "diet"),
        ({"categories_not_taken": frozenset({"staples"})}, "category"),
        ({"organization_id": "donor1"}, "organization"),
        ({"capacity_g": {"chilled": 1}}, "storage"),
        ({"open_hours": (Interval(NOW + HOUR * 60, NOW + HOUR * 61),)}, "closed"),
        ({"max_distance_m": 10, "collects_itself": False}, "transport"),
    ],
)
def test_a_rule_that_the_recipient_breaks_is_found(facts: dict[str, Any], code: str) -> None:
    problem = replace(plain(), demands=(demand(1),))
    food = lot(1, allergens=frozenset({"egg"}))
    problem = replace(problem, supplies=(Supply(food),), couriers=())
    solution = solve(problem)
    (one,) = problem.demands
    changed = replace(one, recipient=replace(one.recipient, **facts))
    assert code in codes(replace(problem, demands=(changed,)), solution)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_open": False}, "listing"),
        ({"audience": frozenset({"others"})}, "audience"),
        ({"max_out_of_cold_s": 1}, "cold_chain"),
    ],
)
def test_a_rule_that_the_lot_breaks_is_found(changes: dict[str, Any], code: str) -> None:
    problem = Problem(now=NOW, supplies=(Supply(lot(1)),), demands=(demand(1),))
    solution = solve(problem)
    changed = replace(problem, supplies=(Supply(lot(1, **changes)),))
    assert code in codes(changed, solution)


def test_too_many_shares_are_found() -> None:
    problem = plain()
    solution = solve(problem)
    single = tuple(replace(supply, max_splits=1) for supply in problem.supplies)
    doubled: tuple[Assignment, ...] = tuple(
        replace(each, programme_id=programme, mass_g=each.mass_g // 2)
        for each in solution.assignments[:1]
        for programme in ("programme1", "programme2")
    )
    found = codes(replace(problem, supplies=single), replace(solution, assignments=doubled))
    assert "splits" in found


def test_a_flattering_score_is_found() -> None:
    problem = plain()
    solution = solve(problem)
    assert codes(problem, replace(solution, score=solution.score + 1)) >= {"score", "terms"}
    assert "bound" in codes(problem, replace(solution, bound=solution.score - 1))


def test_a_courier_must_have_the_box_and_the_time() -> None:
    cold = lot(1, storage_class="chilled", max_out_of_cold_s=30, volume_ml=10_000)
    home = demand(1, collects_itself=False)
    problem = Problem(now=NOW, supplies=(Supply(cold),), demands=(home,), couriers=(courier(),))
    solution = solve(problem)
    assert check(problem, solution) == []
    for worse in (
        courier(volume_ml={"ambient": 900_000}),
        courier(window=Interval(NOW, NOW + timedelta(seconds=60))),
        courier(mass_g=1_000),
        courier(road_group="island"),
    ):
        assert "no_courier" in codes(replace(problem, couriers=(worse,)), solution)
