"""Takes routes back that nobody has accepted yet, and offers better ones in their place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.change_route import change_route
from logistics.actions.free_route import free_route
from logistics.actions.offer_route import RouteOutdated, offer_route
from logistics.actions.withdraw_route_offers import withdraw_route_offers
from logistics.domain.drafts import RouteDraft
from logistics.domain.lifecycle import RouteStatus
from logistics.models import Plan, Route, RouteOffer, Shipment
from logistics.selectors.locking import lock_route

REPLANNED = "replanned"


@transaction.atomic
def replace_routes(
    *,
    plan: Plan,
    taken_back: Sequence[tuple[UUID, int]],
    drafts: Sequence[RouteDraft],
    by: Actor,
    now: datetime,
) -> list[RouteOffer]:
    """All or nothing: the offers of `taken_back` (routes with their versions) are withdrawn and the
    drafts, which carry what was on them, are offered.

    Raises RouteOutdated, and changes nothing, when one of the routes was answered or changed since
    the plan was made, or a draft is no longer possible.
    """
    planned = {pk: version for draft in drafts for pk, version in draft.shipment_versions}
    freed: set[UUID] = set()
    for route_id, version in sorted(taken_back):
        freed |= _take_back(route_id, version, planned, by=by, now=now)
    released = dict(Shipment.objects.filter(pk__in=freed).values_list("pk", "version"))
    return [
        offer_route(plan=plan, draft=_after_release(draft, released), by=by, now=now)
        for draft in drafts
    ]


def _take_back(
    route_id: UUID, version: int, planned: dict[UUID, int], *, by: Actor, now: datetime
) -> set[UUID]:
    """Frees what is on the route, and returns it; all of it must be as it was planned anew."""
    lock_route(route_id=route_id)
    route = Route.objects.select_related("courier__user", "shift").get(pk=route_id)
    if route.status != RouteStatus.OFFERED or route.version != version:
        raise RouteOutdated()
    carried = dict(route.commitments.values_list("shipment_id", "shipment__version"))
    if any(planned.get(pk) != carried[pk] for pk in carried):
        raise RouteOutdated()
    route = change_route(
        route=route, to=RouteStatus.ABANDONED, by=by, now=now, reason=REPLANNED, ended_at=now
    )
    withdraw_route_offers(route=route, by=by, now=now)
    free_route(route=route, by=by, now=now)
    return set(carried)


def _after_release(draft: RouteDraft, released: dict[UUID, int]) -> RouteDraft:
    """The draft for shipments whose version has moved on by being freed."""
    versions = tuple((pk, released.get(pk, version)) for pk, version in draft.shipment_versions)
    return replace(draft, shipment_versions=versions)
