"""The checker finds every kind of mistake, each by its code."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import (
    UNREACHABLE,
    Break,
    Lock,
    Matrix,
    OnBoard,
    Problem,
    Task,
    TaskKind,
    TimeWindow,
)
from logistics.domain.solution import Cost, Reason, Route, Solution
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import problem, shipment, vehicle, ways

LINE = ways(0, 5, 9)
PICKUP, DELIVERY = TaskKind.PICKUP, TaskKind.DELIVERY


def one_van(**changes: Any) -> Problem:
    """Two shipments on the way of one vehicle that rests at noon."""
    van = vehicle(rest=Break(TimeWindow(500, 510), 30), fixed_cost=7, **changes)
    return problem(LINE, [shipment("a", 1, 2), shipment("b", 1, 2, prize=900)], [van], [0, 3, 2])


def planned(one: Problem) -> Solution:
    plan = solve(one, limits=Limits(iterations=0), seed=1)
    assert check(one, plan) == []
    return plan


def codes(one: Problem, plan: Solution) -> set[str]:
    return {violation.code for violation in check(one, plan)}


def with_route(plan: Solution, **changes: Any) -> Solution:
    return replace(plan, routes=(replace(plan.routes[0], **changes),))


def with_task(plan: Solution, at: int, **changes: Any) -> Solution:
    tasks = list(plan.routes[0].tasks)
    tasks[at] = replace(tasks[at], **changes)
    return with_route(plan, tasks=tuple(tasks))


def shifted(route: Route, by_s: int) -> Route:
    """The same route later; its break stays."""
    tasks = tuple(
        replace(
            task,
            arrival_s=task.arrival_s + by_s,
            start_s=task.start_s + by_s,
            departure_s=task.departure_s + by_s,
        )
        for task in route.tasks
    )
    return replace(route, tasks=tasks, start_s=route.start_s + by_s, end_s=route.end_s + by_s)


def reordered(plan: Solution, order: tuple[int, ...]) -> Solution:
    return with_route(plan, tasks=tuple(plan.routes[0].tasks[at] for at in order))


MISTAKES: dict[str, Callable[[Solution], Solution]] = {
    "unknown_vehicle": lambda plan: with_route(plan, vehicle_id="ufo"),
    "vehicle_twice": lambda plan: replace(plan, routes=plan.routes * 2),
    "empty_route": lambda plan: with_route(plan, tasks=()),
    "unknown_shipment": lambda plan: replace(plan, unassigned={"z": Reason.NO_ROOM_LEFT}),
    "lost_shipment": lambda plan: replace(plan, routes=()),
    "served_and_unassigned": lambda plan: replace(plan, unassigned={"b": Reason.NO_ROOM_LEFT}),
    "not_paired": lambda plan: reordered(plan, (0, 1, 2)),
    "never_delivered": lambda plan: reordered(plan, (0, 1, 2)),
    "delivered_before_pickup": lambda plan: reordered(plan, (2, 0, 1, 3)),
    "picked_up_twice": lambda plan: reordered(plan, (0, 0, 1, 2, 3)),
    "wrong_point": lambda plan: with_task(plan, 0, point=2),
    "wrong_service_time": lambda plan: with_task(plan, 0, departure_s=999),
    "too_fast": lambda plan: with_route(plan, start_s=plan.routes[0].start_s + 1),
    "no_time_for_set_up_or_break": lambda plan: with_task(plan, 0, start_s=5),
    "service_before_set_up": lambda plan: with_task(
        plan, 2, arrival_s=plan.routes[0].tasks[2].start_s - 1
    ),
    "outside_window": lambda plan: replace(plan, routes=(shifted(plan.routes[0], 990),)),
    "outside_shift": lambda plan: with_route(plan, end_s=1001),
    "break_missing": lambda plan: with_route(plan, rest_s=None),
    "break_outside_window": lambda plan: with_route(plan, rest_s=510),
    "break_during_service": lambda plan: replace(plan, routes=(shifted(plan.routes[0], 495),)),
    "wrong_load": lambda plan: with_task(plan, 0, load=(5,)),
    "wrong_distance": lambda plan: with_route(plan, distance_m=1),
    "wrong_driving_time": lambda plan: with_route(plan, driving_s=1),
    "wrong_waiting_time": lambda plan: with_route(plan, waiting_s=1),
    "wrong_cost": lambda plan: with_route(plan, cost=replace(plan.routes[0].cost, fixed=8)),
    "not_a_whole_number": lambda plan: with_task(plan, 1, start_s=float("nan")),
    "bound_above_cost": lambda plan: replace(plan, bound=plan.cost.total + 1),
    "wrong_total_cost": lambda plan: replace(plan, cost=replace(plan.cost, unserved=1)),
}


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_in_the_plan_is_found(code: str) -> None:
    one = one_van()
    plan = planned(one)
    assert code in codes(one, MISTAKES[code](plan))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("over_capacity", {"capacity": (1,)}),
        ("route_too_long", {"max_route_s": 10}),
        ("route_too_far", {"max_route_m": 10}),
        ("too_many_stops", {"max_stops": 1}),
        ("outside_shift", {"shift": TimeWindow(0, 12)}),
    ],
)
def test_a_plan_for_a_better_vehicle_is_refused_for_this_one(
    code: str, changes: dict[str, Any]
) -> None:
    assert code in codes(one_van(**changes), planned(one_van()))


def test_a_missing_skill_and_food_too_long_on_board_are_found() -> None:
    plan = planned(one_van())
    strict = [
        shipment("a", 1, 2, skills=frozenset({"cold"})),
        shipment("b", 1, 2, prize=900, max_on_board_s=1),
    ]
    found = codes(replace(one_van(), shipments=tuple(strict)), plan)
    assert {"skill_missing", "too_long_on_board"} <= found


def test_a_way_that_does_not_exist_is_found() -> None:
    plan = planned(one_van())
    cut = ((0, UNREACHABLE, 9), (5, 0, 4), (9, 4, 0))
    assert "unreachable" in codes(replace(one_van(), matrices=(Matrix("car", cut, cut),)), plan)


def test_a_break_of_a_vehicle_that_has_none_is_found() -> None:
    plan = planned(one_van())
    free = replace(one_van(), vehicles=(vehicle(fixed_cost=7),))
    assert codes(free, plan) == {"break_unknown"}


def test_a_broken_lock_is_found() -> None:
    plan = planned(one_van())
    first = plan.routes[0].tasks[1].task
    bound = replace(one_van(), locks=(Lock("van", (first,)),))
    assert codes(bound, plan) == {"lock_broken"}
    nobody = replace(plan, routes=())
    assert "lock_broken" in codes(bound, nobody)


def test_what_another_vehicle_has_on_board_cannot_be_picked_up() -> None:
    plan = planned(one_van())
    two = replace(
        one_van(),
        vehicles=(*one_van().vehicles, vehicle("bike")),
        locks=(Lock("bike", on_board=(OnBoard("a", 0),)),),
    )
    assert {"locked_to_another_vehicle", "not_paired"} <= codes(two, plan)


def test_a_vehicle_overloaded_on_the_road_may_go_on_but_not_take_more() -> None:
    carried = Lock("van", on_board=(OnBoard("a", 0), OnBoard("b", 0)))
    small = replace(one_van(capacity=(1,)), locks=(carried,))
    assert planned(small).unassigned == {}
    more = replace(small, shipments=(*small.shipments, shipment("c", 0, 1)))
    plan = planned(replace(more, vehicles=one_van().vehicles))
    assert plan.routes[0].sequence[0] == Task("c", PICKUP)
    assert "over_capacity" in codes(more, plan)


def test_a_point_that_does_not_exist_is_a_mistake_and_no_crash() -> None:
    one = one_van()
    assert codes(one, with_task(planned(one), 1, point=99)) == {"wrong_point"}


def test_a_break_during_the_drive_delays_the_arrival() -> None:
    """Two seconds on the way, twenty of rest, three more on the way."""
    resting = vehicle(rest=Break(TimeWindow(2, 3), 20))
    one = problem(LINE, [shipment("a", 1, 2, pickup=(TimeWindow(0, 30),))], [resting])
    plan = planned(one)
    assert (plan.routes[0].rest_s, plan.routes[0].start_s) == (2, 0)
    assert plan.routes[0].tasks[0].arrival_s == 25
    assert codes(one, with_task(plan, 0, arrival_s=5)) == {"too_fast"}


CUT = Matrix("car", ((0, 5, -1), (5, 0, -1), (-1, -1, 0)), ((0, 5, -1), (5, 0, -1), (-1, -1, 0)))
LATE, EARLY = (TimeWindow(50, 60),), (TimeWindow(10, 20),)


@pytest.mark.parametrize(
    ("matrix", "changes", "true"),
    [
        (LINE, {"skills": frozenset({"cold"}), "amounts": (11,)}, Reason.NO_VEHICLE_WITH_SKILL),
        (
            LINE,
            {"amounts": (11,), "pickup": LATE, "delivery": EARLY},
            "too_large_for_every_vehicle",
        ),
        (CUT, {"pickup": LATE, "delivery": EARLY}, Reason.UNREACHABLE),
        (LINE, {"pickup": LATE, "delivery": EARLY}, Reason.WINDOWS_IMPOSSIBLE),
        (LINE, {"max_on_board_s": 3}, Reason.WINDOWS_IMPOSSIBLE),
    ],
)
def test_only_the_first_true_reason_is_believed(
    matrix: Matrix, changes: dict[str, Any], true: str
) -> None:
    one = problem(matrix, [shipment("a", 1, 2, **changes)], [vehicle()])
    missed = Solution((), {}, Cost(missed=1), "test", seed=0)
    for reason in Reason:
        found = codes(one, replace(missed, unassigned={"a": reason}))
        assert found == (set() if reason == true else {"wrong_reason"})


def test_what_must_be_served_is_never_not_worth_the_way_and_no_reason_hides_an_easy_shipment() -> (
    None
):
    one = problem(LINE, [shipment("a", 1, 2)], [vehicle()])
    missed = Solution((), {}, Cost(missed=1), "test", seed=0)
    easy = {
        Reason.NO_VEHICLE_WITH_SKILL,
        Reason.TOO_LARGE_FOR_EVERY_VEHICLE,
        Reason.UNREACHABLE,
        Reason.WINDOWS_IMPOSSIBLE,
        Reason.NOT_WORTH_THE_WAY,
    }
    for reason in easy:
        assert codes(one, replace(missed, unassigned={"a": reason})) == {"wrong_reason"}


def test_what_is_locked_to_a_vehicle_is_asked_for_neither_skill_nor_size() -> None:
    heavy = shipment("a", 1, 2, amounts=(11,), skills=frozenset({"cold"}), max_on_board_s=10)
    one = problem(LINE, [heavy], [vehicle()], locks=(Lock("van", on_board=(OnBoard("a", -5),)),))
    missed = Solution((), {}, Cost(missed=1), "test", seed=0)
    true = replace(missed, unassigned={"a": Reason.WINDOWS_IMPOSSIBLE})
    assert codes(one, true) == set()
    false = replace(missed, unassigned={"a": Reason.TOO_LARGE_FOR_EVERY_VEHICLE})
    assert codes(one, false) == {"wrong_reason"}
