"""PyVRP with paired shipments (0.14 or newer)."""

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import groupby
from typing import Any, Final

from benchmarks.routing.method import Budget, Feature, Plan, Tell
from benchmarks.routing.peers.model import (
    base_points,
    both,
    fairly_priced,
    known_tasks,
    legs,
    may_carry,
    refuse_islands,
)
from logistics.domain.problem import Problem, Shipment, Task, TaskKind, TimeWindow, Vehicle

PARALLEL: Final = False
MODELS: Final[frozenset[Feature]] = frozenset()


def missing() -> str:
    if not find_spec("pyvrp"):
        return "pyvrp is not installed"
    import pyvrp  # noqa: PLC0415

    return "" if hasattr(pyvrp, "Shipment") else "this pyvrp has no shipments: 0.14 is needed"


def prepare() -> None:
    import pyvrp  # noqa: F401, PLC0415


def plan(problem: Problem, budget: Budget, tell: Tell) -> Plan | None:
    import pyvrp  # noqa: PLC0415
    from pyvrp.IteratedLocalSearch import (  # noqa: PLC0415
        IteratedLocalSearchCallbacks,
        IteratedLocalSearchParams,
    )

    over_at = time.monotonic() + budget.seconds
    refuse_islands(problem)
    model = _Model(fairly_priced(problem))

    class Heard(IteratedLocalSearchCallbacks):
        def on_best(self, best: Any) -> None:
            tell()

    result = pyvrp.solve(
        model.data,
        stop=lambda best_cost: time.monotonic() >= over_at,
        seed=budget.seed,
        collect_stats=False,
        display=False,
        params=pyvrp.SolveParams(ils=IteratedLocalSearchParams(callbacks=Heard())),
        initial_solution=model.running(budget),
    )
    if not result.is_feasible():
        return None
    return Plan(model.routes(result.best), {"iterations": result.num_iterations})


class _Model:
    """Every task has a location of its own, so that a skill can bar it by endless ways."""

    def __init__(self, problem: Problem) -> None:
        import pyvrp  # noqa: PLC0415

        self.problem = problem
        self.kinds = [list(alike) for _, alike in groupby(problem.vehicles, key=_alike)]
        self.bases = base_points(problem.vehicles)
        tasks = [one.handling(kind).point for one in problem.shipments for kind in TaskKind]
        self.points = [*self.bases, *tasks]
        times, metres = zip(*map(self._ways, self.kinds), strict=True)
        self.data = pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in self.points],
            clients=[],
            depots=[pyvrp.Depot(location=at) for at in range(len(self.bases))],
            vehicle_types=[self._type(*both) for both in enumerate(self.kinds)],
            distance_matrices=list(metres),
            duration_matrices=list(times),
            shipments=[self._shipment(*both) for both in enumerate(problem.shipments)],
        )

    def _ways(self, alike: Sequence[Vehicle]) -> tuple[Any, Any]:
        import numpy as np  # noqa: PLC0415
        from pyvrp.constants import MAX_VALUE  # noqa: PLC0415

        matrix = self.problem.matrix(alike[0].profile)
        grid = np.ix_(self.points, self.points)
        stops = self.points[len(self.bases) :]
        times = np.array(legs(self.problem, matrix, self.bases, stops), dtype=np.int64)
        metres = np.array(matrix.distances_m, dtype=np.int64)[grid]
        barred = [
            len(self.bases) + 2 * at + half
            for at, shipment in enumerate(self.problem.shipments)
            for half in (0, 1)
            if not may_carry(alike[0], shipment)
        ]
        for grid_of in (times, metres):
            grid_of[:, barred] = MAX_VALUE
            np.fill_diagonal(grid_of, 0)
        return times, metres

    def _type(self, number: int, alike: Sequence[Vehicle]) -> Any:
        import pyvrp  # noqa: PLC0415

        one = alike[0]
        limits: dict[str, Any] = {
            "shift_duration": one.max_route_s,
            "max_distance": one.max_route_m,
        }
        return pyvrp.VehicleType(
            num_available=len(alike),
            capacity=list(one.capacity),
            start_depot=self.bases.index(one.start),
            end_depot=self.bases.index(one.start if one.end is None else one.end),
            fixed_cost=one.fixed_cost,
            tw_early=one.shift.from_s,
            tw_late=one.shift.until_s,
            unit_distance_cost=one.cost_per_m,
            unit_duration_cost=one.cost_per_s,
            profile=number,
            **{name: limit for name, limit in limits.items() if limit is not None},
        )

    def _shipment(self, number: int, shipment: Shipment) -> Any:
        import pyvrp  # noqa: PLC0415

        at = len(self.bases) + 2 * number
        pickup, delivery = _only(shipment.pickup.windows), _only(shipment.delivery.windows)
        return pyvrp.Shipment(
            pickup_location=at,
            delivery_location=at + 1,
            pickup_tw_early=pickup.from_s,
            pickup_tw_late=pickup.until_s - 1,
            pickup_service_duration=shipment.pickup.service_s,
            delivery_tw_early=delivery.from_s,
            delivery_tw_late=delivery.until_s - 1,
            delivery_service_duration=shipment.delivery.service_s,
            amount=list(shipment.amounts),
            prize=shipment.prize or 0,
            required=shipment.prize is None,
        )

    def running(self, budget: Budget) -> Any:
        """The running plan as a solution to start from; None to start from scratch."""
        import pyvrp  # noqa: PLC0415

        if not budget.start:
            return None
        numbers = {one.id: at for at, one in enumerate(self.problem.shipments)}
        kinds = {
            TaskKind.PICKUP: pyvrp.ActivityType.PICKUP,
            TaskKind.DELIVERY: pyvrp.ActivityType.DELIVERY,
        }
        running = known_tasks(self.problem, budget.start)
        routes = []
        for number, alike in enumerate(self.kinds):
            for tasks in (running[one.id] for one in alike if running.get(one.id)):
                visits = [pyvrp.Activity(kinds[t.kind], numbers[t.shipment_id]) for t in tasks]
                routes.append(pyvrp.Route(self.data, visits, number))
        return pyvrp.Solution(self.data, routes)

    def routes(self, found: Any) -> list[tuple[str, list[Task]]]:
        free = [[one.id for one in reversed(alike)] for alike in self.kinds]
        return [
            (free[route.vehicle_type()].pop(), [self._task(v) for v in route if v.is_shipment()])
            for route in found.routes()
        ]

    def _task(self, visit: Any) -> Task:
        return both(self.problem.shipments[visit.idx])[0 if visit.is_pickup() else 1]


def _alike(vehicle: Vehicle) -> Vehicle:
    return replace(vehicle, id="any")


def _only(windows: Sequence[TimeWindow]) -> TimeWindow:
    if len(windows) > 1:
        raise ValueError("several windows, which PyVRP does not know for shipments")
    return windows[0]
