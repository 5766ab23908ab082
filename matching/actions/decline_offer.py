"""A recipient says no to an offered share."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from matching.actions.end_offer import end_offer
from matching.actions.step_offer import offer_to_answer
from matching.domain.lifecycle import OfferStatus
from matching.models import DeclineReason, Offer


@transaction.atomic
def decline_offer(
    *,
    offer_id: UUID,
    by: Actor,
    now: datetime,
    reason: DeclineReason = DeclineReason.NONE,
    if_version: int | None = None,
) -> Offer:
    """The mass and the capacity are free again; the next round asks somebody else.

    Raises NotFound, NotAllowed, Stale, OfferOver.
    """
    return end_offer(
        offer=offer_to_answer(offer_id, by),
        to=OfferStatus.DECLINED,
        by=by,
        now=now,
        reason=reason.value,
        if_version=if_version,
        decline_reason=reason,
    )
