"""A coordinator decides whether mass that was handed over against a rule counts as diverted."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, NotFound, Refusal
from backend.custody.models import Incident, IncidentStatus
from backend.events import audiences
from backend.events.record import record


class AlreadyDecided(Refusal):
    """Another coordinator decided first."""

    code = "already_decided"
    message = _("This was decided already.")


@transaction.atomic
def decide_incident(
    *, incident_id: UUID, counts: bool, note: str, by: Actor, now: datetime
) -> Incident:
    """Confirms the mass as diverted (`counts`) or excludes it; the note says why.

    Raises NotFound, NotAllowed, Invalid without a note, AlreadyDecided.
    """
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is None:
        raise NotFound()
    require(by, "custody.decide", incident)
    if not note.strip():
        raise Invalid.field("note", "required", _("Say why, in a few words."))
    status = IncidentStatus.CONFIRMED if counts else IncidentStatus.EXCLUDED
    decided = Incident.objects.filter(pk=incident_id, status=IncidentStatus.OPEN).update(
        status=status,
        decided_at=now,
        decided_by_id=by.user_id,
        decision_note=note.strip(),
        version=F("version") + 1,
    )
    if not decided:
        raise AlreadyDecided()
    incident.refresh_from_db()
    claim = incident.hand_over.claim
    organizations = [claim.organization_id, claim.listing.organization_id] if claim else []
    record(
        "incident.decided",
        subject=incident,
        by=by,
        now=now,
        audiences=[
            audiences.county(incident.county_code),
            *(audiences.organization(one) for one in organizations),
        ],
        payload={"hand_over_id": str(incident.hand_over_id), "status": status.value},
        reason="counts" if counts else "excluded",
    )
    return incident
