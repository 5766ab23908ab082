"""Times of a given order of tasks: exact against every possible timing of tiny routes."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.domain.checker import check
from logistics.domain.compiled import Compiled
from logistics.domain.problem import (
    UNREACHABLE,
    Break,
    Handling,
    Lock,
    Matrix,
    OnBoard,
    Problem,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
    Vehicle,
)
from logistics.domain.schedule import InfeasibleRoute, schedule, timetable
from logistics.domain.solution import Cost, Solution
from logistics.domain.span import span
from tests.logistics.domain.cities import problem, problems, shipment, vehicle, ways
from tests.logistics.domain.timings import every_timing, is_allowed, timed_route

PICKUP, DELIVERY = TaskKind.PICKUP, TaskKind.DELIVERY


def tasks(*names: str) -> list[Task]:
    """`+a` picks a up, `-a` delivers it."""
    return [Task(name[1:], PICKUP if name[0] == "+" else DELIVERY) for name in names]


def test_waiting_for_a_window_is_moved_before_the_departure() -> None:
    late = shipment("a", 1, 2, pickup=(TimeWindow(100, 200),))
    route = schedule(problem(ways(0, 5, 9), [late], [vehicle()]), "van", tasks("+a", "-a"))
    assert (route.start_s, route.end_s, route.waiting_s) == (95, 113, 0)
    assert [task.start_s for task in route.tasks] == [100, 104]


def test_waiting_between_tasks_stays_where_a_window_forces_it() -> None:
    early_then_late = shipment(
        "a", 1, 2, pickup=(TimeWindow(0, 20),), delivery=(TimeWindow(100, 200),)
    )
    one = problem(ways(0, 5, 9), [early_then_late], [vehicle()])
    route = schedule(one, "van", tasks("+a", "-a"))
    assert [task.start_s for task in route.tasks] == [19, 100]
    assert route.waiting_s == 100 - 19 - 4


def test_a_pickup_waits_so_that_the_food_is_not_on_board_too_long() -> None:
    fresh = shipment("a", 1, 2, delivery=(TimeWindow(100, 200),), max_on_board_s=10)
    route = schedule(problem(ways(0, 5, 9), [fresh], [vehicle()]), "van", tasks("+a", "-a"))
    on_board_s = route.tasks[1].start_s - route.tasks[0].departure_s
    assert on_board_s <= 10
    assert route.tasks[1].start_s == 100


def test_set_up_is_spent_once_per_visit() -> None:
    both = [shipment("a", 1, 2), shipment("b", 1, 2)]
    one = problem(ways(0, 5, 9), both, [vehicle()], setup_s=[0, 30, 60])
    route = schedule(one, "van", tasks("+a", "+b", "-b", "-a"))
    assert route.end_s - route.start_s == 5 + 30 + 4 + 60 + 9
    apart = schedule(one, "van", tasks("+a", "-a", "+b", "-b"))
    assert apart.end_s - apart.start_s == 5 + 30 + 4 + 60 + 4 + 30 + 4 + 60 + 9


def test_the_second_of_a_windows_end_is_too_late() -> None:
    just = shipment("a", 1, 2, pickup=(TimeWindow(0, 6),))
    assert schedule(problem(ways(0, 5, 9), [just], [vehicle()]), "van", tasks("+a", "-a"))
    missed = shipment("a", 1, 2, pickup=(TimeWindow(0, 5),))
    with pytest.raises(InfeasibleRoute, match="times"):
        schedule(problem(ways(0, 5, 9), [missed], [vehicle()]), "van", tasks("+a", "-a"))


def test_a_missed_window_is_followed_by_the_next_one() -> None:
    twice = shipment("a", 1, 2, pickup=(TimeWindow(0, 5), TimeWindow(50, 60)))
    route = schedule(problem(ways(0, 5, 9), [twice], [vehicle()]), "van", tasks("+a", "-a"))
    assert route.tasks[0].start_s == 50


def test_being_back_when_the_shift_ends_is_in_time() -> None:
    one = shipment("a", 1, 2)
    exact = vehicle(shift=TimeWindow(0, 18))
    assert schedule(problem(ways(0, 5, 9), [one], [exact]), "van", tasks("+a", "-a")).end_s == 18
    short = vehicle(shift=TimeWindow(0, 17))
    with pytest.raises(InfeasibleRoute):
        schedule(problem(ways(0, 5, 9), [one], [short]), "van", tasks("+a", "-a"))


def test_without_an_end_point_the_route_is_over_with_the_last_task() -> None:
    one = problem(ways(0, 5, 9), [shipment("a", 1, 2)], [vehicle(end=None)])
    route = schedule(one, "van", tasks("+a", "-a"))
    assert (route.duration_s, route.distance_m) == (9, 90)


def test_a_break_may_interrupt_driving_but_no_service() -> None:
    resting = vehicle(rest=Break(TimeWindow(2, 3), 20))
    one = problem(ways(0, 5, 9), [shipment("a", 1, 2, pickup=(TimeWindow(0, 30),))], [resting])
    route = schedule(one, "van", tasks("+a", "-a"))
    assert (route.rest_s, route.start_s, route.end_s) == (2, 0, 38)
    assert [(task.arrival_s, task.start_s) for task in route.tasks] == [(25, 25), (29, 29)]
    slow = shipment("a", 1, 2, pickup=(TimeWindow(0, 6),), service_s=10)
    driving = vehicle(rest=Break(TimeWindow(7, 16), 20))
    route = schedule(problem(ways(0, 5, 9), [slow], [driving]), "van", tasks("+a", "-a"))
    assert (route.rest_s, [task.start_s for task in route.tasks]) == (15, [5, 39])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capacity": (1,)}, "capacity"),
        ({"max_route_m": 100}, "max_route_m"),
        ({"max_stops": 3}, "max_stops"),
        ({"max_route_s": 17}, "times"),
    ],
)
def test_the_limit_that_binds_is_named(changes: dict[str, Any], code: str) -> None:
    two = [shipment("a", 1, 2), shipment("b", 1, 2)]
    one = problem(ways(0, 5, 9), two, [vehicle(**changes)])
    order = ("+a", "+b", "-a", "-b") if code == "capacity" else ("+a", "-a", "+b", "-b")
    with pytest.raises(InfeasibleRoute) as caught:
        schedule(one, "van", tasks(*order))
    assert caught.value.code == code


def test_there_is_no_way_over_the_sea() -> None:
    cut = ((0, 5, UNREACHABLE), (5, 0, UNREACHABLE), (UNREACHABLE, UNREACHABLE, 0))
    one = problem(Matrix("car", cut, cut), [shipment("a", 1, 2)], [vehicle()])
    with pytest.raises(InfeasibleRoute, match="times"):
        schedule(one, "van", tasks("+a", "-a"))


def test_food_already_on_board_counts_from_when_it_was_loaded() -> None:
    carried = shipment("a", 1, 2, max_on_board_s=30)
    lock = Lock("van", on_board=(OnBoard("a", -25),))
    one = problem(ways(0, 5, 4), [carried], [vehicle()], locks=(lock,))
    assert schedule(one, "van", tasks("-a")).tasks[0].start_s == 4
    stale = Lock("van", on_board=(OnBoard("a", -27),))
    with pytest.raises(InfeasibleRoute):
        schedule(problem(ways(0, 5, 4), [carried], [vehicle()], locks=(stale,)), "van", tasks("-a"))


def tiny(rnd: Random) -> tuple[Problem, list[Task]]:
    """One or two shipments between three points within a shift of nine seconds."""
    names = ["a", "b"][: rnd.randint(1, 2)]
    longest = 7 if len(names) == 2 else 9

    def windows() -> tuple[TimeWindow, ...]:
        first = rnd.randint(0, longest - 1)
        one = TimeWindow(first, first + rnd.randint(1, 4))
        return (one, TimeWindow(one.until_s + 1, one.until_s + 4)) if rnd.random() < 0.5 else (one,)

    def place() -> Handling:
        return Handling(rnd.randrange(3), windows(), rnd.choice([0, 0, 1]))

    shipments = [
        Shipment(name, place(), place(), (1,), max_on_board_s=rnd.choice([None, 0, 1, 2]))
        for name in names
    ]
    rest = Break(TimeWindow(rnd.randint(0, 4), rnd.randint(5, 7)), rnd.randint(1, 2))
    van = Vehicle(
        id="van",
        start=rnd.randrange(3),
        end=rnd.choice([None, 0]),
        capacity=(9,),
        shift=TimeWindow(0, longest),
        rest=rest if rnd.random() < 0.5 else None,
        max_route_s=rnd.choice([None, None, 4, 6]),
    )
    away = tuple(tuple(rnd.randint(0, 2) if a != b else 0 for b in range(3)) for a in range(3))
    setup = [rnd.choice([0, 0, 1]) for _ in range(3)]
    order = rnd.choice(
        [["+a", "-a"]]
        if len(names) == 1
        else [
            ["+a", "+b", "-a", "-b"],
            ["+a", "+b", "-b", "-a"],
            ["+a", "-a", "+b", "-b"],
        ]
    )
    return problem(Matrix("car", away, away), shipments, [van], setup), tasks(*order)


@pytest.mark.solver
@pytest.mark.parametrize("seed", range(120))
def test_no_timing_of_a_tiny_route_is_better_and_the_checker_knows_them_all(seed: int) -> None:
    """Feasible exactly when some timing is; then the earliest end, and for it the latest start."""
    one, order = tiny(Random(seed))  # noqa: S311 - draws an example
    van = one.vehicles[0]
    compiled = Compiled(one)
    nodes = [compiled.node(task) for task in order]
    allowed = []
    for number, timing in enumerate(every_timing(one, van, order)):
        good = is_allowed(one, van, order, timing)
        if good or number % 7 == 0:
            route = timed_route(one, van, order, timing)
            plan = Solution((route,), {}, Cost() + route.cost, "test", seed=0)
            assert (check(one, plan) == []) == good, timing
        if good:
            allowed.append(timing)
    if not allowed:
        with pytest.raises(InfeasibleRoute):
            schedule(one, "van", order)
        assert span(compiled, compiled.cars[0], nodes) is None
        return
    route = schedule(one, "van", order)
    best = min(allowed, key=lambda timing: (timing.ends_s, -timing.departs_s))
    assert (route.end_s, -route.start_s) == (best.ends_s, -best.departs_s)
    assert span(compiled, compiled.cars[0], nodes) == (route.start_s, route.end_s)
    plan = Solution((route,), {}, Cost() + route.cost, "test", seed=0)
    assert check(one, plan) == []


@given(problems(most_shipments=5, most_vehicles=2), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_quick_span_agrees_with_the_whole_timetable(one: Problem, rnd: Random) -> None:
    compiled = Compiled(one)
    for car in compiled.cars:
        chosen = rnd.sample(list(compiled.requests), rnd.randint(1, len(one.shipments)))
        nodes = [node for request in chosen for node in (2 * request, 2 * request + 1)]
        times = timetable(compiled, car, nodes)
        expected = None if times is None else (times.departs_s, times.ends_s)
        assert span(compiled, car, nodes) == expected
