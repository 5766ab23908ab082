"""Closes a visit of which everything has happened, and ends a route that is over."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.custody.models import HandOverLine
from logistics.actions.change_shipment import ON_ROUTE
from logistics.actions.change_stop import change_stop
from logistics.actions.finish_route_if_done import finish_route_if_done
from logistics.domain.lifecycle import OPEN_STOPS, ShipmentStatus, StopStatus
from logistics.models import ShipmentLine, Stop
from logistics.selectors.locking import lock_route

_OPEN = (ShipmentStatus.WAITING, *ON_ROUTE)
#: Somebody was there for these, here or elsewhere.
_MOVED = (ShipmentStatus.ON_BOARD, ShipmentStatus.DELIVERED, ShipmentStatus.RETURNED)


@transaction.atomic
def close_stop_if_done(*, stop: Stop, by: Actor, now: datetime) -> Stop:
    """Marks a visit done when everything it was for has happened, and ends a route that is over."""
    lock_route(route_id=stop.route_id)
    stop.refresh_from_db(fields=["status", "version"])
    tasks = list(stop.tasks.select_related("shipment"))
    handed = set(_handed_over_at(stop))
    over = [
        task.shipment_id in handed
        or task.shipment.status not in _OPEN
        or (task.is_pickup and task.shipment.status == ShipmentStatus.ON_BOARD)
        for task in tasks
    ]
    if all(over):
        done = any(task.shipment_id in handed or task.shipment.status in _MOVED for task in tasks)
        if done or stop.status in OPEN_STOPS:
            to = StopStatus.DONE if done else StopStatus.SKIPPED
            stop = change_stop(stop=stop, to=to, by=by, now=now, ended_at=now)
    finish_route_if_done(route=stop.route, by=by, now=now)
    return stop


def _handed_over_at(stop: Stop) -> Iterable[UUID]:
    """Shipments of which some line was handed over, or refused, during this visit."""
    lines = HandOverLine.objects.filter(hand_over__visit_id=stop.pk)
    own = ShipmentLine.objects.filter(claim_line__in=lines.values("claim_line"))
    return own.values_list("shipment_id", flat=True)
