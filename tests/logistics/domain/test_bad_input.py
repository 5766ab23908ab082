"""Bad input is refused by field, or left out with a reason while the rest is served."""

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.invalid import InvalidProblem
from logistics.domain.limits import Limits
from logistics.domain.problem import UNREACHABLE, Lock, Matrix, OnBoard, Problem, Task, TaskKind
from logistics.domain.solution import Reason, Solution
from logistics.domain.solver.solve import solve
from logistics.domain.wire import (
    limits_from_json,
    problem_from_json,
    problem_to_json,
    routes_from_json,
    solution_from_json,
    solution_to_json,
)
from tests.logistics.domain.cities import problem, shipment, vehicle, ways

CONSTRUCT, SHORT = Limits(iterations=0), Limits(iterations=30)
NAN, ENDLESS = float("nan"), float("inf")
HUGE = 2**62 + 1


def example(**changes: Any) -> Problem:
    """Two shipments and two vehicles, one of them on the road."""
    return problem(
        ways(0, 5, 9),
        [shipment("a", 1, 2), shipment("b", 2, 1, skills=frozenset({"cold"}), prize=300)],
        [vehicle(), vehicle("bike", skills=frozenset({"cold"}))],
        locks=(Lock("bike", (Task("b", TaskKind.DELIVERY),), (OnBoard("b", -5),)),),
        **changes,
    )


def as_json(value: Any) -> Any:
    """As a process on the other side reads it: NaN and Infinity are literals there."""
    return json.loads(json.dumps(value))


def changed(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the data with another value at a path."""
    copy = as_json(data)
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return as_json(copy)


def issues(read: Any, data: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidProblem) as caught:
        read(data)
    return {(issue.path, issue.code) for issue in caught.value.issues}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (NAN, "not_a_whole_number"),
        (ENDLESS, "not_a_whole_number"),
        (-ENDLESS, "not_a_whole_number"),
        (1.5, "not_a_whole_number"),
        (-1.0, "not_a_whole_number"),
        ("7", "not_a_whole_number"),
        (None, "not_a_whole_number"),
        (True, "not_a_whole_number"),
        ([], "not_a_whole_number"),
        (HUGE, "too_large"),
        (10**400, "too_large"),
        (-2, "negative"),
    ],
)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("matrices", 0, "durations_s", 0, 1), "matrices[0].durations_s[0]"),
        (("matrices", 0, "distances_m", 2, 0), "matrices[0].distances_m[2]"),
        (("shipments", 0, "pickup", "service_s"), "shipments[0].pickup.service_s"),
        (("shipments", 1, "amounts", 0), "shipments[1].amounts"),
        (("vehicles", 0, "capacity", 0), "vehicles[0].capacity"),
        (("vehicles", 1, "start"), "vehicles[1].start"),
        (("vehicles", 1, "cost_per_m"), "vehicles[1].cost_per_m"),
        (("setup_s", 1), "setup_s"),
    ],
)
def test_a_number_that_is_none_is_refused_by_its_field_in_json(
    path: tuple[str | int, ...], name: str, value: Any, code: str
) -> None:
    (issue,) = issues(problem_from_json, changed(problem_to_json(example()), path, value))
    assert issue[0].startswith(name)
    assert issue[1] == code


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("matrices", 0, "durations_s", 1), [5, 0], ("matrices[0].durations_s", "wrong_shape")),
        (("matrices", 0, "distances_m"), [[0]], ("matrices[0].distances_m", "wrong_shape")),
        (("setup_s",), [0, 0, 0, 0], ("matrices[0]", "wrong_shape")),
        (("matrices", 0, "durations_s"), 7, ("matrices[0].durations_s", "not_a_list")),
        (("matrices", 0, "durations_s", 0), "005", ("matrices[0].durations_s", "not_a_list")),
        (
            ("shipments", 0, "delivery", "windows", 0),
            {"from_s": 20, "until_s": 20},
            ("shipments[0].delivery.windows[0].until_s", "closes_before_it_opens"),
        ),
        (
            ("vehicles", 0, "shift", "until_s"),
            -1,
            ("vehicles[0].shift.until_s", "closes_before_it_opens"),
        ),
        (("shipments", 0, "pickup", "point"), 3, ("shipments[0].pickup.point", "unknown_point")),
        (("shipments", 0, "skills"), ["fly"], ("shipments[0].skills", "unknown_skill")),
        (("shipments", 0, "skills"), [["cold"]], ("shipments[0].skills[0]", "not_a_text")),
        (("shipments", 0, "skills"), "cold", ("shipments[0].skills", "not_a_list")),
        (("vehicles", 0, "skills"), ["swim"], ("vehicles[0].skills", "unknown_skill")),
        (("shipments", 0, "id"), ["a"], ("shipments[0].id", "not_a_text")),
        (("shipments", 0, "id"), 7, ("shipments[0].id", "not_a_text")),
        (("vehicles", 0, "id"), {}, ("vehicles[0].id", "not_a_text")),
        (("vehicles", 0, "profile"), ["car"], ("vehicles[0].profile", "not_a_text")),
        (("locks", 0, "vehicle_id"), [], ("locks[0].vehicle_id", "not_a_text")),
        (("locks", 0, "tasks", 0, "kind"), ["delivery"], ("locks[0].tasks[0].kind", "wrong_type")),
        (
            ("locks", 0, "on_board", 0, "loaded_at_s"),
            NAN,
            ("locks[0].on_board[0].loaded_at_s", "not_a_whole_number"),
        ),
        (("dimensions",), [1], ("dimensions[0]", "not_a_text")),
    ],
)
def test_what_contradicts_itself_is_refused_by_its_field_in_json(
    path: tuple[str | int, ...], value: Any, expected: tuple[str, str]
) -> None:
    assert issues(problem_from_json, changed(problem_to_json(example()), path, value)) == {expected}


JUNK = (
    *(NAN, ENDLESS, -ENDLESS, 1.5, -1.0, HUGE, -HUGE, 10**400, -1, 0, 3, 10**12),
    *("7", "", "a", None, True, [], {}, [[]], [None], {"a": 1}, [1, 2, 3], ["a"]),
)


def paths(data: Any, *here: str | int) -> Iterator[tuple[str | int, ...]]:
    """Every place inside JSON data."""
    if here:
        yield here
    if isinstance(data, list):
        data = dict(enumerate(data))
    if isinstance(data, dict):
        for key, inner in data.items():
            yield from paths(inner, *here, key)


def read_or_named(read: Any, data: Any) -> Any:
    """What the data says, or None after a look at whether each issue names its field."""
    try:
        return read(data)
    except InvalidProblem as invalid:
        nameless = [issue for issue in invalid.issues if not issue.path or not issue.code]
    assert nameless == []
    return None


@given(st.integers(0, 10**6), st.integers(1, 2))
@settings(max_examples=300)
def test_junk_anywhere_in_a_problem_is_refused_by_field_or_planned_around(
    seed: int, changes: int
) -> None:
    rnd = Random(seed)  # noqa: S311 - draws an example
    data = problem_to_json(example())
    for _ in range(changes):
        data = changed(data, rnd.choice(list(paths(data))), rnd.choice(JUNK))
    one = read_or_named(problem_from_json, data)
    if one is not None:
        assert check(one, solve(one, limits=CONSTRUCT, seed=1)) == []
        assert problem_from_json(as_json(problem_to_json(one))) == one


@given(st.integers(0, 10**6))
@settings(max_examples=150)
def test_junk_anywhere_in_a_plan_is_refused_by_field_or_found_by_the_checker(seed: int) -> None:
    rnd = Random(seed)  # noqa: S311 - draws an example
    one = example()
    plan = solve(one, limits=CONSTRUCT, seed=1)
    data = solution_to_json(plan)
    broken = changed(data, rnd.choice(list(paths(data))), rnd.choice(JUNK))
    read = read_or_named(solution_from_json, broken)
    if read is not None:
        assert isinstance(check(one, read), list)
        again = routes_from_json(broken["routes"])
        assert check(one, solve(one, limits=CONSTRUCT, seed=1, start=again)) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"wall_s": NAN}, ("wall_s", "not_a_number")),
        ({"wall_s": ENDLESS}, ("wall_s", "too_large")),
        ({"wall_s": "7"}, ("wall_s", "not_a_number")),
        ({"wall_s": None}, ("wall_s", "not_a_number")),
        ({"wall_s": -0.1}, ("wall_s", "negative")),
        ({"iterations": NAN}, ("iterations", "not_a_whole_number")),
        ({"iterations": HUGE}, ("iterations", "too_large")),
        ({"iterations": "7"}, ("iterations", "not_a_whole_number")),
        ([], ("", "not_an_object")),
    ],
)
def test_limits_that_are_no_numbers_are_refused_by_field(data: Any, expected: Any) -> None:
    assert issues(limits_from_json, as_json(data)) == {expected}


def solved(one: Problem, limits: Limits = SHORT) -> Solution:
    plan = solve(one, limits=limits, seed=1)
    assert check(one, plan) == []
    return plan


ISLAND = tuple(
    tuple(UNREACHABLE if 3 in (a, b) and a != b else abs(a - b) for b in range(4)) for a in range(4)
)
NO_WAY_BACK = ((0, 1, 2, 3), (1, 0, 1, 2), (2, 1, 0, 1), (-1, -1, -1, 0))


@pytest.mark.parametrize("limits", [CONSTRUCT, SHORT])
@pytest.mark.parametrize(
    ("ways_s", "changes", "reason"),
    [
        (ISLAND, {"hand": 3}, Reason.UNREACHABLE),
        (ISLAND, {"collect": 3}, Reason.UNREACHABLE),
        (ISLAND, {"collect": 3, "hand": 3}, Reason.UNREACHABLE),
        (NO_WAY_BACK, {"hand": 3}, Reason.UNREACHABLE),
        (ISLAND, {"amounts": (11,)}, Reason.TOO_LARGE_FOR_EVERY_VEHICLE),
        (ISLAND, {"amounts": (10**12,)}, Reason.TOO_LARGE_FOR_EVERY_VEHICLE),
        (ISLAND, {"skills": frozenset({"cold"})}, Reason.NO_VEHICLE_WITH_SKILL),
        (ISLAND, {"service_s": 10**12}, Reason.WINDOWS_IMPOSSIBLE),
    ],
)
def test_what_nobody_can_carry_is_left_out_with_its_reason_and_the_rest_is_served(
    ways_s: Any, changes: dict[str, Any], reason: Reason, limits: Limits
) -> None:
    """Mandatory or not: it never makes the others wait."""
    for prize in (None, 50):
        hopeless = shipment("x", *(changes.get(k, 1) for k in ("collect", "hand")), prize=prize)
        rest = {k: v for k, v in changes.items() if k not in {"collect", "hand", "service_s"}}
        late = replace(hopeless.pickup, service_s=changes.get("service_s", 0))
        hopeless = replace(hopeless, **rest, pickup=late)
        fine = [shipment("a", 1, 2), shipment("b", 2, 0), shipment("c", 0, 1)]
        plan = solved(
            problem(Matrix("car", ways_s, ways_s), [hopeless, *fine], [vehicle()]), limits
        )
        assert plan.unassigned == {"x": reason}
        assert plan.cost.missed == (prize is None)


def test_a_vehicle_on_an_island_serves_the_island_and_the_other_the_rest() -> None:
    both = [shipment("a", 1, 2), shipment("b", 3, 3), shipment("c", 1, 3)]
    one = problem(Matrix("car", ISLAND, ISLAND), both, [vehicle(), vehicle("boat", start=3)])
    plan = solved(one)
    assert plan.unassigned == {"c": Reason.UNREACHABLE}
    assert {route.vehicle_id: len(route.tasks) for route in plan.routes} == {"van": 2, "boat": 2}


@pytest.mark.parametrize("limits", [CONSTRUCT, SHORT])
def test_the_largest_numbers_that_are_accepted_still_give_valid_plans(limits: Limits) -> None:
    """Times, prices and amounts at their limit; Python counts on where 64 bits end."""
    most = 10**12
    far = Matrix("car", ((0, most), (most, 0)), ((0, most), (most, 0)))
    near = ways(0, 5)
    dear = {"cost_per_m": most, "cost_per_s": most, "fixed_cost": most, "capacity": (most,)}
    heavy = [shipment(name, 0, 1, amounts=(most // 2,), prize=most) for name in "ab"]
    must = shipment("c", 1, 0, amounts=(0,))
    for matrix in (far, near):
        one = problem(matrix, [*heavy, must], [vehicle(**dear)])
        plan = solved(one, limits)
        assert plan.cost.missed == (matrix is far)


@pytest.mark.parametrize("limits", [CONSTRUCT, SHORT])
def test_prizes_however_high_never_crowd_out_a_mandatory_shipment(limits: Limits) -> None:
    most = 10**12
    crowd = [shipment(f"p{n}", 1, 2, amounts=(10,), prize=most) for n in range(20)]
    narrow = {"shift": vehicle().shift, "max_stops": 2}
    one = problem(ways(0, 5, 9), [*crowd, shipment("m", 1, 2, amounts=(10,))], [vehicle(**narrow)])
    plan = solved(one, limits)
    assert "m" not in plan.unassigned
    assert plan.cost.missed == 0
