"""OR-Tools' routing library: parallel cheapest insertion, then guided local search."""

import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from random import Random
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
from logistics.domain.problem import Matrix, Problem, Shipment, Task

PARALLEL: Final = False
MODELS: Final = frozenset(Feature)
MS: Final = 1000
LEAST_S: Final = 0.01


def missing() -> str:
    return "" if find_spec("ortools") else "ortools is not installed"


def prepare() -> None:
    from ortools.constraint_solver import pywrapcp  # noqa: F401, PLC0415


def plan(problem: Problem, budget: Budget, tell: Tell) -> Plan | None:
    over_at = time.monotonic() + budget.seconds
    refuse_islands(problem)
    model = _Model(fairly_priced(problem), budget.seed)
    return model.solve(over_at, tell, budget)


class _Model:
    """Nodes: the points where routes start or end, then the tasks."""

    def __init__(self, problem: Problem, seed: int) -> None:
        from ortools.constraint_solver import pywrapcp  # noqa: PLC0415

        self.problem = problem
        self.shipments = list(problem.shipments)
        # The search itself draws no lots: another order of shipments makes another run of it.
        Random(seed).shuffle(self.shipments)  # noqa: S311
        self.bases = base_points(problem.vehicles)
        self.tasks = [task for one in self.shipments for task in both(one)]
        by_id = {one.id: one for one in self.shipments}
        self.handlings = [by_id[task.shipment_id].handling(task.kind) for task in self.tasks]
        self.points = [*self.bases, *(handling.point for handling in self.handlings)]
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.points),
            len(problem.vehicles),
            [self.bases.index(one.start) for one in problem.vehicles],
            [self.bases.index(_end(one.end, one.start)) for one in problem.vehicles],
        )
        self.model = pywrapcp.RoutingModel(self.manager)
        self.index = {
            task: self.manager.NodeToIndex(len(self.bases) + at)
            for at, task in enumerate(self.tasks)
        }
        self._price_ways()
        self._time()
        self._loads()
        self._limits()
        for shipment in self.shipments:
            self._shipment(shipment)

    def _grid(self, rows: Sequence[Sequence[int]], factor: int = 1) -> list[list[int]]:
        return [[rows[here][there] * factor for there in self.points] for here in self.points]

    def _per_vehicle(self, key: Callable[[Any], Any], make: Callable[[Any], Any]) -> list[Any]:
        """One registered callback per kind of vehicle, listed by vehicle."""
        made: dict[Any, Any] = {}
        for vehicle in self.problem.vehicles:
            if key(vehicle) not in made:
                made[key(vehicle)] = make(vehicle)
        return [made[key(vehicle)] for vehicle in self.problem.vehicles]

    def _matrix_of(self, vehicle: Any) -> Matrix:
        return self.problem.matrix(vehicle.profile)

    def _price_ways(self) -> None:
        def ways(vehicle: Any) -> Any:
            metres = self._matrix_of(vehicle).distances_m
            return self.model.RegisterTransitMatrix(self._grid(metres, vehicle.cost_per_m))

        for at, way in enumerate(self._per_vehicle(lambda v: (v.profile, v.cost_per_m), ways)):
            self.model.SetArcCostEvaluatorOfVehicle(way, at)
            self.model.SetFixedCostOfVehicle(self.problem.vehicles[at].fixed_cost, at)

    def _time(self) -> None:
        service = [0] * len(self.bases) + [one.service_s for one in self.handlings]

        def times(vehicle: Any) -> Any:
            points = self.points[len(self.bases) :]
            grid = legs(self.problem, self._matrix_of(vehicle), self.bases, points)
            rows = [[time + on for time in row] for row, on in zip(grid, service, strict=True)]
            return self.model.RegisterTransitMatrix(rows)

        latest = max(one.shift.until_s for one in self.problem.vehicles)
        transits = self._per_vehicle(lambda v: v.profile, times)
        self.model.AddDimensionWithVehicleTransits(transits, latest, latest, False, "time")
        self.time = self.model.GetDimensionOrDie("time")
        for at, vehicle in enumerate(self.problem.vehicles):
            for index in (self.model.Start(at), self.model.End(at)):
                self.time.CumulVar(index).SetRange(vehicle.shift.from_s, vehicle.shift.until_s)
            if vehicle.cost_per_s:
                self.time.SetSpanCostCoefficientForVehicle(vehicle.cost_per_s, at)
            if vehicle.max_route_s is not None:
                self.time.SetSpanUpperBoundForVehicle(vehicle.max_route_s, at)
        self._windows(latest)

    def _windows(self, latest: int) -> None:
        for task, handling in zip(self.tasks, self.handlings, strict=True):
            start = self.time.CumulVar(self.index[task])
            windows = handling.windows
            start.SetRange(windows[0].from_s, min(windows[-1].until_s - 1, latest))
            for early, late in pairwise(windows):
                start.RemoveInterval(early.until_s, late.from_s - 1)

    def _loads(self) -> None:
        for dimension, name in enumerate(self.problem.dimensions):
            amounts = [shipment.amounts[dimension] for shipment in self.shipments]
            change = [signed for amount in amounts for signed in (amount, -amount)]
            transit = self.model.RegisterUnaryTransitVector([0] * len(self.bases) + change)
            most = [vehicle.capacity[dimension] for vehicle in self.problem.vehicles]
            self.model.AddDimensionWithVehicleCapacity(transit, 0, most, True, name)

    def _limits(self) -> None:
        stops = [vehicle.max_stops for vehicle in self.problem.vehicles]
        if any(most is not None for most in stops):
            home = range(len(self.bases))
            visits = [
                [int(j not in home and (i in home or here != there)) for j, there in self._points()]
                for i, here in self._points()
            ]
            transit = self.model.RegisterTransitMatrix(visits)
            most = [len(self.tasks) if limit is None else limit for limit in stops]
            one = [transit] * len(most)
            self.model.AddDimensionWithVehicleTransitAndCapacity(one, 0, most, True, "stops")

    def _points(self) -> list[tuple[int, int]]:
        return list(enumerate(self.points))

    def _shipment(self, shipment: Shipment) -> None:
        pickup, delivery = (self.index[task] for task in both(shipment))
        model, solver = self.model, self.model.solver()
        if shipment.prize is not None:
            model.AddDisjunction([pickup], shipment.prize)
            model.AddDisjunction([delivery], 0)
        model.AddPickupAndDelivery(pickup, delivery)
        solver.Add(model.VehicleVar(pickup) == model.VehicleVar(delivery))
        times = self.time.CumulVar(pickup), self.time.CumulVar(delivery)
        solver.Add(times[0] <= times[1])
        if shipment.max_on_board_s is not None:
            solver.Add(times[1] - times[0] <= shipment.max_on_board_s + shipment.pickup.service_s)
        able = [at for at, one in enumerate(self.problem.vehicles) if may_carry(one, shipment)]
        if len(able) < len(self.problem.vehicles):
            model.VehicleVar(pickup).SetValues([-1, *able])

    def solve(self, over_at: float, tell: Tell, budget: Budget) -> Plan | None:
        from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        self._tell_of_better(tell)
        self.model.CloseModelWithParameters(parameters)
        left_s = max(over_at - time.monotonic(), LEAST_S)
        parameters.time_limit.FromMilliseconds(int(left_s * MS))
        found = self._from(parameters, budget)
        if found is None:
            return None
        return Plan(self._routes(found), {"solutions": int(self.model.solver().Solutions())})

    def _from(self, parameters: Any, budget: Budget) -> Any:
        """The search from scratch, or from the running plan where the model accepts it."""
        if budget.start:
            running = known_tasks(self.problem, budget.start)
            routes = [
                [self.index[task] for task in running.get(one.id, ())]
                for one in self.problem.vehicles
            ]
            first = self.model.ReadAssignmentFromRoutes(routes, True)
            if first is not None:
                return self.model.SolveFromAssignmentWithParameters(first, parameters)
        return self.model.SolveWithParameters(parameters)

    def _tell_of_better(self, tell: Tell) -> None:
        best: list[int] = []

        def met() -> None:
            cost = int(self.model.CostVar().Max())
            if not best or cost < best[-1]:
                best.append(cost)
                tell()

        self.model.AddAtSolutionCallback(met)

    def _routes(self, found: Any) -> list[tuple[str, list[Task]]]:
        task_at = {index: task for task, index in self.index.items()}
        routes: list[tuple[str, list[Task]]] = []
        for at, vehicle in enumerate(self.problem.vehicles):
            tasks: list[Task] = []
            index = found.Value(self.model.NextVar(self.model.Start(at)))
            while not self.model.IsEnd(index):
                tasks.append(task_at[index])
                index = found.Value(self.model.NextVar(index))
            routes.append((vehicle.id, tasks))
        return routes


def _end(end: int | None, start: int) -> int:
    """Benchmarks always bring vehicles home; a route without an end would need a free last leg."""
    if end is None:
        raise ValueError(f"a vehicle from point {start} without an end point")
    return end
