"""VROOM through pyvroom, at its deepest exploration level."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from math import gcd
from typing import Any, Final

from benchmarks.routing.method import Budget, Feature, Plan, Tell
from benchmarks.routing.peers.model import (
    base_points,
    fairly_priced,
    known_tasks,
    legs,
    refuse_islands,
)
from logistics.domain.problem import Handling, Problem, Shipment, Task, TaskKind, Vehicle

PARALLEL: Final = True
MODELS: Final = frozenset({Feature.SEVERAL_WINDOWS})
DEEPEST: Final = 5
METRES_PER_KM: Final = 1000
S_PER_HOUR: Final = 3600
HIGHEST_PRIORITY: Final = 100


def missing() -> str:
    return "" if find_spec("vroom") else "pyvroom is not installed"


def prepare() -> None:
    import vroom  # noqa: F401, PLC0415


def plan(problem: Problem, budget: Budget, tell: Tell) -> Plan | None:
    """Its time limit stops the local search only, so it may take longer than asked.

    No progress is reported: the time to the best plan is the whole time.
    """
    import vroom  # noqa: PLC0415

    refuse_islands(problem)
    problem = fairly_priced(problem)
    entry = vroom.Input()
    bases = base_points(problem.vehicles)
    places = [*bases, *range(problem.points)]
    for matrix in problem.matrices:
        metres = [[matrix.distances_m[here][there] for there in places] for here in places]
        times = legs(problem, matrix, bases, range(problem.points))
        entry.set_durations_matrix(matrix.profile, times)
        entry.set_distances_matrix(matrix.profile, metres)
    skills = {name: number for number, name in enumerate(sorted(problem.skills), 1)}
    steps = _steps(problem, budget)
    entry.add_vehicle(
        [
            _vehicle(number, _moved(one, bases), skills, steps)
            for number, one in enumerate(problem.vehicles, 1)
        ]
    )
    unit = gcd(*(one.prize or 0 for one in problem.shipments)) or 1
    for number, shipment in enumerate(problem.shipments):
        _add(entry, number, _moved_shipment(shipment, len(bases)), skills, unit)
    found = entry.solve(
        exploration_level=DEEPEST,
        nb_threads=budget.cores,
        timeout=timedelta(seconds=budget.seconds),
    )
    routes = _routes(problem, found)
    complete = sum(map(len, routes.values())) == 2 * len(problem.shipments)
    if not complete and any(one.prize is None for one in problem.shipments):
        return None
    return Plan(list(routes.items()))


def _moved(vehicle: Vehicle, bases: Sequence[int]) -> Vehicle:
    """Start and end as places: bases come first in the matrices."""
    end = None if vehicle.end is None else bases.index(vehicle.end)
    return replace(vehicle, start=bases.index(vehicle.start), end=end)


def _moved_shipment(one: Shipment, by: int) -> Shipment:
    pickup = replace(one.pickup, point=one.pickup.point + by)
    delivery = replace(one.delivery, point=one.delivery.point + by)
    return replace(one, pickup=pickup, delivery=delivery)


def _vehicle(number: int, one: Vehicle, skills: dict[str, int], steps: dict[str, list[Any]]) -> Any:
    import vroom  # noqa: PLC0415

    return vroom.Vehicle(
        number,
        start=one.start,
        end=one.end,
        profile=one.profile,
        capacity=list(one.capacity),
        skills={skills[name] for name in one.skills},
        time_window=(one.shift.from_s, one.shift.until_s),
        costs=vroom.VehicleCosts(
            fixed=one.fixed_cost,
            per_hour=one.cost_per_s * S_PER_HOUR,
            per_km=one.cost_per_m * METRES_PER_KM,
        ),
        max_travel_time=one.max_route_s,
        **({} if one.max_route_m is None else {"max_distance": one.max_route_m}),
        steps=steps.get(one.id, ()),
    )


def _add(entry: Any, number: int, shipment: Shipment, skills: dict[str, int], unit: int) -> None:
    """Prizes become priorities: their sum comes first there, as served value does here."""
    import vroom  # noqa: PLC0415

    entry.add_shipment(
        _step(number, shipment.pickup),
        _step(number, shipment.delivery),
        amount=vroom.Amount(list(shipment.amounts)),
        skills={skills[name] for name in shipment.skills},
        priority=min((shipment.prize or 0) // unit, HIGHEST_PRIORITY),
    )


def _step(number: int, handling: Handling) -> Any:
    import vroom  # noqa: PLC0415

    windows = [vroom.TimeWindow(one.from_s, one.until_s - 1) for one in handling.windows]
    return vroom.ShipmentStep(
        number, handling.point, default_service=handling.service_s, time_windows=windows
    )


def _steps(problem: Problem, budget: Budget) -> dict[str, list[Any]]:
    """A running plan as the steps that the search starts from."""
    import vroom  # noqa: PLC0415

    numbers = {one.id: number for number, one in enumerate(problem.shipments)}
    kinds = {TaskKind.PICKUP: vroom.VehicleStepPickup, TaskKind.DELIVERY: vroom.VehicleStepDelivery}
    running = known_tasks(problem, budget.start)
    return {
        vehicle: [
            vroom.VehicleStepStart(),
            *(kinds[task.kind](numbers[task.shipment_id]) for task in tasks),
            vroom.VehicleStepEnd(),
        ]
        for vehicle, tasks in running.items()
        if tasks
    }


def _routes(problem: Problem, found: Any) -> dict[str, list[Task]]:
    frame = found.routes
    routes: dict[str, list[Task]] = {}
    columns = (frame[name].tolist() for name in ("vehicle_id", "type", "id"))
    for vehicle, kind, number in zip(*columns, strict=True):
        if kind in (TaskKind.PICKUP, TaskKind.DELIVERY):
            task = Task(problem.shipments[int(number)].id, TaskKind(kind))
            routes.setdefault(problem.vehicles[vehicle - 1].id, []).append(task)
    return routes
