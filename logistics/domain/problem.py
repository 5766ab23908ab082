"""The routing problem: shipments, vehicles, times and distances, frozen and checked on creation.

Integer seconds from an epoch that the caller chooses, metres, and one cost unit for all prices.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from logistics.domain.invalid import Findings
from logistics.domain.matrix import UNREACHABLE, Matrix

__all__ = [
    "FOOD_AMOUNTS",
    "UNREACHABLE",
    "Break",
    "Handling",
    "Lock",
    "Matrix",
    "OnBoard",
    "Problem",
    "Shipment",
    "Task",
    "TaskKind",
    "TimeWindow",
    "Vehicle",
]

FOOD_AMOUNTS: Final = ("mass_g", "ambient_ml", "chilled_ml", "frozen_ml", "hot_ml")


class TaskKind(StrEnum):
    PICKUP = "pickup"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """One half of a shipment, as a route orders it."""

    shipment_id: str
    kind: TaskKind


@dataclass(frozen=True, slots=True, order=True)
class TimeWindow:
    """Half-open: service may start at `from_s`, and no later than the second before `until_s`."""

    from_s: int
    until_s: int

    def __post_init__(self) -> None:
        found = Findings()
        sane = [found.whole(name, getattr(self, name)) for name in ("from_s", "until_s")]
        if all(sane):
            found.expect(self.from_s < self.until_s, "until_s", "closes_before_it_opens")
        found.raise_if_any()


@dataclass(frozen=True, slots=True)
class Handling:
    """Where, when and for how long a shipment is picked up or delivered."""

    point: int
    windows: tuple[TimeWindow, ...]
    service_s: int = 0

    def __post_init__(self) -> None:
        found = Findings()
        found.natural("point", self.point)
        found.natural("service_s", self.service_s)
        found.expect(bool(self.windows), "windows", "no_window")
        pairs = zip(self.windows, self.windows[1:], strict=False)
        in_order = all(early.until_s <= late.from_s for early, late in pairs)
        found.expect(in_order, "windows", "windows_overlap")
        found.raise_if_any()


@dataclass(frozen=True, slots=True)
class Shipment:
    """One pickup and its delivery by one vehicle.

    `max_on_board_s` runs from the end of the pickup's service to the start of the delivery's.
    `prize` is what leaving it out costs; None means it must be served if that is at all possible.
    """

    id: str
    pickup: Handling
    delivery: Handling
    amounts: tuple[int, ...]
    skills: frozenset[str] = frozenset()
    max_on_board_s: int | None = None
    prize: int | None = None

    def __post_init__(self) -> None:
        found = Findings()
        found.expect(bool(self.id), "id", "missing")
        found.naturals("amounts", self.amounts)
        found.optional_natural("max_on_board_s", self.max_on_board_s)
        found.optional_natural("prize", self.prize)
        found.raise_if_any()

    def handling(self, kind: TaskKind) -> Handling:
        return self.pickup if kind is TaskKind.PICKUP else self.delivery


@dataclass(frozen=True, slots=True)
class Break:
    """A rest that starts inside `window`, between services; it may interrupt driving."""

    window: TimeWindow
    duration_s: int

    def __post_init__(self) -> None:
        found = Findings()
        found.natural("duration_s", self.duration_s)
        found.raise_if_any()


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A courier with a vehicle for one shift; leaves and is back inside `shift`, both ends counted.

    `end` None: the route is over with its last task. `max_stops` counts visits, not tasks.
    """

    id: str
    start: int
    end: int | None
    capacity: tuple[int, ...]
    shift: TimeWindow
    skills: frozenset[str] = frozenset()
    rest: Break | None = None
    max_route_s: int | None = None
    max_route_m: int | None = None
    max_stops: int | None = None
    cost_per_m: int = 1
    cost_per_s: int = 0
    fixed_cost: int = 0
    profile: str = "car"

    def __post_init__(self) -> None:
        found = Findings()
        found.expect(bool(self.id), "id", "missing")
        found.naturals("capacity", self.capacity)
        for name in ("start", "cost_per_m", "cost_per_s", "fixed_cost"):
            found.natural(name, getattr(self, name))
        for name in ("end", "max_route_s", "max_route_m", "max_stops"):
            found.optional_natural(name, getattr(self, name))
        found.raise_if_any()


@dataclass(frozen=True, slots=True)
class OnBoard:
    """A shipment already in the vehicle since `loaded_at_s` (end of its pickup's service)."""

    shipment_id: str
    loaded_at_s: int


@dataclass(frozen=True, slots=True)
class Lock:
    """What a vehicle on the road is bound to: what it carries, and the tasks it does first.

    `tasks` come first, in this order. A shipment on board can only be delivered, by this vehicle.
    """

    vehicle_id: str
    tasks: tuple[Task, ...] = ()
    on_board: tuple[OnBoard, ...] = ()

    def shipment_ids(self) -> set[str]:
        return {task.shipment_id for task in self.tasks} | self.carried_ids()

    def carried_ids(self) -> set[str]:
        return {carried.shipment_id for carried in self.on_board}


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on. Raises `InvalidProblem` with all wrong fields at once.

    `setup_s` is spent once per visit, at the point arrived at, before the first service there.
    `skills` are the skill types that exist; `dimensions` name the entries of amounts.
    """

    setup_s: tuple[int, ...]
    matrices: tuple[Matrix, ...]
    shipments: tuple[Shipment, ...]
    vehicles: tuple[Vehicle, ...]
    locks: tuple[Lock, ...] = ()
    skills: frozenset[str] = frozenset()
    dimensions: tuple[str, ...] = field(default=FOOD_AMOUNTS)

    def __post_init__(self) -> None:
        found = Findings()
        found.naturals("setup_s", self.setup_s)
        _look_at_matrices(self, found)
        _look_at_shipments(self, found)
        _look_at_vehicles(self, found)
        _look_at_locks(self, found)
        found.raise_if_any()

    @property
    def points(self) -> int:
        return len(self.setup_s)

    def matrix(self, profile: str) -> Matrix:
        return next(matrix for matrix in self.matrices if matrix.profile == profile)

    def shipment(self, shipment_id: str) -> Shipment:
        return next(one for one in self.shipments if one.id == shipment_id)

    def vehicle(self, vehicle_id: str) -> Vehicle:
        return next(one for one in self.vehicles if one.id == vehicle_id)

    def lock(self, vehicle_id: str) -> Lock:
        """The lock of this vehicle; an empty one when it is free."""
        bound = (lock for lock in self.locks if lock.vehicle_id == vehicle_id)
        return next(bound, Lock(vehicle_id))


def _distinct(names: Iterable[str], path: str, found: Findings) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        found.expect(name not in seen, f"{path}[{index}]", "repeated")
        seen.add(name)


def _look_at_matrices(problem: Problem, found: Findings) -> None:
    _distinct((matrix.profile for matrix in problem.matrices), "matrices", found)
    for index, matrix in enumerate(problem.matrices):
        fits = len(matrix.durations_s) == problem.points
        found.expect(fits, f"matrices[{index}]", "wrong_shape")


def _look_at_shipments(problem: Problem, found: Findings) -> None:
    _distinct((shipment.id for shipment in problem.shipments), "shipments", found)
    for index, shipment in enumerate(problem.shipments):
        path = f"shipments[{index}]"
        for kind in TaskKind:
            known = shipment.handling(kind).point < problem.points
            found.expect(known, f"{path}.{kind}.point", "unknown_point")
        fits = len(shipment.amounts) == len(problem.dimensions)
        found.expect(fits, f"{path}.amounts", "wrong_length")
        found.expect(shipment.skills <= problem.skills, f"{path}.skills", "unknown_skill")


def _look_at_vehicles(problem: Problem, found: Findings) -> None:
    _distinct((vehicle.id for vehicle in problem.vehicles), "vehicles", found)
    profiles = {matrix.profile for matrix in problem.matrices}
    for index, vehicle in enumerate(problem.vehicles):
        path = f"vehicles[{index}]"
        found.expect(vehicle.start < problem.points, f"{path}.start", "unknown_point")
        known = vehicle.end is None or vehicle.end < problem.points
        found.expect(known, f"{path}.end", "unknown_point")
        fits = len(vehicle.capacity) == len(problem.dimensions)
        found.expect(fits, f"{path}.capacity", "wrong_length")
        found.expect(vehicle.skills <= problem.skills, f"{path}.skills", "unknown_skill")
        found.expect(vehicle.profile in profiles, f"{path}.profile", "unknown_profile")


def _look_at_locks(problem: Problem, found: Findings) -> None:
    _distinct((lock.vehicle_id for lock in problem.locks), "locks", found)
    vehicles = {vehicle.id for vehicle in problem.vehicles}
    shipments = {shipment.id for shipment in problem.shipments}
    taken: set[str] = set()
    for index, lock in enumerate(problem.locks):
        path = f"locks[{index}]"
        found.expect(lock.vehicle_id in vehicles, f"{path}.vehicle_id", "unknown_vehicle")
        found.expect(lock.shipment_ids() <= shipments, path, "unknown_shipment")
        found.expect(not lock.shipment_ids() & taken, path, "locked_twice")
        taken |= lock.shipment_ids()
        _look_at_lock_order(lock, path, found)


def _look_at_lock_order(lock: Lock, path: str, found: Findings) -> None:
    _distinct((carried.shipment_id for carried in lock.on_board), f"{path}.on_board", found)
    for index, carried in enumerate(lock.on_board):
        found.whole(f"{path}.on_board[{index}].loaded_at_s", carried.loaded_at_s)
    loaded = lock.carried_ids()
    done: set[Task] = set()
    for index, task in enumerate(lock.tasks):
        here = f"{path}.tasks[{index}]"
        found.expect(task not in done, here, "repeated")
        done.add(task)
        if task.kind is TaskKind.DELIVERY:
            found.expect(task.shipment_id in loaded, here, "delivered_before_pickup")
        else:
            found.expect(task.shipment_id not in lock.carried_ids(), here, "already_on_board")
            loaded.add(task.shipment_id)
