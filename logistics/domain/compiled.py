"""The problem as indices and lookups, in an order that does not depend on names or input order.

Request r has two nodes: its pickup 2r and its delivery 2r + 1. Windows are inclusive in here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeVar

from logistics.domain.matrix import UNREACHABLE, Matrix
from logistics.domain.problem import (
    Break,
    Handling,
    Lock,
    Problem,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
    Vehicle,
)

NEVER: Final = 1 << 50
"""Longer than any horizon: the time of a way that does not exist."""

FREE: Final = Lock("")

Row = Sequence[int]
Windows = tuple[tuple[int, int], ...]


class Rows(dict[int, list[int]]):
    """Driving times by origin, each row made when it is first asked for.

    With `setup_s` the set-up at the destination is added, and nothing within one point.
    """

    def __init__(self, matrix: Sequence[Row], setup_s: Row | None = None) -> None:
        super().__init__()
        self.matrix = matrix
        self.setup_s = setup_s

    def __missing__(self, origin: int) -> list[int]:
        row = [_or_never(time) for time in self.matrix[origin]]
        if self.setup_s is not None:
            row = [time + setup for time, setup in zip(row, self.setup_s, strict=True)]
            row[origin] = 0
        self[origin] = row
        return row


Grids = tuple[Rows, Rows, Sequence[Row]]


def _or_never(time: int) -> int:
    return NEVER if time == UNREACHABLE else time


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle as the solvers see it.

    `legs[p][q]` is driving time plus set-up at q, nothing within one point; `drive` is driving
    alone, `metres` the distance. `first_legs[q]` leads from the start, `home_s[p]` and `home_m[p]`
    to the end. `prefix` are locked nodes; `aboard` maps a carried request to when it was loaded,
    `load` is the sum of those, and `capacity` is never less: an overloaded vehicle may drive on.
    Cars of one `kind` are alike in everything.
    """

    index: int
    kind: int
    vehicle: Vehicle
    capacity: tuple[int, ...]
    load: tuple[int, ...]
    first_s: int
    last_s: int
    legs: Rows
    drive: Rows
    metres: Sequence[Row]
    first_legs: list[int]
    home_s: list[int]
    home_m: list[int]
    prefix: tuple[int, ...]
    aboard: Mapping[int, int]

    @property
    def end(self) -> int | None:
        return self.vehicle.end


class Compiled:
    """Read-only lookups by request, node and car."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.shipments = _in_canonical_order(problem)
        self.request_of = {one.id: r for r, one in enumerate(self.shipments)}
        self.point: list[int] = []
        self.service: list[int] = []
        self.windows: list[Windows] = []
        self.amounts = [one.amounts for one in self.shipments]
        self.lag = [_lag_s(one) for one in self.shipments]
        for shipment in self.shipments:
            self._add_node(shipment.pickup)
            self._add_node(shipment.delivery)
        self.cars = self._cars()
        self.car_of = {car.vehicle.id: car for car in self.cars}
        self.bound_to = self._bound()

    def _add_node(self, handling: Handling) -> None:
        self.point.append(handling.point)
        self.service.append(handling.service_s)
        self.windows.append(tuple((w.from_s, w.until_s - 1) for w in handling.windows))

    def _cars(self) -> list[Car]:
        problem = self.problem
        grids = {one.profile: _grids(one, problem.setup_s) for one in problem.matrices}
        locks = {lock.vehicle_id: lock for lock in problem.locks}

        def rank(vehicle: Vehicle) -> Any:
            lock = locks.get(vehicle.id, FREE)
            shipments = sorted(self.request_of[one] for one in lock.shipment_ids())
            return _vehicle_key(vehicle), shipments

        def ends(vehicle: Vehicle) -> Any:
            return marks[vehicle.start], () if vehicle.end is None else marks[vehicle.end]

        marks = Marks(problem)
        ordered = _ranked(problem.vehicles, rank, ends)
        ranks = [(rank(vehicle), vehicle.start, vehicle.end) for vehicle in ordered]
        return [
            self._car((index, ranks.index(ranks[index])), one, locks.get(one.id, FREE), grids)
            for index, one in enumerate(ordered)
        ]

    def _car(
        self,
        place: tuple[int, int],
        one: Vehicle,
        lock: Lock,
        grids: Mapping[str, Grids],
    ) -> Car:
        legs, drive, metres = grids[one.profile]
        setup_s = self.problem.setup_s
        aboard = {self.request_of[had.shipment_id]: had.loaded_at_s for had in lock.on_board}
        load = self._sum(aboard)
        return Car(
            index=place[0],
            kind=place[1],
            vehicle=one,
            capacity=tuple(map(max, one.capacity, load)),
            load=load,
            first_s=one.shift.from_s,
            last_s=one.shift.until_s,
            legs=legs,
            drive=drive,
            metres=metres,
            first_legs=[
                time + setup for time, setup in zip(drive[one.start], setup_s, strict=True)
            ],
            home_s=_column(drive.matrix, one.end, len(setup_s)),
            home_m=_column(metres, one.end, len(setup_s)),
            prefix=tuple(self.node(task) for task in lock.tasks),
            aboard=aboard,
        )

    def _sum(self, requests: Iterable[int]) -> tuple[int, ...]:
        loaded = [self.amounts[request] for request in requests]
        nothing = (0,) * len(self.problem.dimensions)
        return tuple(map(sum, zip(nothing, *loaded, strict=True)))

    def _bound(self) -> dict[int, int]:
        """Request to the only car that may serve it, for everything locked."""
        bound = {node // 2: car.index for car in self.cars for node in car.prefix}
        bound.update({r: car.index for car in self.cars for r in car.aboard})
        return bound

    @property
    def requests(self) -> range:
        return range(len(self.shipments))

    def node(self, task: Task) -> int:
        return 2 * self.request_of[task.shipment_id] + (task.kind is TaskKind.DELIVERY)

    def task(self, node: int) -> Task:
        kind = TaskKind.DELIVERY if node % 2 else TaskKind.PICKUP
        return Task(self.shipments[node // 2].id, kind)

    def nodes_of(self, request: int, car: Car) -> tuple[int, ...]:
        """What a car still has to visit for a request: the delivery alone once it is aboard."""
        both = (2 * request, 2 * request + 1)
        return both[1:] if request in car.aboard else both


def _lag_s(shipment: Shipment) -> int | None:
    """Longest time from start of pickup to start of delivery."""
    longest = shipment.max_on_board_s
    return None if longest is None else longest + shipment.pickup.service_s


def _grids(matrix: Matrix, setup_s: Row) -> Grids:
    """Legs, driving times and distances; the last only mean something where a way exists."""
    return Rows(matrix.durations_s, setup_s), Rows(matrix.durations_s), matrix.distances_m


def _column(matrix: Sequence[Row], end: int | None, points: int) -> list[int]:
    """Times or distances from every point to the end; nothing where there is none."""
    return [0] * points if end is None else [_or_never(row[end]) for row in matrix]


class Marks(dict[int, Any]):
    """What tells a point from the others whatever its number: set-up and the ways from there.

    Made when first asked for. The number itself is the last resort, between points alike in that.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.setup_s = problem.setup_s
        matrices = sorted(problem.matrices, key=lambda one: one.profile)
        self.grids = [grid for one in matrices for grid in (one.durations_s, one.distances_m)]

    def __missing__(self, point: int) -> Any:
        mark = self.setup_s[point], [sum(grid[point]) for grid in self.grids], point
        self[point] = mark
        return mark


Ranked = TypeVar("Ranked", Shipment, Vehicle)


def _ranked(
    things: Sequence[Ranked], rank: Callable[[Ranked], Any], ends: Callable[[Ranked], Any]
) -> list[Ranked]:
    """In the order of their ranks, and those of one rank by where they begin and end."""
    ranks = {one.id: rank(one) for one in things}
    ordered: list[Ranked] = []
    by_rank = sorted(things, key=lambda one: ranks[one.id])
    for _, alike in groupby(by_rank, lambda one: ranks[one.id]):
        same = list(alike)
        ordered += sorted(same, key=ends) if len(same) > 1 else same
    return ordered


def _in_canonical_order(problem: Problem) -> list[Shipment]:
    tasks = [task for lock in problem.locks for task in lock.tasks]
    locked = {task.shipment_id for task in tasks}
    carried = {had.shipment_id for lock in problem.locks for had in lock.on_board}

    def rank(one: Shipment) -> Any:
        ways = [grid[one.pickup.point][one.delivery.point] for grid in marks.grids]
        return ways, _shipment_key(one), one.id in locked, one.id in carried

    def ends(one: Shipment) -> Any:
        return marks[one.pickup.point], marks[one.delivery.point]

    marks = Marks(problem)
    return _ranked(problem.shipments, rank, ends)


def _window_key(window: TimeWindow) -> tuple[int, int]:
    return window.from_s, window.until_s


def _handling_key(handling: Handling) -> Any:
    return handling.service_s, tuple(map(_window_key, handling.windows))


def _or_least(value: int | None) -> int:
    return -1 if value is None else value


def _shipment_key(one: Shipment) -> Any:
    return (
        _handling_key(one.pickup),
        _handling_key(one.delivery),
        one.amounts,
        sorted(one.skills),
        _or_least(one.max_on_board_s),
        _or_least(one.prize),
    )


def _rest_key(rest: Break | None) -> Any:
    return () if rest is None else (*_window_key(rest.window), rest.duration_s)


def _vehicle_key(one: Vehicle) -> Any:
    return (
        (one.profile, one.end is None, one.capacity, sorted(one.skills)),
        (_window_key(one.shift), _rest_key(one.rest)),
        (_or_least(one.max_route_s), _or_least(one.max_route_m), _or_least(one.max_stops)),
        (one.cost_per_m, one.cost_per_s, one.fixed_cost),
    )
