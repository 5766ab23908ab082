"""Says that a claim's transport is planned."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.step_claim import locked_claim, step_claim
from backend.claims.domain.lifecycle import ClaimStatus
from backend.claims.models import Claim
from backend.common.actor import Actor


@transaction.atomic
def schedule_claim(*, claim_id: UUID, by: Actor, now: datetime) -> Claim:
    """A claim that is scheduled already, or of which another part was collected, stays as it is.

    Raises NotFound, IllegalTransition when the claim has ended.
    """
    claim = locked_claim(claim_id)
    if claim.status in (ClaimStatus.SCHEDULED, ClaimStatus.COLLECTED):
        return claim
    step_claim(claim, ClaimStatus.SCHEDULED)
    record_claim("claim.scheduled", claim=claim, by=by, now=now)
    return claim
