"""From a solver's routes to what is stored and offered: visits at locations with instants."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from logistics.domain.drafts import RouteDraft, StopDraft
from logistics.domain.problem import Task, TaskKind
from logistics.domain.solution import PlannedTask, Route, Solution
from logistics.domain.uncertainty import Punctuality
from logistics.selectors.planning import PlanningInputs


def route_drafts(
    inputs: PlanningInputs,
    solution: Solution,
    punctuality: Punctuality,
    kept: Mapping[str, Sequence[Task]] | None = None,
) -> Iterator[RouteDraft]:
    """What the plan adds to each shift, after the tasks that were fixed before.

    `kept` are by vehicle tasks on routes that stand, though the plan was free to move them.
    """
    for route in solution.routes:
        bound = inputs.problem.lock(route.vehicle_id).shipment_ids()
        bound |= {task.shipment_id for task in (kept or {}).get(route.vehicle_id, ())}
        added = tuple(task for task in route.tasks if task.shipment_id not in bound)
        before = tuple(task for task in route.tasks if task.shipment_id in bound)
        if added:
            yield _draft(inputs, route, added, before=before, punctuality=punctuality)


def _draft(
    inputs: PlanningInputs,
    route: Route,
    added: tuple[PlannedTask, ...],
    *,
    before: tuple[PlannedTask, ...],
    punctuality: Punctuality,
) -> RouteDraft:
    vehicle = inputs.problem.vehicle(route.vehicle_id)
    start_s = before[-1].departure_s if before else route.start_s
    origin = before[-1].point if before else vehicle.start
    ids = sorted({planned.shipment_id for planned in added})
    stops = tuple(_stops(inputs, added, origin, vehicle.profile, punctuality))
    shift = inputs.shifts[route.vehicle_id]
    return RouteDraft(
        shift_id=shift.pk,
        shift_version=shift.version,
        shipment_versions=tuple((UUID(one), inputs.shipments[one].version) for one in ids),
        stops=stops,
        starts_at=_instant(inputs, start_s),
        ends_at=_instant(inputs, max(route.end_s, added[-1].departure_s)),
        distance_m=_distance_m(inputs, route, added, origin),
        is_estimated=inputs.is_estimated,
        on_time_share=punctuality.routes[route.vehicle_id],
    )


def _stops(
    inputs: PlanningInputs,
    added: tuple[PlannedTask, ...],
    origin: int,
    profile: str,
    punctuality: Punctuality,
) -> Iterator[StopDraft]:
    """The visits; each is as likely on time as the least likely of its tasks."""
    metres = inputs.problem.matrix(profile).distances_m
    here = origin
    for visit in _visits(inputs, added):
        first, last = visit[0], visit[-1]
        yield StopDraft(
            location_id=_location(inputs, first),
            arrive_at=_instant(inputs, first.arrival_s),
            service_from_at=_instant(inputs, first.start_s),
            leave_at=_instant(inputs, last.departure_s),
            distance_m=metres[here][first.point],
            tasks=tuple(
                (UUID(planned.shipment_id), planned.kind is TaskKind.PICKUP) for planned in visit
            ),
            on_time_share=min(punctuality.tasks[planned.task] for planned in visit),
        )
        here = first.point


def _visits(inputs: PlanningInputs, added: tuple[PlannedTask, ...]) -> Iterator[list[PlannedTask]]:
    """Runs of tasks at one location: two organizations in one building are two visits."""
    visit: list[PlannedTask] = []
    for planned in added:
        if visit and _location(inputs, planned) != _location(inputs, visit[-1]):
            yield visit
            visit = []
        visit.append(planned)
    yield visit


def _location(inputs: PlanningInputs, planned: PlannedTask) -> UUID:
    shipment = inputs.shipments[planned.shipment_id]
    if planned.kind is TaskKind.PICKUP:
        return shipment.pickup_location_id
    return shipment.delivery_location_id


def _distance_m(
    inputs: PlanningInputs, route: Route, added: tuple[PlannedTask, ...], origin: int
) -> int:
    """Metres from the origin over the added tasks and on to the end point, if there is one."""
    vehicle = inputs.problem.vehicle(route.vehicle_id)
    metres = inputs.problem.matrix(vehicle.profile).distances_m
    points = [origin, *(planned.point for planned in added)]
    if vehicle.end is not None:
        points.append(vehicle.end)
    return sum(metres[here][there] for here, there in pairwise(points))


def _instant(inputs: PlanningInputs, seconds: int) -> datetime:
    return inputs.epoch + timedelta(seconds=seconds)
