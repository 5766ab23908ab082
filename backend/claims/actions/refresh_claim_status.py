"""Brings a claim's status to where its grams are."""

from datetime import datetime

from django.db import transaction

from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.step_claim import set_status
from backend.claims.domain.lifecycle import OPEN, ClaimStatus
from backend.claims.models import Claim
from backend.claims.selectors.status import status_by_lines
from backend.common.actor import Actor

EVENT = {
    ClaimStatus.RESERVED: "claim.unscheduled",
    ClaimStatus.SCHEDULED: "claim.scheduled",
    ClaimStatus.COLLECTED: "claim.collected",
    ClaimStatus.SETTLED: "claim.settled",
    ClaimStatus.CANCELLED: "claim.cancelled",
    ClaimStatus.LAPSED: "claim.lapsed",
    ClaimStatus.FAILED: "claim.failed",
}
REASON = "by_its_hand_overs"


@transaction.atomic
def refresh_claim_status(*, claim: Claim, by: Actor, now: datetime) -> Claim:
    """Derives the status from the lines; facts may lead past steps that a command could not take.

    The caller holds the claim's row. Nothing happens when the status is what it should be.
    """
    claim.refresh_from_db(fields=["status", "version"])
    there = status_by_lines(claim)
    if there == claim.status:
        return claim
    ended = there not in OPEN
    set_status(claim, there, ended_at=now if ended else None, end_reason=REASON if ended else "")
    record_claim(EVENT[there], claim=claim, by=by, now=now, reason=REASON)
    return claim
