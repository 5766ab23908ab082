"""Takes promised mass away from a claim line because somebody already holds it."""

from datetime import datetime

from django.db import transaction

from backend.claims.actions.move_line_mass import move_line_mass
from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.refresh_claim_status import refresh_claim_status
from backend.claims.actions.step_claim import touch_claim
from backend.claims.models import ClaimLine
from backend.common.actor import Actor
from backend.common.models import Row
from backend.listings.domain.ledger import Bucket
from backend.needs.actions.give_back_capacity import give_back_capacity


@transaction.atomic
def cut_line(*, line: ClaimLine, mass_g: int, cause: Row, by: Actor, now: datetime) -> None:
    """Gives `mass_g` of what the line still had reserved back to the lot, with notice.

    Only the system does this, when a recorded fact shows that the food is elsewhere.
    """
    claim = line.claim
    move_line_mass(
        line=line,
        from_bucket=Bucket.RESERVED,
        to_bucket=Bucket.AVAILABLE,
        mass_g=mass_g,
        cause=cause,
        now=now,
    )
    give_back_capacity(
        location_id=claim.location_id,
        storage_class=line.lot.storage_class,
        local_date=claim.receive_date,
        mass_g=mass_g,
        now=now,
    )
    touch_claim(claim)
    record_claim(
        "claim.cut",
        claim=claim,
        by=by,
        now=now,
        payload={"claim_line_id": str(line.pk), "lot_id": str(line.lot_id), "cut_g": mass_g},
        reason="held_by_somebody_else",
    )
    refresh_claim_status(claim=claim, by=by, now=now)
