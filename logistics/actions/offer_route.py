"""Commits a planned route to its shift and asks the courier to drive it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.claims.actions.step_claim import hold_claims
from backend.claims.domain.lifecycle import OPEN, ClaimStatus
from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition, Refusal
from backend.couriers.models import Shift, ShiftStatus
from logistics.actions.change_route import change_route
from logistics.actions.change_shipment import change_shipment
from logistics.actions.refresh_claim_schedule import refresh_claim_schedule
from logistics.domain.drafts import RouteDraft, StopDraft
from logistics.domain.lifecycle import RouteStatus, ShipmentStatus
from logistics.domain.offering import answer_by
from logistics.models import (
    Commitment,
    Plan,
    PlanStatus,
    Route,
    RouteOffer,
    Shipment,
    Stop,
    StopTask,
)


class RouteOutdated(Refusal):
    """The world moved on while the plan was worked out; this route is dropped."""

    code = "route_outdated"
    message = _("This route is no longer possible.")


@transaction.atomic
def offer_route(*, plan: Plan, draft: RouteDraft, by: Actor, now: datetime) -> RouteOffer:
    """Stores the route, takes its shipments and offers it to the courier of the shift.

    Raises RouteOutdated, and changes nothing, when the plan lost its lease, the shift or a shipment
    changed since the plan was made, a claim ended, or another route took a shipment.
    """
    if not Plan.objects.filter(pk=plan.pk, status=PlanStatus.SOLVING).exists():
        raise RouteOutdated()
    shift = Shift.objects.select_for_update().select_related("courier").get(pk=draft.shift_id)
    if shift.version != draft.shift_version or shift.status != ShiftStatus.PLANNED:
        raise RouteOutdated()
    route = _store(plan, draft, shift, now=now)
    claim_ids = _hold_open_claims(draft)
    for shipment_id, version in draft.shipment_versions:
        _commit(route, shipment_id, version, by=by, now=now)
    for claim_id in claim_ids:
        refresh_claim_schedule(claim_id=claim_id, by=by, now=now)
    offer = RouteOffer.objects.create(
        route=route,
        courier=shift.courier,
        offered_at=now,
        answer_by_at=answer_by(now=now, starts_at=draft.starts_at),
    )
    change_route(route=route, to=RouteStatus.OFFERED, by=by, now=now, payload=_told(offer, draft))
    return offer


def _told(offer: RouteOffer, draft: RouteDraft) -> dict[str, Any]:
    return {
        "offer_id": str(offer.pk),
        "answer_by_at": offer.answer_by_at.isoformat(),
        "distance_m": draft.distance_m,
        "stops": len(draft.stops),
    }


def _store(plan: Plan, draft: RouteDraft, shift: Shift, *, now: datetime) -> Route:
    route = Route.objects.create(
        plan=plan,
        shift=shift,
        courier=shift.courier,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        distance_m=draft.distance_m,
        duration_s=round((draft.ends_at - draft.starts_at).total_seconds()),
        on_time_share=draft.on_time_share,
        is_estimated=draft.is_estimated,
        county_code=shift.county_code,
        road_group=shift.road_group,
        created_at=now,
    )
    _store_stops(route, draft.stops)
    return route


def _store_stops(route: Route, drafts: Sequence[StopDraft]) -> None:
    for sequence, draft in enumerate(drafts, start=1):
        stop = Stop.objects.create(
            route=route,
            sequence=sequence,
            location_id=draft.location_id,
            arrive_at=draft.arrive_at,
            service_from_at=draft.service_from_at,
            leave_at=draft.leave_at,
            distance_m=draft.distance_m,
            on_time_share=draft.on_time_share,
        )
        StopTask.objects.bulk_create(
            StopTask(stop=stop, shipment_id=shipment_id, is_pickup=is_pickup)
            for shipment_id, is_pickup in draft.tasks
        )


def _hold_open_claims(draft: RouteDraft) -> list[UUID]:
    """Holds the claims of the draft's shipments; raises RouteOutdated when one has ended."""
    carried = Shipment.objects.filter(pk__in=[pk for pk, _version in draft.shipment_versions])
    claims = hold_claims(carried.values_list("claim_id", flat=True))
    if any(ClaimStatus(claim.status) not in OPEN for claim in claims.values()):
        raise RouteOutdated()
    return list(claims)


def _commit(route: Route, shipment_id: UUID, version: int, *, by: Actor, now: datetime) -> None:
    shipment = Shipment.objects.select_related("claim__listing").get(pk=shipment_id)
    if shipment.version != version or shipment.status != ShipmentStatus.WAITING:
        raise RouteOutdated()
    try:
        with transaction.atomic():
            Commitment.objects.create(shipment=shipment, route=route)
        change_shipment(shipment=shipment, to=ShipmentStatus.PLANNED, by=by, now=now, route=route)
    except (IntegrityError, IllegalTransition) as error:
        raise RouteOutdated() from error
