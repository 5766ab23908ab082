"""Writes the answer to an offered route, if nobody wrote one before."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import Refusal, Stale
from logistics.actions.tell_route_offer import tell_route_offer
from logistics.models import RouteOffer, RouteOfferStatus
from logistics.selectors.locking import lock_route


class OfferOver(Refusal):
    """The offer was answered, lapsed or withdrawn before."""

    code = "offer_over"
    message = _("This route is no longer on offer.")


@transaction.atomic
def answer_route_offer(
    offer: RouteOffer,
    status: RouteOfferStatus,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    if_version: int | None = None,
    even_late: bool = False,
) -> None:
    """Compares and sets; `even_late` is for ends that are no answer. Raises OfferOver, Stale.

    The route is held first: of two who say no at once, the second sees that nobody is left.
    """
    lock_route(route_id=offer.route_id)
    if if_version is not None and offer.version != if_version:
        raise Stale()
    offers = RouteOffer.objects.filter(
        pk=offer.pk, status=RouteOfferStatus.OFFERED, version=offer.version
    )
    if not even_late:
        offers = offers.filter(answer_by_at__gt=now)
    answered = offers.update(
        status=status, answered_at=now, decline_reason=reason, version=F("version") + 1
    )
    if not answered:
        raise OfferOver()
    offer.refresh_from_db(fields=["status", "answered_at", "decline_reason", "version"])
    tell_route_offer(offer, by=by, now=now)
