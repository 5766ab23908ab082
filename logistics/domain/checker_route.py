"""What can be wrong with one route, worked out from the problem alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from logistics.domain.matrix import UNREACHABLE, Matrix
from logistics.domain.problem import Lock, Problem, Shipment, TaskKind
from logistics.domain.solution import PlannedTask, Route, Solution


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: a stable code, and the vehicle, shipment or both that it is about."""

    code: str
    vehicle_id: str = ""
    shipment_id: str = ""


class RouteCheck:
    """All rules of one route, walked from start to end."""

    def __init__(
        self,
        problem: Problem,
        solution: Solution,
        route: Route,
        shipments: dict[str, Shipment],
        bound_to: dict[str, str],
    ) -> None:
        self.problem = problem
        self.route = route
        self.tasks = route.tasks
        self.shipments = shipments
        self.points = [shipments[task.shipment_id].handling(task.kind).point for task in self.tasks]
        self.bound_to = bound_to
        self.unassigned = solution.unassigned
        self.vehicle = next(v for v in problem.vehicles if v.id == route.vehicle_id)
        self.matrix: Matrix = next(m for m in problem.matrices if m.profile == self.vehicle.profile)
        bound = (lock for lock in problem.locks if lock.vehicle_id == route.vehicle_id)
        self.lock = next(bound, Lock(route.vehicle_id))
        self.loaded_at = {had.shipment_id: had.loaded_at_s for had in self.lock.on_board}

    def violations(self) -> list[Violation]:
        rules = (
            self._places,
            self._order,
            self._driving,
            self._windows,
            self._rest,
            self._load,
            self._skills,
            self._time_on_board,
            self._limits,
            self._lock,
            self._figures,
        )
        return [violation for rule in rules for violation in rule()]

    def _broken(self, code: str, shipment_id: str = "") -> Violation:
        return Violation(code, self.vehicle.id, shipment_id)

    def _places(self) -> Iterator[Violation]:
        for task in self.tasks:
            handling = self.shipments[task.shipment_id].handling(task.kind)
            if task.point != handling.point:
                yield self._broken("wrong_point", task.shipment_id)
            if task.departure_s != task.start_s + handling.service_s:
                yield self._broken("wrong_service_time", task.shipment_id)

    def _order(self) -> Iterator[Violation]:
        """Pickup before delivery in the same vehicle; what is aboard is only delivered."""
        aboard = set(self.loaded_at)
        for task in self.tasks:
            if task.kind is TaskKind.PICKUP:
                if task.shipment_id in aboard:
                    yield self._broken("picked_up_twice", task.shipment_id)
                aboard.add(task.shipment_id)
            elif task.shipment_id in aboard:
                aboard.remove(task.shipment_id)
            else:
                yield self._broken("delivered_before_pickup", task.shipment_id)
        for shipment_id in sorted(aboard - set(self.unassigned)):
            yield self._broken("never_delivered", shipment_id)

    def _legs(self) -> Iterator[tuple[int, int, int, int | None, PlannedTask | None]]:
        """(from point, left at, needed before what follows, to point, next task) of each leg."""
        here, left_s = self.vehicle.start, self.route.start_s
        for number, (task, there) in enumerate(zip(self.tasks, self.points, strict=True)):
            same_visit = number > 0 and here == there
            yield here, left_s, 0 if same_visit else self.problem.setup_s[there], there, task
            here, left_s = there, task.departure_s
        yield here, left_s, 0, self.vehicle.end, None

    def _driving(self) -> Iterator[Violation]:
        """Each leg has time for the way, the set-up and the break that falls into it."""
        for here, left_s, setup_s, there, task in self._legs():
            shipment_id = task.shipment_id if task else ""
            way_s = 0 if there is None else self.matrix.durations_s[here][there]
            if way_s == UNREACHABLE:
                yield self._broken("unreachable", shipment_id)
                continue
            reached_s, begun_s = (
                (task.arrival_s, task.start_s) if task else (self.route.end_s, self.route.end_s)
            )
            if reached_s < left_s + way_s + self._rested_between(left_s, reached_s):
                yield self._broken("too_fast", shipment_id)
            if begun_s < left_s + way_s + setup_s + self._rested_between(left_s, begun_s):
                yield self._broken("no_time_for_set_up_or_break", shipment_id)
            if begun_s < reached_s + setup_s + self._rested_between(reached_s, begun_s):
                yield self._broken("service_before_set_up", shipment_id)

    def _rested_between(self, from_s: int, until_s: int) -> int:
        rest, begins_s = self.vehicle.rest, self.route.rest_s
        if rest is None or begins_s is None:
            return 0
        return max(0, min(until_s, begins_s + rest.duration_s) - max(from_s, begins_s))

    def _windows(self) -> Iterator[Violation]:
        for task in self.tasks:
            windows = self.shipments[task.shipment_id].handling(task.kind).windows
            if not any(w.from_s <= task.start_s < w.until_s for w in windows):
                yield self._broken("outside_window", task.shipment_id)
        shift = self.vehicle.shift
        if self.route.start_s < shift.from_s or self.route.end_s > shift.until_s:
            yield self._broken("outside_shift")

    def _rest(self) -> Iterator[Violation]:
        rest, begins_s = self.vehicle.rest, self.route.rest_s
        if (rest is None) != (begins_s is None):
            yield self._broken("break_missing" if rest else "break_unknown")
        if rest is None or begins_s is None:
            return
        if not rest.window.from_s <= begins_s < rest.window.until_s:
            yield self._broken("break_outside_window")
        ends_s = begins_s + rest.duration_s
        for task in self.tasks:
            overlaps = task.start_s < ends_s and begins_s < task.departure_s
            if overlaps or begins_s < task.start_s < ends_s:
                yield self._broken("break_during_service", task.shipment_id)

    def _load(self) -> Iterator[Violation]:
        load = [0] * len(self.problem.dimensions)
        for shipment_id in self.loaded_at:
            load = [a + b for a, b in zip(load, self.shipments[shipment_id].amounts, strict=True)]
        most = [max(pair) for pair in zip(self.vehicle.capacity, load, strict=True)]
        for task in self.tasks:
            sign = 1 if task.kind is TaskKind.PICKUP else -1
            amounts = self.shipments[task.shipment_id].amounts
            load = [a + sign * b for a, b in zip(load, amounts, strict=True)]
            if tuple(load) != task.load:
                yield self._broken("wrong_load", task.shipment_id)
            if any(carried > limit for carried, limit in zip(load, most, strict=True)):
                yield self._broken("over_capacity", task.shipment_id)

    def _skills(self) -> Iterator[Violation]:
        """What is locked to this vehicle was agreed before and is not asked again."""
        agreed = {task.shipment_id for task in self.lock.tasks} | set(self.loaded_at)
        for task in self.tasks:
            lacking = self.shipments[task.shipment_id].skills - self.vehicle.skills
            if lacking and task.shipment_id not in agreed:
                yield self._broken("skill_missing", task.shipment_id)

    def _time_on_board(self) -> Iterator[Violation]:
        loaded_at = dict(self.loaded_at)
        for task in self.tasks:
            if task.kind is TaskKind.PICKUP:
                loaded_at[task.shipment_id] = task.departure_s
                continue
            longest = self.shipments[task.shipment_id].max_on_board_s
            since_s = loaded_at.get(task.shipment_id, task.start_s)
            if longest is not None and task.start_s - since_s > longest:
                yield self._broken("too_long_on_board", task.shipment_id)

    def _limits(self) -> Iterator[Violation]:
        vehicle, route = self.vehicle, self.route
        if vehicle.max_route_s is not None and route.end_s - route.start_s > vehicle.max_route_s:
            yield self._broken("route_too_long")
        if vehicle.max_route_m is not None and self._metres() > vehicle.max_route_m:
            yield self._broken("route_too_far")
        if vehicle.max_stops is not None and self._stops() > vehicle.max_stops:
            yield self._broken("too_many_stops")

    def _stops(self) -> int:
        return 1 + sum(a != b for a, b in pairwise(self.points))

    def _lock(self) -> Iterator[Violation]:
        """The lock's tasks come first; shipments given back as unassigned are released."""
        kept = [t for t in self.lock.tasks if t.shipment_id not in self.unassigned]
        if [task.task for task in self.tasks[: len(kept)]] != kept:
            yield self._broken("lock_broken")
        for shipment_id in sorted({task.shipment_id for task in self.tasks}):
            if self.bound_to.get(shipment_id, self.vehicle.id) != self.vehicle.id:
                yield self._broken("locked_to_another_vehicle", shipment_id)

    def _ways(self, matrix: Iterable[tuple[int, ...]]) -> int:
        rows = tuple(matrix)
        return sum(rows[here][there] for here, _, _, there, _ in self._legs() if there is not None)

    def _metres(self) -> int:
        return self._ways(self.matrix.distances_m)

    def _figures(self) -> Iterator[Violation]:
        route, vehicle = self.route, self.vehicle
        driving_s = self._ways(self.matrix.durations_s)
        away_s = route.end_s - route.start_s
        if route.distance_m != self._metres():
            yield self._broken("wrong_distance")
        if route.driving_s != driving_s:
            yield self._broken("wrong_driving_time")
        busy_s = sum(task.departure_s - task.start_s for task in self.tasks)
        setup_s = sum(setup for _, _, setup, _, _ in self._legs())
        if route.waiting_s != away_s - driving_s - busy_s - setup_s:
            yield self._broken("wrong_waiting_time")
        expected = self._metres() * vehicle.cost_per_m, away_s * vehicle.cost_per_s
        cost = route.cost
        if (cost.distance, cost.time, cost.fixed) != (*expected, vehicle.fixed_cost):
            yield self._broken("wrong_cost")
        if cost.unserved or cost.missed:
            yield self._broken("wrong_cost")
