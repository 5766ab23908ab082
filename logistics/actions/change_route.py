"""The one place where a route's status changes, with its event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from backend.common import lifecycle
from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition, Stale
from backend.events.record import record
from logistics.domain.lifecycle import ROUTE_NEXT, RouteStatus
from logistics.models import Route
from logistics.selectors.audience import route_audiences


@transaction.atomic
def change_route(
    *,
    route: Route,
    to: RouteStatus,
    by: Actor,
    now: datetime,
    reason: str = "",
    if_version: int | None = None,
    payload: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Route:
    """Compares and sets the status and the given columns.

    Raises Stale when the route is not at `if_version`, IllegalTransition for any other reason.
    """
    if if_version is not None and route.version != if_version:
        raise Stale()
    here = RouteStatus(route.status)
    lifecycle.advance(ROUTE_NEXT, here, to)
    changed = Route.objects.filter(pk=route.pk, status=here, version=route.version).update(
        status=to, version=F("version") + 1, **columns
    )
    if not changed:
        route.refresh_from_db()
        raise IllegalTransition(route.status, to.value)
    route.refresh_from_db()
    record(
        f"route.{to.value}",
        subject=route,
        by=by,
        now=now,
        audiences=route_audiences(route),
        payload={
            "courier_id": str(route.courier_id),
            "shift_id": str(route.shift_id),
            "road_group": route.road_group,
            "starts_at": route.starts_at.isoformat(),
            **(payload or {}),
        },
        reason=reason,
    )
    return route
