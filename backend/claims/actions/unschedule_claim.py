"""Says that a claim's transport is open again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.step_claim import locked_claim, step_claim
from backend.claims.domain.lifecycle import ClaimStatus
from backend.claims.models import Claim
from backend.common.actor import Actor


@transaction.atomic
def unschedule_claim(*, claim_id: UUID, by: Actor, now: datetime) -> Claim:
    """Only a scheduled claim goes back to reserved; any other stays as it is. Raises NotFound."""
    claim = locked_claim(claim_id)
    if claim.status != ClaimStatus.SCHEDULED:
        return claim
    step_claim(claim, ClaimStatus.RESERVED)
    record_claim("claim.unscheduled", claim=claim, by=by, now=now)
    return claim
