"""One part of a large plan: a problem of its own, and where it lies in the whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from logistics.domain.checker import check
from logistics.domain.compiled import Compiled
from logistics.domain.limits import Limits
from logistics.domain.matrix import Matrix
from logistics.domain.problem import Handling, Problem, Shipment, Vehicle
from logistics.domain.solution import Cost, Route, Solution, left_out
from logistics.domain.splitting.borders import Item


@dataclass(frozen=True, slots=True)
class Part:
    """To be solved with these limits and this seed from `start`, by whomever: the plan is the same.

    `points` says for each point of the problem which one it is in the whole.
    """

    problem: Problem
    start: tuple[Route, ...]
    points: tuple[int, ...]
    limits: Limits
    seed: int

    @property
    def unassigned(self) -> int:
        """Shipments that `start` leaves out."""
        return len(self.problem.shipments) - len(_served(self.start))

    @property
    def cost(self) -> Cost:
        """Of `start`, with what it leaves out."""
        served = _served(self.start)
        prizes = [one.prize for one in self.problem.shipments if one.id not in served]
        return sum((route.cost for route in self.start), left_out(prizes))

    def is_answered_by(self, plan: Solution) -> bool:
        """Whether the plan keeps every rule and is no worse than what the part starts from."""
        return plan.cost.key <= self.cost.key and not check(self.problem, plan)

    def in_the_whole(self, route: Route) -> Route:
        """The same route, with the numbers that points have in the whole."""
        return _moved(route, self.points)


def cut_out(
    compiled: Compiled,
    items: Iterable[Item],
    routes: Mapping[int, Route],
    *,
    limits: Limits,
    seed: int,
) -> Part:
    """The part of these vehicles and requests; `routes` are all there are, by car."""
    chosen = list(items)
    cars = sorted(item.car for item in chosen if item.car is not None)
    requests = sorted(request for item in chosen for request in item.requests)
    vehicles = [compiled.cars[car].vehicle for car in cars]
    shipments = [compiled.shipments[request] for request in requests]
    points = _points(vehicles, shipments)
    here = {point: at for at, point in enumerate(points)}
    names = {vehicle.id for vehicle in vehicles}
    profiles = {vehicle.profile for vehicle in vehicles}
    whole = compiled.problem
    problem = replace(
        whole,
        setup_s=tuple(whole.setup_s[point] for point in points),
        matrices=tuple(_among(m, points) for m in whole.matrices if m.profile in profiles),
        shipments=tuple(_shipment_at(one, here) for one in shipments),
        vehicles=tuple(_vehicle_at(one, here) for one in vehicles),
        locks=tuple(lock for lock in whole.locks if lock.vehicle_id in names),
    )
    start = tuple(_moved(routes[car], here) for car in cars if car in routes)
    return Part(problem, start, points, limits, seed)


def _served(routes: Iterable[Route]) -> set[str]:
    return {task.shipment_id for route in routes for task in route.tasks}


def _points(vehicles: Iterable[Vehicle], shipments: Iterable[Shipment]) -> tuple[int, ...]:
    found = {point for one in shipments for point in (one.pickup.point, one.delivery.point)}
    for vehicle in vehicles:
        found |= {vehicle.start} if vehicle.end is None else {vehicle.start, vehicle.end}
    return tuple(sorted(found))


def _among(matrix: Matrix, points: Sequence[int]) -> Matrix:
    def grid(rows: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(map(rows[point].__getitem__, points)) for point in points)

    return Matrix(matrix.profile, grid(matrix.durations_s), grid(matrix.distances_m))


def _shipment_at(one: Shipment, here: Mapping[int, int]) -> Shipment:
    def moved(handling: Handling) -> Handling:
        return replace(handling, point=here[handling.point])

    return replace(one, pickup=moved(one.pickup), delivery=moved(one.delivery))


def _vehicle_at(one: Vehicle, here: Mapping[int, int]) -> Vehicle:
    return replace(one, start=here[one.start], end=None if one.end is None else here[one.end])


def _moved(route: Route, points: Mapping[int, int] | Sequence[int]) -> Route:
    return replace(
        route, tasks=tuple(replace(task, point=points[task.point]) for task in route.tasks)
    )
