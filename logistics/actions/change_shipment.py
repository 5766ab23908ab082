"""The one place where a shipment's status changes, with its event."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from backend.common import lifecycle
from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition
from logistics.actions.tell_shipment import tell_shipment
from logistics.domain.lifecycle import SHIPMENT_NEXT, ShipmentStatus
from logistics.models import Commitment, Route, Shipment

#: In these a shipment is on a route; in all others no route holds it.
ON_ROUTE = (ShipmentStatus.PLANNED, ShipmentStatus.ON_BOARD)


@transaction.atomic
def change_shipment(
    *,
    shipment: Shipment,
    to: ShipmentStatus,
    by: Actor,
    now: datetime,
    route: Route | None = None,
    reason: str = "",
    is_fact: bool = False,
) -> Shipment:
    """Compares and sets the status; frees the route when the shipment leaves it.

    `is_fact`: a hand-over says so, and facts may pass several steps of the life at once.
    Raises IllegalTransition when the life has no such step or somebody changed it meanwhile.
    """
    here = ShipmentStatus(shipment.status)
    if not is_fact:
        lifecycle.advance(SHIPMENT_NEXT, here, to)
    changed = Shipment.objects.filter(pk=shipment.pk, status=here, version=shipment.version).update(
        status=to, unassigned_reason="", version=F("version") + 1
    )
    if not changed:
        raise IllegalTransition(here.value, to.value)
    shipment.refresh_from_db()
    if to not in ON_ROUTE:
        Commitment.objects.filter(shipment=shipment).delete()
    tell_shipment(
        f"shipment.{to.value}", shipment=shipment, by=by, now=now, route=route, reason=reason
    )
    return shipment
