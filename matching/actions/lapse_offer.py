"""Nobody answered an offer in time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from matching.actions.end_offer import end_offer
from matching.actions.step_offer import OfferOver
from matching.domain.lifecycle import OfferStatus
from matching.models import Offer


@transaction.atomic
def lapse_offer(*, offer_id: UUID, by: Actor, now: datetime) -> Offer | None:
    """Ends an offer whose time is over; None when it was answered meanwhile or is not yet due."""
    offer = Offer.objects.select_related("listing", "location").get(pk=offer_id)
    if offer.answer_by_at > now:
        return None
    try:
        return end_offer(offer=offer, to=OfferStatus.LAPSED, by=by, now=now)
    except OfferOver:
        return None
