"""Gives a shipment the wider time in which its donor now hands out food."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from backend.common.actor import Actor
from logistics.actions.cancel_shipments import BEFORE_COLLECTION
from logistics.actions.make_shipments import delivery_windows
from logistics.actions.tell_shipment import tell_shipment
from logistics.models import Shipment

REASON = "pickup_window_wider"


@transaction.atomic
def widen_shipment(*, shipment_id: UUID, by: Actor, now: datetime) -> Shipment:
    """Follows its listing's pickup window, and stores the receiver's hours up to its new end.

    One that was collected or has ended stays as it is; so does a route that carries it.
    """
    shipment = Shipment.objects.select_related("claim__listing", "claim__location").get(
        pk=shipment_id
    )
    listing = shipment.claim.listing
    narrower = Q(pickup_from_at__gt=listing.pickup_from_at) | Q(
        pickup_until_at__lt=listing.pickup_until_at
    )
    open_ones = Shipment.objects.filter(pk=shipment_id, status__in=BEFORE_COLLECTION)
    widened = open_ones.filter(narrower).update(
        pickup_from_at=listing.pickup_from_at,
        pickup_until_at=listing.pickup_until_at,
        delivery_windows=delivery_windows(
            shipment.claim, deliver_until_at=shipment.deliver_until_at, now=now
        ),
        version=F("version") + 1,
    )
    if widened:
        shipment.refresh_from_db()
        tell_shipment("shipment.widened", shipment=shipment, by=by, now=now, reason=REASON)
    return shipment
