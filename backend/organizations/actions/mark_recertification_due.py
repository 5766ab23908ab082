"""Marks organizations whose verification has run out, a few at a time; safe to run twice."""

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


def mark_recertification_due(*, by: Actor, now: datetime, at_most: int = 500) -> int:
    """How many were marked: verified ones whose last valid local date is over.

    Each in its own transaction; the rest is for the next sweep.
    """
    today = now.astimezone(pack().zone).date()
    due = Organization.objects.filter(
        status=OrganizationStatus.VERIFIED, verified_until_date__lt=today
    )
    found = list(due.order_by("verified_until_date").values_list("pk", flat=True)[:at_most])
    return sum(_mark(pk, by, now) for pk in found)


@transaction.atomic
def _mark(pk: UUID, by: Actor, now: datetime) -> bool:
    still = Organization.objects.filter(pk=pk, status=OrganizationStatus.VERIFIED)
    if not still.update(
        status=OrganizationStatus.RECERTIFICATION_DUE,
        decision_code=DecisionReason.DATE_REACHED,
        decision_note="",
        version=F("version") + 1,
    ):
        return False
    organization = Organization.objects.get(pk=pk)
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
