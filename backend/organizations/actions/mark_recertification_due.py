"""Marks an organization whose verification has run out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.events.record import record
from backend.organizations.actions.rows import hearing
from backend.organizations.models import Organization
from backend.organizations.models.organization import DecisionReason, OrganizationStatus
from backend.regions.packs import pack


@transaction.atomic
def mark_recertification_due(*, organization_id: UUID, by: Actor, now: datetime) -> bool:
    """Whether it was marked: a verified one whose last valid local date is over, once."""
    due = Organization.objects.filter(
        pk=organization_id,
        status=OrganizationStatus.VERIFIED,
        verified_until_date__lt=now.astimezone(pack().zone).date(),
    )
    if not due.update(
        status=OrganizationStatus.RECERTIFICATION_DUE,
        decision_code=DecisionReason.DATE_REACHED,
        decision_note="",
        version=F("version") + 1,
    ):
        return False
    organization = Organization.objects.get(pk=organization_id)
    record(
        "organization.due_for_recertification",
        subject=organization,
        by=by,
        now=now,
        audiences=hearing(organization),
        payload={"status": organization.status, "was": OrganizationStatus.VERIFIED.value},
        reason=DecisionReason.DATE_REACHED,
    )
    return True
