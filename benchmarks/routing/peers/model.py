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


def legs(
    problem: Problem, matrix: Matrix, bases: Sequence[int], points: Sequence[int]
) -> list[list[int]]:
    """Times between places: first the bases, where routes start or end, then the tasks' points.

    A leg to a task is the drive and its set-up, nothing between two tasks at one point; a leg to a
    base is the drive alone. So set-up is spent once per visit, also at the point of the start.
    """
    places = [*bases, *points]
    setup_s = [*(0 for _ in bases), *(problem.setup_s[point] for point in points)]
    at_point: dict[int, list[int]] = {}
    for place, point in enumerate(points, len(bases)):
        at_point.setdefault(point, []).append(place)
    rows: list[list[int]] = []
    for place, here in enumerate(places):
        drive = matrix.durations_s[here]
        row = [drive[there] + more for there, more in zip(places, setup_s, strict=True)]
        if place >= len(bases):
            for neighbour in at_point[here]:
                row[neighbour] = 0
        rows.append(row)
    return rows


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
