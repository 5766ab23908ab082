"""Takes a planned shipment off its route: it waits for another."""

from datetime import datetime

from django.db import transaction

from backend.claims.actions.step_claim import locked_claim
from backend.common.actor import Actor
from logistics.actions.change_shipment import change_shipment
from logistics.actions.refresh_claim_schedule import refresh_claim_schedule
from logistics.domain.lifecycle import ShipmentStatus
from logistics.models import Route, Shipment


@transaction.atomic
def release_shipment(
    *, shipment: Shipment, by: Actor, now: datetime, route: Route, reason: str = ""
) -> None:
    """A planned shipment waits again, and its claim is no longer scheduled.

    The claim is held before the shipment is changed. Of several, the caller holds the claims.
    """
    locked_claim(shipment.claim_id)
    change_shipment(
        shipment=shipment,
        to=ShipmentStatus.WAITING,
        by=by,
        now=now,
        route=route,
        reason=reason,
    )
    refresh_claim_schedule(claim_id=shipment.claim_id, by=by, now=now)
