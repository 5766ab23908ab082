"""Says which hand-overs of a claim still wait for an earlier record."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.custody.actions.tell_hand_over import tell_hand_over
from backend.custody.domain.replay import LinePosition
from backend.custody.models import HandOver, HandOverStatus

_EVENT = {
    HandOverStatus.UNMATCHED: "custody.unmatched",
    HandOverStatus.APPLIED: "custody.matched",
}


@transaction.atomic
def mark_unmatched(
    *, claim: Claim, positions: Mapping[UUID, LinePosition], by: Actor, now: datetime
) -> None:
    """Stores it by the fold's positions and tells of each that waits now, or no longer does.

    The caller holds the claim.
    """
    waiting = {hand_over for position in positions.values() for hand_over in position.unmatched}
    for hand_over in HandOver.objects.filter(claim=claim).order_by("pk"):
        is_waiting = hand_over.pk in waiting
        status = HandOverStatus.UNMATCHED if is_waiting else HandOverStatus.APPLIED
        if hand_over.status != status:
            HandOver.objects.filter(pk=hand_over.pk).update(status=status)
            tell_hand_over(_EVENT[status], hand_over=hand_over, claim=claim, by=by, now=now)
