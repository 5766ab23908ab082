"""The figures that people compare plans by."""

import pytest

from logistics.domain.limits import Limits
from logistics.domain.metrics import late_by_s, metrics, punctuality
from logistics.domain.problem import Task, TaskKind, TimeWindow
from logistics.domain.solution import Reason
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import problem, shipment, vehicle, ways


def test_the_figures_of_a_plan_add_up() -> None:
    shipments = [
        shipment("a", 1, 2, amounts=(4000,), delivery=(TimeWindow(0, 30),)),
        shipment("b", 1, 2, amounts=(2000,)),
        shipment("c", 1, 2, amounts=(9000,)),
    ]
    one = problem(ways(0, 50, 90), shipments, [vehicle(capacity=(6000,))])
    plan = solve(one, limits=Limits(iterations=0), seed=1)
    figures = metrics(one, plan)
    assert (figures.routes, figures.served, figures.delivered) == (1, 1, 2000)
    assert figures.unassigned == {
        Reason.TOO_LARGE_FOR_EVERY_VEHICLE: 1,
        Reason.WINDOWS_IMPOSSIBLE: 1,
    }
    assert (figures.distance_m, figures.driving_s, figures.stops) == (1800, 180, 2)
    assert figures.longest_on_board_s == 40
    assert figures.kg_per_km == pytest.approx(2 / 1.8)
    assert figures.driving_share == 1.0


def test_an_empty_plan_has_no_ratios() -> None:
    one = problem(ways(0, 5), [], [vehicle()])
    figures = metrics(one, solve(one, limits=Limits(), seed=1))
    assert (figures.kg_per_km, figures.driving_share, figures.least_slack_s) == (None, None, None)


@pytest.mark.parametrize(
    ("start_s", "late_s"), [(5, 0), (10, 0), (19, 0), (20, 1), (29, 10), (30, 0), (45, 6)]
)
def test_lateness_counts_from_the_last_window_that_had_opened(start_s: int, late_s: int) -> None:
    assert late_by_s((TimeWindow(10, 20), TimeWindow(30, 40)), start_s) == late_s


def test_punctuality_compares_what_happened_with_what_was_promised() -> None:
    one = problem(ways(0, 5), [shipment("a", 0, 1, delivery=(TimeWindow(0, 50),))], [vehicle()])
    real = {Task("a", TaskKind.PICKUP): 10, Task("a", TaskKind.DELIVERY): 59}
    figures = punctuality(one, real)
    assert (figures.on_time, figures.late, figures.late_by_s) == (1, 1, 10)
    assert figures.on_time_share == 0.5
    assert punctuality(one, {}).on_time_share is None
