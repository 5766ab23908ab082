"""Gives a claim back before anything of it was collected."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.release_lines import release_lines
from backend.claims.actions.step_claim import locked_claim, step_claim
from backend.claims.domain.lifecycle import ClaimStatus
from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.common.permissions import require


@transaction.atomic
def cancel_claim(
    *, claim_id: UUID, reason: str, by: Actor, now: datetime, if_version: int | None = None
) -> Claim:
    """Its shares are free for others at once. `reason` is a code.

    Raises NotFound, NotAllowed, Stale, IllegalTransition when it was collected or has ended.
    """
    claim = locked_claim(claim_id, if_version=if_version)
    require(by, "claims.cancel", claim)
    step_claim(claim, ClaimStatus.CANCELLED, ended_at=now, end_reason=reason)
    released_g = release_lines(claim=claim, by=by, now=now)
    record_claim(
        "claim.cancelled",
        claim=claim,
        by=by,
        now=now,
        payload={"released_g": released_g},
        reason=reason,
    )
    return claim
