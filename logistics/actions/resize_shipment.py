"""Brings a shipment that nobody has collected to what its claim still has reserved."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from logistics.actions.tell_shipment import tell_shipment
from logistics.domain.offering import prize_mg
from logistics.models import Shipment, ShipmentLine
from logistics.selectors.loads import volume_ml


@transaction.atomic
def resize_shipment(*, shipment: Shipment, by: Actor, now: datetime) -> Shipment:
    """Its lines weigh what is reserved; nothing happens when they do, or when nothing is left.

    A route that carries it is lighter then, and stays as it is.
    """
    lines = list(shipment.lines.select_related("claim_line__lot"))
    mass_g = sum(line.claim_line.reserved_g for line in lines)
    if mass_g in (0, shipment.mass_g):
        return shipment
    for line in lines:
        ShipmentLine.objects.filter(pk=line.pk).update(mass_g=line.claim_line.reserved_g)
    changed = Shipment.objects.filter(pk=shipment.pk, version=shipment.version).update(
        mass_g=mass_g,
        volume_ml=sum(volume_ml(line.claim_line) for line in lines),
        prize_mg=prize_mg(
            mass_g=mass_g, longest_life_left_s=(shipment.deliver_until_at - now).total_seconds()
        ),
        version=F("version") + 1,
    )
    shipment.refresh_from_db()
    if changed:
        tell_shipment("shipment.resized", shipment=shipment, by=by, now=now)
    return shipment
