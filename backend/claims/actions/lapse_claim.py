"""Ends a claim that nobody came for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.release_lines import release_lines
from backend.claims.actions.step_claim import locked_claim, step_claim
from backend.claims.domain.lifecycle import BEFORE_COLLECTION, ClaimStatus
from backend.claims.models import Claim
from backend.common.actor import Actor

REASON = "not_collected_in_time"


@transaction.atomic
def lapse_claim(*, claim_id: UUID, now: datetime, by: Actor) -> Claim:
    """Its shares go back; a claim that is not due, was collected or has ended stays as it is.

    Raises NotFound.
    """
    claim = locked_claim(claim_id)
    if claim.lapses_at > now or ClaimStatus(claim.status) not in BEFORE_COLLECTION:
        return claim
    step_claim(claim, ClaimStatus.LAPSED, ended_at=now, end_reason=REASON)
    released_g = release_lines(claim=claim, by=by, now=now)
    record_claim(
        "claim.lapsed",
        claim=claim,
        by=by,
        now=now,
        payload={"released_g": released_g},
        reason=REASON,
    )
    return claim
