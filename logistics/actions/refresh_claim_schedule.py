"""Says of a claim that its transport is planned, or is open again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.schedule_claim import schedule_claim
from backend.claims.actions.step_claim import locked_claim
from backend.claims.actions.unschedule_claim import unschedule_claim
from backend.claims.domain.lifecycle import BEFORE_COLLECTION, ClaimStatus
from backend.claims.models import Claim, ClaimLine
from backend.common.actor import Actor
from logistics.domain.lifecycle import ShipmentStatus


@transaction.atomic
def refresh_claim_schedule(*, claim_id: UUID, by: Actor, now: datetime) -> Claim:
    """Scheduled while all that is still reserved is in planned shipments, else reserved.

    A claim that was collected, even in part, or has ended stays as it is. Raises NotFound.
    """
    claim = locked_claim(claim_id)
    if ClaimStatus(claim.status) not in BEFORE_COLLECTION:
        return claim
    reserved = ClaimLine.objects.filter(claim=claim, reserved_g__gt=0)
    planned = reserved.filter(shipment_lines__shipment__status=ShipmentStatus.PLANNED)
    is_planned = planned.exists() and not reserved.exclude(pk__in=planned).exists()
    change = schedule_claim if is_planned else unschedule_claim
    return change(claim_id=claim_id, by=by, now=now)
