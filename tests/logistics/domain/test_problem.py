"""What a routing problem refuses, by field."""

from typing import Any

import pytest

from logistics.domain.invalid import InvalidProblem
from logistics.domain.limits import Limits
from logistics.domain.problem import (
    UNREACHABLE,
    Break,
    Handling,
    Lock,
    Matrix,
    OnBoard,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
)
from tests.logistics.domain.cities import DAY, problem, shipment, vehicle, ways

LINE = ways(0, 5)
PICKUP, DELIVERY = TaskKind.PICKUP, TaskKind.DELIVERY


def refused(make: Any, *args: Any, **kwargs: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidProblem) as caught:
        make(*args, **kwargs)
    return {(issue.path, issue.code) for issue in caught.value.issues}


@pytest.mark.parametrize("until_s", [5, 4])
def test_a_window_that_closes_before_it_opens_is_refused(until_s: int) -> None:
    assert refused(TimeWindow, 5, until_s) == {("until_s", "closes_before_it_opens")}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1.5, "1", True, None])
def test_times_that_are_no_whole_numbers_are_refused(value: Any) -> None:
    assert refused(TimeWindow, value, 10) == {("from_s", "not_a_whole_number")}


def test_an_absurdly_large_time_is_refused() -> None:
    assert refused(TimeWindow, 0, 10**13) == {("until_s", "too_large")}


def test_a_stop_needs_a_window_and_its_windows_must_not_overlap() -> None:
    assert refused(Handling, 0, ()) == {("windows", "no_window")}
    overlapping = (TimeWindow(0, 10), TimeWindow(9, 20))
    assert refused(Handling, 0, overlapping) == {("windows", "windows_overlap")}
    assert Handling(0, (TimeWindow(0, 10), TimeWindow(10, 20)))


def test_negative_numbers_are_refused_by_field() -> None:
    good = Handling(0, (DAY,))
    found = refused(Shipment, "a", good, good, (-1,), frozenset(), -2, -3)
    assert found == {
        ("amounts", "negative"),
        ("max_on_board_s", "negative"),
        ("prize", "negative"),
    }
    assert refused(Break, DAY, -1) == {("duration_s", "negative")}
    assert refused(vehicle, cost_per_m=-1, max_stops=-1, capacity=(-1,)) == {
        ("cost_per_m", "negative"),
        ("max_stops", "negative"),
        ("capacity", "negative"),
    }


def test_a_matrix_must_be_square_with_whole_numbers_and_a_zero_diagonal() -> None:
    square = ((0, 1), (1, 0))
    assert refused(Matrix, "car", square, ((0, 1),)) == {("distances_m", "wrong_shape")}
    assert refused(Matrix, "car", ((0, -5), (1, 0)), square) == {("durations_s[0]", "negative")}
    assert refused(Matrix, "car", ((0, float("nan")), (1, 0)), square) == {
        ("durations_s[0][1]", "not_a_whole_number")
    }
    assert refused(Matrix, "car", ((3, 1), (1, 0)), square) == {
        ("durations_s[0]", "diagonal_not_zero")
    }


def test_both_matrices_must_agree_on_what_is_unreachable() -> None:
    cut = ((0, UNREACHABLE), (1, 0))
    assert Matrix("car", cut, cut)
    assert refused(Matrix, "car", cut, ((0, 1), (1, 0))) == {
        ("distances_m", "reachable_in_one_matrix_only")
    }


def test_everything_wrong_with_a_problem_is_told_at_once() -> None:
    found = refused(
        problem,
        LINE,
        [shipment("a", 0, 7), shipment("a", 0, 1, amounts=(1, 2), skills=frozenset({"fly"}))],
        [vehicle(start=9, capacity=(), profile="boat", skills=frozenset({"swim"}))],
    )
    assert found == {
        ("shipments[0].delivery.point", "unknown_point"),
        ("shipments[1]", "repeated"),
        ("shipments[1].amounts", "wrong_length"),
        ("shipments[1].skills", "unknown_skill"),
        ("vehicles[0].start", "unknown_point"),
        ("vehicles[0].end", "unknown_point"),
        ("vehicles[0].capacity", "wrong_length"),
        ("vehicles[0].profile", "unknown_profile"),
        ("vehicles[0].skills", "unknown_skill"),
    }


def test_a_matrix_for_another_number_of_points_is_refused() -> None:
    assert refused(problem, LINE, [], [vehicle()], setup_s=[0, 0, 0]) == {
        ("matrices[0]", "wrong_shape")
    }


@pytest.mark.parametrize(
    ("lock", "issue"),
    [
        (Lock("bike"), ("locks[0].vehicle_id", "unknown_vehicle")),
        (Lock("van", (Task("z", PICKUP),)), ("locks[0]", "unknown_shipment")),
        (
            Lock("van", (Task("a", DELIVERY),)),
            ("locks[0].tasks[0]", "delivered_before_pickup"),
        ),
        (
            Lock("van", (Task("a", PICKUP), Task("a", PICKUP))),
            ("locks[0].tasks[1]", "repeated"),
        ),
        (
            Lock("van", (Task("a", PICKUP),), (OnBoard("a", 0),)),
            ("locks[0].tasks[0]", "already_on_board"),
        ),
    ],
)
def test_locks_that_contradict_themselves_are_refused(lock: Lock, issue: tuple[str, str]) -> None:
    assert issue in refused(problem, LINE, [shipment("a", 0, 1)], [vehicle()], locks=(lock,))


def test_a_shipment_cannot_be_locked_to_two_vehicles() -> None:
    locks = Lock("van", on_board=(OnBoard("a", 0),)), Lock("bike", (Task("a", PICKUP),))
    found = refused(problem, LINE, [shipment("a", 0, 1)], [vehicle(), vehicle("bike")], locks=locks)
    assert found == {("locks[1]", "locked_twice")}


def test_limits_below_zero_are_refused() -> None:
    assert refused(Limits, -1, -0.5) == {("iterations", "negative"), ("wall_s", "negative")}
