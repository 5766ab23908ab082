"""Takes back that matching may accept for a programme."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.needs.actions.record_need import record_need
from backend.needs.models import StandingConsent


@transaction.atomic
def withdraw_consent(*, consent_id: UUID, by: Actor, now: datetime) -> StandingConsent:
    """Nothing more is accepted for the programme from this moment on; a second time changes
    nothing. Raises NotFound, NotAllowed.
    """
    ended = StandingConsent.objects.filter(pk=consent_id, withdrawn_at__isnull=True).update(
        withdrawn_at=now, version=F("version") + 1
    )
    consents = StandingConsent.objects.select_related("programme__location__organization")
    consent = consents.filter(pk=consent_id).first()
    if consent is None:
        raise NotFound()
    require(by, "needs.consent", consent.programme)
    if ended:
        record_need(
            "consent.withdrawn",
            subject=consent,
            location=consent.programme.location,
            by=by,
            now=now,
            payload={"programme_id": str(consent.programme_id)},
        )
    return consent
