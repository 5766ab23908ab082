"""A courier says why nothing could be handed over at a stop."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.custody.actions.record_attempt import record_attempt
from backend.custody.models import Attempt, AttemptReason
from logistics.actions.change_stop import change_stop
from logistics.actions.drop_from_route import drop_from_route
from logistics.actions.finish_route_if_done import finish_route_if_done
from logistics.actions.release_shipment import release_shipment
from logistics.domain.lifecycle import OPEN_STOPS, RouteStatus, ShipmentStatus, StopStatus
from logistics.models import Stop, StopTask
from logistics.permissions import driven_stop
from logistics.selectors.locking import lock_route


@transaction.atomic
def fail_stop(
    *,
    stop_id: UUID,
    client_id: UUID,
    reason: AttemptReason,
    at: datetime,
    by: Actor,
    now: datetime,
) -> Stop:
    """Nothing could be handed over here: what was to be fetched waits for another route.

    What was to be delivered stays on board; the stop can still be done later, or the food be
    returned or disposed of. A repetition changes nothing; of a route or visit that has ended only
    the fact is stored. Raises NotFound, NotUnderWay.
    """
    stop = driven_stop(stop_id, by)
    lock_route(route_id=stop.route_id)
    stop.refresh_from_db(fields=["status", "version"])
    if Attempt.objects.filter(client_id=client_id, visit_id=stop.pk).exists():
        return stop
    tasks = list(stop.tasks.select_related("shipment__claim__listing"))
    visited = {(task.shipment.claim_id, task.is_pickup) for task in tasks if _is_open(task)}
    for number, (claim_id, is_pickup) in enumerate(sorted(visited)):
        record_attempt(
            client_id=_numbered(client_id, number),
            claim_id=claim_id,
            is_pickup=is_pickup,
            reason=reason,
            at=at,
            by=by,
            now=now,
            visit_id=stop.pk,
            courier_id=stop.route.courier_id,
        )
    if stop.route.status == RouteStatus.UNDER_WAY and stop.status in OPEN_STOPS:
        _close(stop, tasks, reason.value, by=by, now=now)
    return stop


def _is_open(task: StopTask) -> bool:
    """Whether there was still something to hand over."""
    there = ShipmentStatus.PLANNED if task.is_pickup else ShipmentStatus.ON_BOARD
    return task.shipment.status == there


def _close(stop: Stop, tasks: Sequence[StopTask], reason: str, *, by: Actor, now: datetime) -> None:
    route = stop.route
    change_stop(stop=stop, to=StopStatus.FAILED, by=by, now=now, reason=reason, ended_at=now)
    for task in tasks:
        if task.is_pickup and _is_open(task):
            release_shipment(shipment=task.shipment, by=by, now=now, route=route, reason=reason)
            drop_from_route(shipment=task.shipment, route=route, by=by, now=now)
    finish_route_if_done(route=route, by=by, now=now)


def _numbered(client_id: UUID, number: int) -> UUID:
    """One id for each claim of a failed visit, the same when the device sends it again."""
    return UUID(int=(client_id.int + number) % (1 << 128))
