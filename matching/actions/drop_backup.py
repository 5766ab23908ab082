"""Lets a recipient in waiting go: the food is taken, gone, or asked about in another way."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from matching.actions.step_offer import OfferOver, step_offer
from matching.actions.tell_offer import tell_offer
from matching.domain.lifecycle import OfferStatus
from matching.models import Offer


@transaction.atomic
def drop_backup(*, offer_id: UUID, reason: str, by: Actor, now: datetime) -> Offer | None:
    """Ends a suggestion; None when it was asked, or let go, before. `reason` is a code."""
    offer = Offer.objects.select_related("listing", "location").get(pk=offer_id)
    try:
        step_offer(offer, OfferStatus.SUPERSEDED, by=by, now=now, here=OfferStatus.SUGGESTED)
    except OfferOver:
        return None
    tell_offer("offer.superseded", offer=offer, by=by, now=now, reason=reason)
    return offer
