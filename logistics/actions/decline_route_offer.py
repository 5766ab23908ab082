"""A courier says no to a route."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import Invalid
from logistics.actions.answer_route_offer import answer_route_offer
from logistics.actions.give_up_route import give_up_route
from logistics.models import Route, RouteOfferStatus
from logistics.permissions import asked_offer

REASONS = ("no_time", "too_far", "too_heavy", "unwell", "other")


@transaction.atomic
def decline_route_offer(
    *,
    offer_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    if_version: int | None = None,
) -> Route:
    """No, with one of REASONS or none: the shipments wait for another courier.

    Raises NotFound, OfferOver, Stale, Invalid.
    """
    if reason and reason not in REASONS:
        raise Invalid.field("reason", "unknown_reason", _("Please choose one of the reasons."))
    offer = asked_offer(offer_id, by)
    answer_route_offer(
        offer, RouteOfferStatus.DECLINED, by=by, now=now, reason=reason, if_version=if_version
    )
    return give_up_route(route=offer.route, by=by, now=now, reason="declined")
