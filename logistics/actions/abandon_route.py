"""A route is given up by its courier or by a coordinator."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import may
from backend.common.refusals import NotFound, Refusal
from logistics.actions.change_route import change_route
from logistics.actions.free_route import free_route
from logistics.actions.withdraw_route_offers import withdraw_route_offers
from logistics.domain.lifecycle import RouteStatus, ShipmentStatus
from logistics.models import AbandonReason, Route
from logistics.selectors.locking import lock_route


class StillOnBoard(Refusal):
    """There is food in the vehicle that somebody must take."""

    code = "still_on_board"
    message = _("There is still food on board. Hand it over, return it or dispose of it first.")


@transaction.atomic
def abandon_route(
    *,
    route_id: UUID,
    reason: AbandonReason,
    by: Actor,
    now: datetime,
    if_version: int | None = None,
) -> Route:
    """Gives the route up: what is not collected waits for another courier.

    Raises NotFound for strangers, StillOnBoard while somebody must take what is in the vehicle,
    IllegalTransition, Stale.
    """
    route = Route.objects.select_related("courier__user", "shift").filter(pk=route_id).first()
    if route is None or not may(by, "logistics.abandon", route):
        raise NotFound()
    lock_route(route_id=route.pk)
    route.refresh_from_db(fields=["status", "version"])
    if route.commitments.filter(shipment__status=ShipmentStatus.ON_BOARD).exists():
        raise StillOnBoard()
    route = change_route(
        route=route,
        to=RouteStatus.ABANDONED,
        by=by,
        now=now,
        if_version=if_version,
        ended_at=now,
        given_up_for=reason,
        reason=reason.value,
    )
    withdraw_route_offers(route=route, by=by, now=now)
    free_route(route=route, by=by, now=now)
    return route
