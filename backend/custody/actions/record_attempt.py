"""Stores that somebody came and nothing could be handed over."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.common.permissions import may
from backend.common.refusals import NotFound
from backend.couriers.models import Courier
from backend.custody.actions.record_hand_over import ClientIdReused
from backend.custody.models import Attempt, AttemptReason
from backend.events import audiences
from backend.events.record import record


@transaction.atomic
def record_attempt(
    *,
    client_id: UUID,
    claim_id: UUID,
    is_pickup: bool,
    reason: AttemptReason,
    at: datetime,
    by: Actor,
    now: datetime,
    visit_id: UUID | None = None,
    courier_id: UUID | None = None,
) -> Attempt:
    """Records the fact; a repetition returns the first record.

    What becomes of the claim and the route is for their owners, who hear `custody.attempt_failed`.
    Raises NotFound for strangers, ClientIdReused for an id that came with another claim.
    """
    claims = Claim.objects.select_related("listing__organization", "organization")
    claim = claims.select_for_update(of=("self",)).filter(pk=claim_id).first()
    if claim is None or not _may_record(claim, courier_id, visit_id, by):
        raise NotFound()
    if (before := Attempt.objects.filter(client_id=client_id, claim=claim).first()) is not None:
        return before
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                client_id=client_id,
                claim=claim,
                visit_id=visit_id,
                is_pickup=is_pickup,
                reason=reason,
                at=at,
                recorded_at=now,
                recorded_by_id=by.user_id,
            )
    except IntegrityError as error:
        raise ClientIdReused() from error
    record(
        "custody.attempt_failed",
        subject=attempt,
        by=by,
        now=now,
        audiences=[
            audiences.organization(claim.organization_id),
            audiences.organization(claim.listing.organization_id),
            *{audiences.county(code) for code in (claim.county_code, claim.listing.county_code)},
        ],
        payload={
            "claim_id": str(claim.pk),
            "visit_id": str(visit_id) if visit_id else None,
            "is_pickup": is_pickup,
            "reason": reason.value,
        },
    )
    return attempt


def _may_record(claim: Claim, courier_id: UUID | None, visit_id: UUID | None, by: Actor) -> bool:
    if may(by, "custody.record", claim):
        return True
    if visit_id is None or courier_id is None:
        return False
    courier = Courier.objects.filter(pk=courier_id).first()
    return courier is not None and may(by, "custody.carry", courier)
