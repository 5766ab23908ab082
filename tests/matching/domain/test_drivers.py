"""Drivers are few: what is promised has a place in a shift."""

from datetime import timedelta
from itertools import pairwise

import pytest

from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from matching.domain.checker import check
from matching.domain.problem import Problem, Supply
from matching.domain.solution import Limits, Solution
from matching.domain.solver import solve
from tests.matching.domain.worlds import HOUR, NOW, courier, demand, lot

#: Eleven kilometres of road, some twenty-five minutes each way.
FAR = Point(121.63, 25.04)


def day(lots: int) -> Problem:
    """Lots of different shops for one far charity that fetches nothing itself; a two-hour shift."""
    return Problem(
        now=NOW,
        supplies=tuple(
            Supply(lot(n, transports=frozenset({"courier"}), left_g=10_000 + n))
            for n in range(lots)
        ),
        demands=(demand(1, point=FAR, collects_itself=False),),
        couriers=(courier(window=Interval(NOW, NOW + 2 * HOUR), start=Point(121.55, 25.04)),),
    )


def spans(solution: Solution) -> list[tuple[float, float]]:
    return sorted(
        ((each.departs_at - NOW) / HOUR, (each.hands_over_at - NOW) / HOUR)
        for each in solution.assignments
    )


def test_no_more_is_promised_than_one_driver_has_time_for() -> None:
    problem = day(6)
    solution = solve(problem)
    assert 1 <= len(solution.assignments) < 6
    assert check(problem, solution) == []
    assert len(solve(problem, limits=Limits(drivers=False)).assignments) == 6


def test_trips_of_one_driver_follow_each_other() -> None:
    times = spans(solve(day(6)))
    assert len(times) >= 2
    for (_, done), (departs, _) in pairwise(times):
        assert departs >= done


def test_another_shift_carries_what_the_first_has_no_time_for() -> None:
    problem = day(6)
    (first,) = problem.couriers
    more = tuple(courier(n, window=first.window, start=first.start) for n in range(2, 5))
    both = Problem(
        now=NOW, supplies=problem.supplies, demands=problem.demands, couriers=(first, *more)
    )
    assert len(solve(both).assignments) > len(solve(problem).assignments)


@pytest.mark.parametrize("lots", [2, 3])
def test_lots_of_one_shop_share_a_trip(lots: int) -> None:
    """One trip of 25 minutes fits into a shift of 45; two would not."""
    problem = Problem(
        now=NOW,
        supplies=tuple(
            Supply(lot(n, listing_id="x", transports=frozenset({"courier"}))) for n in range(lots)
        ),
        demands=(demand(1, point=FAR, collects_itself=False),),
        couriers=(courier(window=Interval(NOW, NOW + timedelta(minutes=45))),),
    )
    assert len(solve(problem).assignments) == lots
