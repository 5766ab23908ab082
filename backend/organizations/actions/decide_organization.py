"""Moves an organization along its life: what all decisions about its verification share."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import IllegalTransition, Invalid, NotFound, Stale
from backend.events.record import record
from backend.organizations.actions.rows import hearing, refuse_if_stale
from backend.organizations.domain.lifecycle import OrganizationStatus, advance
from backend.organizations.models import Organization
from backend.organizations.models.organization import DecisionReason

NOTE_LENGTH = 300


@transaction.atomic
def decide_organization(
    *,
    organization_id: UUID,
    to: OrganizationStatus,
    reason: str,
    note: str,
    by: Actor,
    now: datetime,
    permission: str = "organizations.decide",
    only_from: OrganizationStatus | None = None,
    version: int | None = None,
    verified_until_date: date | None = None,
) -> Organization:
    """Advances the status if nobody else did meanwhile, with one audit entry and one event.

    `reason` is one of DecisionReason; `only_from` narrows what the table allows. Raises NotFound,
    NotAllowed, IllegalTransition, or Stale when the status moved under us.
    """
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise NotFound()
    require(by, permission, organization)
    refuse_if_stale(organization, version)
    _refuse_unless_explained(reason, note)
    here = OrganizationStatus(organization.status)
    if only_from not in (None, here):
        raise IllegalTransition(here, to)
    changes: dict[str, Any] = {"decision_code": reason, "decision_note": note.strip()}
    if verified_until_date is not None:
        changes["verified_until_date"] = verified_until_date
    if not _moved(organization, advance(here, to), changes):
        raise Stale()
    organization.refresh_from_db()
    record(
        f"organization.{_VERBS[to]}",
        subject=organization,
        by=by,
        now=now,
        audiences=hearing(organization),
        payload={"status": to.value, "was": here.value, "reason": reason},
        changed=["decision_note"],
        reason=reason,
    )
    return organization


_VERBS = {
    OrganizationStatus.APPLIED: "applied_again",
    OrganizationStatus.VERIFIED: "verified",
    OrganizationStatus.RECERTIFICATION_DUE: "due_for_recertification",
    OrganizationStatus.SUSPENDED: "suspended",
    OrganizationStatus.REJECTED: "rejected",
}


def _moved(organization: Organization, to: OrganizationStatus, changes: Mapping[str, Any]) -> int:
    here = Organization.objects.filter(pk=organization.pk, status=organization.status)
    return here.update(status=to.value, version=F("version") + 1, **changes)


def _refuse_unless_explained(reason: str, note: str) -> None:
    if reason not in DecisionReason.values:
        raise Invalid.field("reason", "unknown_reason", _("Please choose one of the reasons."))
    if len(note) > NOTE_LENGTH:
        raise Invalid.field("note", "too_long", _("Please keep the note below 300 characters."))
