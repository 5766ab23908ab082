"""Gives a claim the longer time in which its donor now hands out food."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.step_claim import locked_claim
from backend.claims.domain.deadlines import lapses_at
from backend.claims.domain.lifecycle import OPEN, ClaimStatus
from backend.claims.models import Claim
from backend.common.actor import Actor

REASON = "pickup_window_longer"


@transaction.atomic
def prolong_claim(*, claim_id: UUID, until_before_at: datetime, by: Actor, now: datetime) -> Claim:
    """Moves its end, and a booking of all the time there was until `until_before_at`.

    A shorter time that the charity chose stays; so does a claim that has ended or ends later
    already. Raises NotFound.
    """
    claim = locked_claim(claim_id)
    until_at = claim.listing.pickup_until_at
    chose_itself = claim.booked_until_at not in (None, until_before_at)
    later_at = lapses_at(until_at, transport=claim.transport)
    if ClaimStatus(claim.status) not in OPEN or chose_itself or later_at <= claim.lapses_at:
        return claim
    booked_until_at = until_at if claim.booked_until_at else None
    Claim.objects.filter(pk=claim.pk).update(
        lapses_at=later_at, booked_until_at=booked_until_at, version=F("version") + 1
    )
    claim.refresh_from_db(fields=["lapses_at", "booked_until_at", "version"])
    record_claim(
        "claim.prolonged",
        claim=claim,
        by=by,
        now=now,
        payload={"lapses_at": later_at.isoformat()},
        reason=REASON,
    )
    return claim
