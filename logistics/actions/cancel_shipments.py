"""Takes the shipments of a claim that has ended off the road."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from backend.claims.models import Claim
from backend.common.actor import Actor
from logistics.actions.change_shipment import change_shipment
from logistics.actions.close_stop_if_done import close_stop_if_done
from logistics.actions.give_up_if_empty import give_up_if_empty
from logistics.domain.lifecycle import OPEN_STOPS, ShipmentStatus
from logistics.models import Route, Shipment, Stop
from logistics.selectors.locking import lock_route

BEFORE_COLLECTION = (ShipmentStatus.WAITING, ShipmentStatus.PLANNED)


@transaction.atomic
def cancel_shipments(*, claim: Claim, by: Actor, now: datetime) -> None:
    """Cancels what nobody has collected; visits left without purpose are skipped.

    A route that nobody has started and that has nothing left to do is given up.
    """
    take_off(claim.shipments.filter(status__in=BEFORE_COLLECTION).order_by("pk"), by=by, now=now)


@transaction.atomic
def take_off(shipments: Iterable[Shipment], *, by: Actor, now: datetime) -> None:
    """Cancels these shipments, and what is left to do on their routes without them."""
    for shipment in list(shipments):
        route = Route.objects.filter(commitments__shipment=shipment).first()
        if route is not None:
            lock_route(route_id=route.pk)
            shipment.refresh_from_db()
        change_shipment(shipment=shipment, to=ShipmentStatus.CANCELLED, by=by, now=now, route=route)
        if route is None:
            continue
        stops = Stop.objects.filter(route=route, tasks__shipment=shipment, status__in=OPEN_STOPS)
        for stop in stops.select_related("route__courier").distinct():
            close_stop_if_done(stop=stop, by=by, now=now)
        give_up_if_empty(route=route, by=by, now=now)
