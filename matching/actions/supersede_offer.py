"""Takes an offer back because its food is gone, unsafe or withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from matching.actions.end_offer import end_offer
from matching.actions.step_offer import OfferOver
from matching.domain.lifecycle import OfferStatus
from matching.models import Offer


@transaction.atomic
def supersede_offer(
    *,
    offer_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    gone_g: Mapping[UUID, int] | None = None,
) -> Offer | None:
    """Ends the offer with notice; None when it was answered before.

    `gone_g` (lot to grams): somebody else holds so much, which leaves the ledger instead of being
    free.
    """
    offer = Offer.objects.select_related("listing", "location").get(pk=offer_id)
    try:
        return end_offer(
            offer=offer,
            to=OfferStatus.SUPERSEDED,
            by=by,
            now=now,
            reason=reason,
            gone_g=gone_g,
        )
    except OfferOver:
        return None
