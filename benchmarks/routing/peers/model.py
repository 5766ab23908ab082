"""What the peers' models have in common: prices, ways between points, and running plans."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from logistics.domain.matrix import UNREACHABLE, Matrix
from logistics.domain.problem import Problem, Shipment, Task, TaskKind, Vehicle
from logistics.domain.solution import Route


def fairly_priced(problem: Problem) -> Problem:
    """Fixed costs no higher than the ways of a plan with a vehicle per shipment.

    Fewer vehicles still come first, and no peer has to search among numbers that hide the ways.
    """
    most = _one_vehicle_each(problem) + 1
    vehicles = [replace(one, fixed_cost=min(one.fixed_cost, most)) for one in problem.vehicles]
    return replace(problem, vehicles=tuple(vehicles))


def _one_vehicle_each(problem: Problem) -> int:
    first = problem.vehicles[0]
    metres = problem.matrix(first.profile).distances_m
    home = first.start if first.end is None else first.end
    return sum(
        metres[first.start][one.pickup.point]
        + metres[one.pickup.point][one.delivery.point]
        + metres[one.delivery.point][home]
        for one in problem.shipments
    )


def legs(problem: Problem, matrix: Matrix) -> list[list[int]]:
    """Driving time plus set-up at the point arrived at, nothing within one point."""
    return [
        [0 if here == there else time + setup for there, (time, setup) in enumerate(row)]
        for here, row in enumerate(
            list(zip(times, problem.setup_s, strict=True)) for times in matrix.durations_s
        )
    ]


def refuse_islands(problem: Problem) -> None:
    """The peers' models here know no unreachable points; instances and cities have none."""
    for matrix in problem.matrices:
        if any(UNREACHABLE in row for row in matrix.durations_s):
            raise ValueError("points without a way between them")


def may_carry(vehicle: Vehicle, shipment: Shipment) -> bool:
    return shipment.skills <= vehicle.skills


def known_tasks(problem: Problem, start: Sequence[Route]) -> dict[str, list[Task]]:
    """A running plan by vehicle, without vehicles and shipments that are gone."""
    shipments = {one.id for one in problem.shipments}
    vehicles = {one.id for one in problem.vehicles}
    return {
        route.vehicle_id: [task for task in route.sequence if task.shipment_id in shipments]
        for route in start
        if route.vehicle_id in vehicles
    }


def both(shipment: Shipment) -> tuple[Task, Task]:
    return Task(shipment.id, TaskKind.PICKUP), Task(shipment.id, TaskKind.DELIVERY)


def base_points(vehicles: Iterable[Vehicle]) -> list[int]:
    """Points where routes start or end, each once."""
    points = [point for one in vehicles for point in (one.start, one.end) if point is not None]
    return list(dict.fromkeys(points))
