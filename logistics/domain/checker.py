"""Checks a plan against its problem, sharing no code with the solvers or the schedule.

Reads only the problem and the plan, and believes nothing that the plan says of itself. Every rule
that a plan can break has a code; a plan is valid when `check` returns nothing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple

from logistics.domain.checker_reasons import wrong_reasons
from logistics.domain.checker_route import RouteCheck, Violation
from logistics.domain.problem import Problem, Shipment, Task, TaskKind, Vehicle
from logistics.domain.solution import Solution

__all__ = ["Violation", "check"]


def check(problem: Problem, solution: Solution) -> list[Violation]:
    """Everything that is wrong with the plan, in a stable order."""
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    found = [*_names(solution, shipments, vehicles), *_numbers(solution)]
    if found:
        return found
    found += _served_once(problem, solution)
    bound_to = {name: lock.vehicle_id for lock in problem.locks for name in lock.shipment_ids()}
    for route in solution.routes:
        found += RouteCheck(problem, solution, route, shipments, bound_to).violations()
    found += _idle_locks(problem, solution)
    found += (Violation("wrong_reason", "", one) for one in wrong_reasons(problem, solution))
    found += _total_cost(solution, shipments)
    return found


def _names(
    solution: Solution, shipments: dict[str, Shipment], vehicles: dict[str, Vehicle]
) -> Iterator[Violation]:
    """Names must exist before anything else can be looked up."""
    routes = Counter(route.vehicle_id for route in solution.routes)
    yield from (Violation("unknown_vehicle", one) for one in routes if one not in vehicles)
    yield from (Violation("vehicle_twice", one) for one, times in routes.items() if times > 1)
    for route in solution.routes:
        if not route.tasks:
            yield Violation("empty_route", route.vehicle_id)
    named = [(r.vehicle_id, task.shipment_id) for r in solution.routes for task in r.tasks]
    named += [("", shipment_id) for shipment_id in solution.unassigned]
    yield from (Violation("unknown_shipment", *both) for both in named if both[1] not in shipments)


def _numbers(solution: Solution) -> Iterator[Violation]:
    """Comparisons with NaN are always false, and other kinds of numbers do not survive JSON."""
    for route in solution.routes:
        numbers = [route.start_s, route.end_s, route.distance_m, route.driving_s, route.waiting_s]
        numbers += [] if route.rest_s is None else [route.rest_s]
        numbers += astuple(route.cost)
        for task in route.tasks:
            numbers += [task.point, task.arrival_s, task.start_s, task.departure_s, *task.load]
        if set(map(type, numbers)) != {int}:
            yield Violation("not_a_whole_number", route.vehicle_id)
    if set(map(type, astuple(solution.cost))) != {int}:
        yield Violation("not_a_whole_number")


def _served_once(problem: Problem, solution: Solution) -> Iterator[Violation]:
    carried = {had.shipment_id: lock.vehicle_id for lock in problem.locks for had in lock.on_board}
    done = Counter(task.task for route in solution.routes for task in route.tasks)
    for shipment in problem.shipments:
        pickups = done[Task(shipment.id, TaskKind.PICKUP)]
        deliveries = done[Task(shipment.id, TaskKind.DELIVERY)]
        if shipment.id in solution.unassigned:
            if pickups or deliveries:
                yield Violation("served_and_unassigned", "", shipment.id)
        elif not pickups and not deliveries:
            yield Violation("lost_shipment", "", shipment.id)
        elif (pickups, deliveries) != (0 if shipment.id in carried else 1, 1):
            yield Violation("not_paired", "", shipment.id)


def _idle_locks(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A vehicle with locked tasks that are still served must have a route."""
    moving = {route.vehicle_id for route in solution.routes}
    for lock in problem.locks:
        kept = [t for t in lock.tasks if t.shipment_id not in solution.unassigned]
        if kept and lock.vehicle_id not in moving:
            yield Violation("lock_broken", lock.vehicle_id)


def _total_cost(solution: Solution, shipments: dict[str, Shipment]) -> Iterator[Violation]:
    prizes = [shipments[shipment_id].prize for shipment_id in solution.unassigned]
    costs = [route.cost for route in solution.routes]
    expected = (
        sum(cost.distance for cost in costs),
        sum(cost.time for cost in costs),
        sum(cost.fixed for cost in costs),
        sum(prize for prize in prizes if prize is not None),
        sum(prize is None for prize in prizes),
    )
    cost = solution.cost
    if (cost.distance, cost.time, cost.fixed, cost.unserved, cost.missed) != expected:
        yield Violation("wrong_total_cost")
    if solution.bound is not None and not solution.bound <= cost.total:
        yield Violation("bound_above_cost")
