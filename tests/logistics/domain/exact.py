"""The best plan of a small problem by CP-SAT: a second opinion that was written for tests.

No breaks, no locks. Times are free, so a route may end later where that makes it shorter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from logistics.domain.problem import UNREACHABLE, Handling, Problem, TaskKind, Vehicle

HOME = 0
"""The node at which a vehicle's circuit begins and ends; tasks follow, pickups odd."""

MISSED = 10**9


@dataclass(frozen=True)
class Arc:
    """One step of one vehicle, and whether it is taken."""

    here: int
    there: int
    taken: Any


def best_key(problem: Problem, *, seconds: float = 30.0) -> tuple[int, int]:
    """Mandatory shipments missed, then all cost, of a plan that is proved to be the best."""
    model = _Model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model.cp)
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    missed, cost = divmod(round(solver.objective_value), MISSED)
    return missed, cost


class _Model:
    """One circuit per vehicle through the tasks that it serves."""

    def __init__(self, problem: Problem) -> None:
        assert not problem.locks
        assert all(van.rest is None for van in problem.vehicles)
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.tasks: list[Handling] = []
        for one in problem.shipments:
            self.tasks += [one.handling(kind) for kind in TaskKind]
        self.start = [self._start_of(task) for task in self.tasks]
        self.rank = [self.cp.new_int_var(1, len(self.tasks), "") for _ in self.tasks]
        self.load = [
            [self.cp.new_int_var(0, 10**6, "") for _ in problem.dimensions] for _ in self.tasks
        ]
        self.by = [[self.cp.new_bool_var("") for _ in problem.vehicles] for _ in problem.shipments]
        costs = [self._vehicle(number, van) for number, van in enumerate(problem.vehicles)]
        self.cp.minimize(sum(costs) + sum(map(self._shipment, range(len(problem.shipments)))))

    def _start_of(self, task: Handling) -> Any:
        windows = [[w.from_s, w.until_s - 1] for w in task.windows]
        return self.cp.new_int_var_from_domain(cp_model.Domain.from_intervals(windows), "")

    def _shipment(self, number: int) -> Any:
        """What leaving it out costs; pickup first, and not too long on board."""
        shipment, by = self.problem.shipments[number], self.by[number]
        pickup, delivery = 2 * number, 2 * number + 1
        served = sum(by)
        self.cp.add(served <= 1)
        loaded = self.start[pickup] + shipment.pickup.service_s
        for van, mine in zip(self.problem.vehicles, by, strict=True):
            self.cp.add(self.rank[pickup] < self.rank[delivery]).only_enforce_if(mine)
            if shipment.max_on_board_s is not None:
                on_board = self.start[delivery] - loaded
                self.cp.add(on_board <= shipment.max_on_board_s).only_enforce_if(mine)
            if not shipment.skills <= van.skills:
                self.cp.add(mine == 0)
        return (MISSED if shipment.prize is None else shipment.prize) * (1 - served)

    def _vehicle(self, number: int, van: Vehicle) -> Any:
        """What its route costs."""
        first_s, last_s = van.shift.from_s, van.shift.until_s
        departs, ends = (self.cp.new_int_var(first_s, last_s, "") for _ in range(2))
        idle = self.cp.new_bool_var("")
        arcs = list(self._arcs(van))
        circuit = [(arc.here, arc.there, arc.taken) for arc in arcs] + [(HOME, HOME, idle)]
        for task in range(len(self.tasks)):
            circuit.append((task + 1, task + 1, ~self.by[task // 2][number]))
        self.cp.add_circuit(circuit)
        for arc in arcs:
            self._follow(arc, van, departs, ends)
        self._limit_loads(number, van)
        self.cp.add(departs == ends).only_enforce_if(idle)
        metres = sum(self._metres(arc, van) * arc.taken for arc in arcs)
        visits = sum(arc.taken for arc in arcs if self._new_visit(arc))
        for most, spent in (
            (van.max_route_s, ends - departs),
            (van.max_route_m, metres),
            (van.max_stops, visits),
        ):
            if most is not None:
                self.cp.add(spent <= most)
        away = van.cost_per_s * (ends - departs)
        return metres * van.cost_per_m + away + van.fixed_cost * (1 - idle)

    def _arcs(self, van: Vehicle) -> Iterator[Arc]:
        """Every step that a way exists for."""
        drive = self.problem.matrix(van.profile).durations_s
        nodes = range(len(self.tasks) + 1)
        for here in nodes:
            for there in nodes:
                way = self._points(here, there, van)
                if here != there and (way is None or drive[way[0]][way[1]] != UNREACHABLE):
                    yield Arc(here, there, self.cp.new_bool_var(""))

    def _points(self, here: int, there: int, van: Vehicle) -> tuple[int, int] | None:
        """From where to where; None when the route is over where it stands."""
        last = van.end if there == HOME else self.tasks[there - 1].point
        if last is None:
            return None
        return (van.start if here == HOME else self.tasks[here - 1].point), last

    def _metres(self, arc: Arc, van: Vehicle) -> int:
        way = self._points(arc.here, arc.there, van)
        return 0 if way is None else self.problem.matrix(van.profile).distances_m[way[0]][way[1]]

    def _new_visit(self, arc: Arc) -> bool:
        if arc.there == HOME:
            return False
        there = self.tasks[arc.there - 1].point
        return arc.here == HOME or self.tasks[arc.here - 1].point != there

    def _follow(self, arc: Arc, van: Vehicle, departs: Any, ends: Any) -> None:
        """Time, place in the order and load behind a step that is taken."""
        way = self._points(arc.here, arc.there, van)
        drive = self.problem.matrix(van.profile).durations_s
        leg_s = 0 if way is None else drive[way[0]][way[1]]
        leg_s += self.problem.setup_s[way[1]] if way is not None and self._new_visit(arc) else 0
        here, there = arc.here - 1, arc.there - 1
        left = departs if arc.here == HOME else self.start[here] + self.tasks[here].service_s
        begun = ends if arc.there == HOME else self.start[there]
        self.cp.add(begun >= left + leg_s).only_enforce_if(arc.taken)
        if arc.there == HOME:
            return
        if arc.here != HOME:
            self.cp.add(self.rank[there] == self.rank[here] + 1).only_enforce_if(arc.taken)
        amounts = self.problem.shipments[there // 2].amounts
        for d, amount in enumerate(amounts):
            before = 0 if arc.here == HOME else self.load[here][d]
            change = amount if there % 2 == 0 else -amount
            self.cp.add(self.load[there][d] == before + change).only_enforce_if(arc.taken)

    def _limit_loads(self, number: int, van: Vehicle) -> None:
        for task, loads in enumerate(self.load):
            for load, most in zip(loads, van.capacity, strict=True):
                self.cp.add(load <= most).only_enforce_if(self.by[task // 2][number])
