"""Problems and plans survive JSON unchanged, and bad JSON is refused by field."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from logistics.domain.invalid import InvalidProblem
from logistics.domain.limits import Limits
from logistics.domain.problem import Lock, OnBoard, Problem
from logistics.domain.solver.solve import solve
from logistics.domain.wire import (
    limits_from_json,
    limits_to_json,
    problem_from_json,
    problem_to_json,
    solution_from_json,
    solution_to_json,
)
from tests.logistics.domain.cities import problem, problems, shipment, vehicle, ways

CONSTRUCT = Limits(iterations=0)


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


@given(problems())
@settings(max_examples=30)
def test_problems_and_plans_come_back_equal(drawn: Problem) -> None:
    assert problem_from_json(through_json(problem_to_json(drawn))) == drawn
    plan = solve(drawn, limits=CONSTRUCT, seed=1)
    assert solution_from_json(through_json(solution_to_json(plan))) == plan


def test_locks_and_limits_come_back_equal() -> None:
    locked = problem(
        ways(0, 5),
        [shipment("a", 0, 1)],
        [vehicle()],
        locks=(Lock("van", on_board=(OnBoard("a", -60),)),),
    )
    assert problem_from_json(through_json(problem_to_json(locked))) == locked
    assert limits_from_json(through_json(limits_to_json(Limits(7, 1.5)))) == Limits(7, 1.5)


def issues_of(data: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidProblem) as caught:
        problem_from_json(data)
    return {(issue.path, issue.code) for issue in caught.value.issues}


def test_wrong_fields_are_named_by_their_path_in_the_input() -> None:
    data = through_json(problem_to_json(problem(ways(0, 5), [shipment("a", 0, 1)], [vehicle()])))
    data["shipments"][0]["pickup"]["windows"][0]["until_s"] = -5
    del data["vehicles"][0]["start"]
    data["colour"] = "red"
    data["matrices"] = {}
    assert issues_of(data) == {
        ("shipments[0].pickup.windows[0].until_s", "closes_before_it_opens"),
        ("vehicles[0].start", "missing"),
        ("colour", "unknown_field"),
        ("matrices", "not_a_list"),
    }


@pytest.mark.parametrize("data", [None, 3, [], "problem"])
def test_what_is_no_object_is_refused(data: Any) -> None:
    assert issues_of(data) == {("", "not_an_object")}


def test_an_unknown_kind_of_task_is_refused() -> None:
    data = through_json(problem_to_json(problem(ways(0, 5), [shipment("a", 0, 1)], [vehicle()])))
    data["locks"] = [{"vehicle_id": "van", "tasks": [{"shipment_id": "a", "kind": "fly"}]}]
    assert issues_of(data) == {("locks[0].tasks[0].kind", "wrong_type")}
