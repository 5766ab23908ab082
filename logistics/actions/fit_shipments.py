"""Brings a claim's shipments to what is left of it."""

from datetime import datetime

from django.db import transaction

from backend.claims.models import Claim
from backend.common.actor import Actor
from logistics.actions.cancel_shipments import BEFORE_COLLECTION, take_off
from logistics.actions.refresh_claim_schedule import refresh_claim_schedule
from logistics.actions.resize_shipment import resize_shipment


@transaction.atomic
def fit_shipments(*, claim: Claim, by: Actor, now: datetime) -> None:
    """Those of which something is reserved weigh that much; those of which nothing is go.

    What is left of the claim may all be planned then.
    """
    gone = []
    for shipment in claim.shipments.filter(status__in=BEFORE_COLLECTION).order_by("pk"):
        lines = shipment.lines.values_list("claim_line__reserved_g", flat=True)
        if any(lines):
            resize_shipment(shipment=shipment, by=by, now=now)
        else:
            gone.append(shipment)
    take_off(gone, by=by, now=now)
    if gone:
        refresh_claim_schedule(claim_id=claim.pk, by=by, now=now)
