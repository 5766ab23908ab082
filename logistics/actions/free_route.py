"""Lets go of what a route has not collected: it waits for another route."""

from datetime import datetime

from django.db import transaction

from backend.claims.actions.step_claim import hold_claims
from backend.common.actor import Actor
from logistics.actions.change_stop import change_stop
from logistics.actions.release_shipment import release_shipment
from logistics.domain.lifecycle import OPEN_STOPS, ShipmentStatus, StopStatus
from logistics.models import Route, Shipment


@transaction.atomic
def free_route(*, route: Route, by: Actor, now: datetime) -> None:
    """Every planned shipment of the route waits again; its open stops are skipped.

    What is on board stays with the courier until a hand-over says where it went.
    """
    committed = Shipment.objects.select_related("claim__listing").filter(commitment__route=route)
    planned = list(committed.filter(status=ShipmentStatus.PLANNED).order_by("pk"))
    hold_claims(shipment.claim_id for shipment in planned)
    for shipment in planned:
        release_shipment(shipment=shipment, by=by, now=now, route=route)
    for stop in route.stops.filter(status__in=OPEN_STOPS).select_related("route__courier"):
        change_stop(stop=stop, to=StopStatus.SKIPPED, by=by, now=now, ended_at=now)
