"""Nobody fetched a shipment while it could be fetched."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.release_rest import release_rest
from backend.claims.domain.lifecycle import ClaimStatus
from backend.common.actor import Actor
from logistics.actions.change_shipment import change_shipment
from logistics.actions.close_stop_if_done import close_stop_if_done
from logistics.actions.give_up_if_empty import give_up_if_empty
from logistics.actions.refresh_claim_schedule import refresh_claim_schedule
from logistics.domain.lifecycle import OPEN_STOPS, RouteStatus, ShipmentStatus
from logistics.models import Route, Shipment, Stop
from logistics.selectors.locking import lock_route

WINDOW_OVER = "pickup_window_over"


@transaction.atomic
def expire_shipment(*, shipment_id: UUID, by: Actor, now: datetime) -> Shipment:
    """It has failed once its window is over, unless a courier is on the way to it.

    Its claim lapses by its own sweep; of one that was collected in part the rest is given back.
    What is not due, or was collected, stays as it is.
    """
    shipment = Shipment.objects.select_related("claim__listing").get(pk=shipment_id)
    route = Route.objects.select_related("courier").filter(commitments__shipment=shipment).first()
    if route is not None:
        lock_route(route_id=route.pk)
        route.refresh_from_db()
        shipment.refresh_from_db()
    if shipment.pickup_until_at > now or not _is_given_up(shipment, route):
        return shipment
    shipment = change_shipment(
        shipment=shipment,
        to=ShipmentStatus.FAILED,
        by=by,
        now=now,
        route=route,
        reason=WINDOW_OVER,
    )
    stops = Stop.objects.filter(route=route, tasks__shipment=shipment, status__in=OPEN_STOPS)
    for stop in stops.select_related("route__courier").distinct():
        close_stop_if_done(stop=stop, by=by, now=now)
    if route is not None:
        give_up_if_empty(route=route, by=by, now=now)
    refresh_claim_schedule(claim_id=shipment.claim_id, by=by, now=now)
    if shipment.claim.status == ClaimStatus.COLLECTED:
        release_rest(claim_id=shipment.claim_id, reason=WINDOW_OVER, by=by, now=now)
    return shipment


def _is_given_up(shipment: Shipment, route: Route | None) -> bool:
    """A courier under way may still come late: the hand-over will say, or the claim lapses."""
    if shipment.status == ShipmentStatus.WAITING:
        return True
    on_the_way = route is not None and route.status == RouteStatus.UNDER_WAY
    return shipment.status == ShipmentStatus.PLANNED and not on_the_way
