"""Rejects an application; the applicant may mend it and apply again."""

from datetime import datetime
from uuid import UUID

from backend.common.actor import Actor
from backend.organizations.actions.decide_organization import decide_organization
from backend.organizations.domain.lifecycle import OrganizationStatus
from backend.organizations.models import Organization


def reject_organization(
    *,
    organization_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> Organization:
    """A coordinator of the county says no, with a reason that the applicant reads."""
    return decide_organization(
        organization_id=organization_id,
        to=OrganizationStatus.REJECTED,
        reason=reason,
        note=note,
        by=by,
        now=now,
        version=version,
    )
