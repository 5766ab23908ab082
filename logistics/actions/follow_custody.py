"""Brings shipments, stops and the route to what a hand-over says happened."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from backend.claims.models import Claim, ClaimLine
from backend.common.actor import Actor
from backend.custody.models import HandOver
from logistics.actions.change_shipment import ON_ROUTE, change_shipment
from logistics.actions.close_stop_if_done import close_stop_if_done
from logistics.actions.drop_from_route import drop_from_route
from logistics.actions.finish_route_if_done import finish_route_if_done
from logistics.actions.release_shipment import release_shipment
from logistics.actions.resize_shipment import resize_shipment
from logistics.domain.lifecycle import OPEN_STOPS, ShipmentStatus, StopStatus, derive_status
from logistics.models import COMMITTED, Commitment, Route, Shipment, Stop

_OPEN = (ShipmentStatus.WAITING, *ON_ROUTE)
#: Hand-overs say so, even of a shipment that had been given up.
_MOVED = (ShipmentStatus.ON_BOARD, ShipmentStatus.DELIVERED, ShipmentStatus.RETURNED)


@transaction.atomic
def follow_custody(*, claim: Claim, by: Actor, now: datetime) -> None:
    """Derives the claim's shipments from its lines, closes visits that are done, ends routes.

    Safe to run again: it looks at where things are, not at what was told.
    """
    routes = list(_routes_of(claim))
    for shipment in claim.shipments.order_by("pk"):
        _follow(shipment, by=by, now=now)
    for stop in _stops_of(claim):
        close_stop_if_done(stop=stop, by=by, now=now)
    for route in routes:
        finish_route_if_done(route=route, by=by, now=now)
    for shipment in claim.shipments.filter(status=ShipmentStatus.PLANNED).order_by("pk"):
        _let_go_if_passed_by(shipment, by=by, now=now)


def _follow(shipment: Shipment, *, by: Actor, now: datetime) -> None:
    here, there = ShipmentStatus(shipment.status), _status_of(shipment)
    if here not in _OPEN and there not in _MOVED:
        return
    if there in (ShipmentStatus.WAITING, ShipmentStatus.PLANNED):
        resize_shipment(shipment=shipment, by=by, now=now)
    if there is not here:
        route = _route_of(shipment) or _route_of_visit(shipment)
        change_shipment(shipment=shipment, to=there, by=by, now=now, route=route, is_fact=True)
        if there is ShipmentStatus.ON_BOARD and route is not None:
            Commitment.objects.get_or_create(shipment=shipment, defaults={"route": route})


def _let_go_if_passed_by(shipment: Shipment, *, by: Actor, now: datetime) -> None:
    """The visit is over and nothing was fetched, though it is still there: it waits again."""
    fetches = Stop.objects.filter(
        route=_route_of(shipment), tasks__shipment=shipment, tasks__is_pickup=True
    )
    route = _route_of(shipment)
    if route is not None and not fetches.filter(status__in=OPEN_STOPS).exists():
        release_shipment(shipment=shipment, by=by, now=now, route=route, reason="not_fetched")
        drop_from_route(shipment=shipment, route=route, by=by, now=now)


def _route_of(shipment: Shipment) -> Route | None:
    return Route.objects.filter(commitments__shipment=shipment).first()


def _route_of_visit(shipment: Shipment) -> Route | None:
    """The route on which it was fetched although it had been taken off, if that still goes on."""
    visits = HandOver.objects.filter(lines__claim_line__shipment_lines__shipment=shipment)
    stops = Stop.objects.filter(pk__in=visits.values("visit_id"), route__status__in=COMMITTED)
    stop = stops.select_related("route__courier").order_by("-route__created_at").first()
    return stop.route if stop else None


def _routes_of(claim: Claim) -> list[Route]:
    routes = Route.objects.filter(commitments__shipment__claim=claim)
    return list(routes.select_related("courier").order_by("pk").distinct())


def _status_of(shipment: Shipment) -> ShipmentStatus:
    lines = ClaimLine.objects.filter(shipment_lines__shipment=shipment)
    columns = ("reserved", "on_board", "delivered", "returned", "disposed", "in_stock")
    sums = lines.aggregate(**{name: Sum(f"{name}_g", default=0) for name in columns})
    return derive_status(
        ShipmentStatus(shipment.status),
        reserved_g=sums["reserved"],
        on_board_g=sums["on_board"],
        delivered_g=sums["delivered"],
        given_back_g=sums["returned"] + sums["disposed"] + sums["in_stock"],
    )


def _stops_of(claim: Claim) -> list[Stop]:
    open_ones = (*OPEN_STOPS, StopStatus.FAILED)
    stops = Stop.objects.filter(tasks__shipment__claim=claim, status__in=open_ones)
    return list(stops.select_related("route__courier", "route__shift").distinct())
