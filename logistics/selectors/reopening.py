"""Routes on offer that nobody has answered yet, opened again: what a plan may change at a price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from logistics.domain.drafts import RouteDraft
from logistics.domain.offering import COST_MG_PER_ROUTE
from logistics.domain.problem import Lock, Problem, Task, Vehicle
from logistics.domain.problem import Shipment as SolverShipment
from logistics.domain.solution import Solution
from logistics.domain.stability import replacements, touched
from logistics.domain.uncertainty import Punctuality
from logistics.models import Route, RouteStatus, Shipment
from logistics.selectors.drafting import route_drafts
from logistics.selectors.planning import PlanningInputs, avoided_by, lock_of, tasks_of
from logistics.selectors.solver_shipments import as_waiting, boxes_of, skill


@dataclass(frozen=True, slots=True)
class RouteChange:
    """What must happen at once: routes (with their versions) taken back, and others offered."""

    taken_back: tuple[tuple[UUID, int], ...]
    drafts: tuple[RouteDraft, ...]


@dataclass(frozen=True, slots=True)
class Reopened:
    """The problem of the inputs without locks on the offers; every shipment on them must be served.

    `promised` is all that each vehicle is to do first, locked or on offer; `offers` are the routes
    that stand behind it and may be taken back.
    """

    inputs: PlanningInputs
    promised: Mapping[str, tuple[Task, ...]]
    offers: Mapping[str, Sequence[Route]]


def reopened(inputs: PlanningInputs) -> Reopened | None:
    """None when no offer waits for an answer."""
    offers = {name: _last_offers(routes) for name, routes in inputs.committed.items()}
    offers = {name: routes for name, routes in offers.items() if routes}
    if not offers:
        return None
    rows = [shipment for routes in offers.values() for shipment, _ in tasks_of(routes)]
    problem = _opened(inputs, offers, {str(row.pk): row for row in rows})
    promised = {
        name: tuple(Task(str(row.pk), kind) for row, kind in tasks_of(inputs.committed[name]))
        for name in offers
    }
    return Reopened(replace(inputs, problem=problem), promised, offers)


def route_changes(
    opened: Reopened, solution: Solution, punctuality: Punctuality
) -> Iterator[RouteChange]:
    """From a plan that does not keep every promise to what is taken back and offered instead."""
    broken = touched(opened.promised, solution, opened.promised)
    kept = {name: tasks for name, tasks in opened.promised.items() if name not in broken}
    added = {
        str(draft.shift_id): draft
        for draft in route_drafts(opened.inputs, solution, punctuality, kept)
    }
    for group in replacements(opened.promised, solution):
        routes = [route for name in group if name in broken for route in opened.offers[name]]
        yield RouteChange(
            tuple((route.pk, route.version) for route in routes),
            tuple(added.pop(name) for name in group if name in added),
        )
    yield from (RouteChange((), (draft,)) for draft in added.values())


def _last_offers(routes: Sequence[Route]) -> Sequence[Route]:
    """Those after the last route that was answered with a yes."""
    kept = len(routes)
    while kept and routes[kept - 1].status == RouteStatus.OFFERED:
        kept -= 1
    return routes[kept:]


def _opened(
    inputs: PlanningInputs, offers: Mapping[str, Sequence[Route]], rows: Mapping[str, Shipment]
) -> Problem:
    problem = inputs.problem
    avoided = avoided_by(list(rows.values()))
    everybody = {one for group in avoided.values() for one in group}
    return replace(
        problem,
        shipments=tuple(_open_shipments(inputs, rows, avoided)),
        vehicles=tuple(_open_vehicle(inputs, each, offers, everybody) for each in problem.vehicles),
        locks=tuple(_open_lock(inputs, each, offers) for each in problem.locks),
        skills=problem.skills | {skill(one) for one in everybody},
    )


def _open_shipments(
    inputs: PlanningInputs, rows: Mapping[str, Shipment], avoided: Mapping[UUID, set[UUID]]
) -> Iterator[SolverShipment]:
    boxes = boxes_of(list(inputs.shifts.values()))
    for each in inputs.problem.shipments:
        if each.id in rows:
            row = rows[each.id]
            yield as_waiting(each, row, avoided=avoided, boxes=boxes, epoch=inputs.epoch)
        else:
            yield each


def _open_vehicle(
    inputs: PlanningInputs,
    vehicle: Vehicle,
    offers: Mapping[str, Sequence[Route]],
    everybody: set[UUID],
) -> Vehicle:
    """One whose routes are all open again can be left at home, which saves its fixed cost."""
    own = inputs.shifts[vehicle.id].courier_id
    skills = vehicle.skills | {skill(one) for one in everybody if one != own}
    is_free = len(offers.get(vehicle.id, ())) == len(inputs.committed[vehicle.id])
    return replace(
        vehicle,
        skills=skills,
        fixed_cost=COST_MG_PER_ROUTE if is_free else vehicle.fixed_cost,
    )


def _open_lock(inputs: PlanningInputs, lock: Lock, offers: Mapping[str, Sequence[Route]]) -> Lock:
    routes = inputs.committed[lock.vehicle_id]
    kept = routes[: len(routes) - len(offers.get(lock.vehicle_id, ()))]
    return lock_of(inputs.shifts[lock.vehicle_id], kept, inputs.epoch)
