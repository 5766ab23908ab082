"""When food is fetched and when it comes, as far as a route says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Min, Q

from backend.common.actor import Actor
from logistics.domain.lifecycle import OPEN_STOPS
from logistics.models import COMMITTED, RouteStatus, StopTask
from logistics.selectors.visible import visible_shipments


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the committed routes of a claim plan: None where that visit is over, or not planned.

    Of a claim in several loads, the first pickup and the last delivery. `is_sure`: every courier
    said yes. `is_estimated`: the road times are.
    """

    route_ids: frozenset[UUID]
    pickup_at: datetime | None
    delivery_at: datetime | None
    is_sure: bool
    is_estimated: bool


def arrivals(viewer: Actor, claim_ids: Iterable[UUID]) -> Mapping[UUID, Arrival]:
    """By claim, for those of the viewer's that are on a route."""
    seen = visible_shipments(viewer).filter(claim__in=list(claim_ids)).order_by().values("pk")
    tasks = StopTask.objects.filter(shipment__in=seen, stop__route__status__in=COMMITTED)
    is_open = Q(stop__status__in=OPEN_STOPS)
    rows = (
        tasks.order_by()
        .values(
            "shipment__claim_id",
            "stop__route_id",
            "stop__route__status",
            "stop__route__is_estimated",
        )
        .annotate(
            pickup_at=Min("stop__arrive_at", filter=is_open & Q(is_pickup=True)),
            delivery_at=Max("stop__arrive_at", filter=is_open & Q(is_pickup=False)),
        )
    )
    found: dict[UUID, Arrival] = {}
    for row in rows:
        claim_id = row["shipment__claim_id"]
        found[claim_id] = _joined(
            found.get(claim_id),
            Arrival(
                route_ids=frozenset({row["stop__route_id"]}),
                pickup_at=row["pickup_at"],
                delivery_at=row["delivery_at"],
                is_sure=row["stop__route__status"] != RouteStatus.OFFERED,
                is_estimated=row["stop__route__is_estimated"],
            ),
        )
    return found


def _joined(one: Arrival | None, other: Arrival) -> Arrival:
    if one is None:
        return other
    pickups = [each.pickup_at for each in (one, other) if each.pickup_at is not None]
    deliveries = [each.delivery_at for each in (one, other) if each.delivery_at is not None]
    return Arrival(
        route_ids=one.route_ids | other.route_ids,
        pickup_at=min(pickups, default=None),
        delivery_at=max(deliveries, default=None),
        is_sure=one.is_sure and other.is_sure,
        is_estimated=one.is_estimated or other.is_estimated,
    )
