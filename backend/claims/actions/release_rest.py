"""Gives back what of a claim was not collected, though some of it was."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.refresh_claim_status import refresh_claim_status
from backend.claims.actions.release_lines import release_lines
from backend.claims.actions.step_claim import locked_claim
from backend.claims.models import Claim
from backend.common.actor import Actor


@transaction.atomic
def release_rest(*, claim_id: UUID, reason: str, by: Actor, now: datetime) -> Claim:
    """What is on its way goes on; a claim with nothing reserved stays as it is. Raises NotFound."""
    claim = locked_claim(claim_id)
    released_g = release_lines(claim=claim, by=by, now=now)
    if released_g:
        record_claim(
            "claim.reduced",
            claim=claim,
            by=by,
            now=now,
            payload={"released_g": released_g},
            reason=reason,
        )
        refresh_claim_status(claim=claim, by=by, now=now)
    return claim
