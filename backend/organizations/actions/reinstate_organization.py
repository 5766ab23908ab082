"""Lifts a suspension; the date of the next check stays as it was."""

from datetime import datetime
from uuid import UUID

from backend.common.actor import Actor
from backend.organizations.actions.decide_organization import decide_organization
from backend.organizations.domain.lifecycle import OrganizationStatus
from backend.organizations.models import Organization


def reinstate_organization(
    *,
    organization_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> Organization:
    """From suspended back to verified; IllegalTransition from anywhere else."""
    return decide_organization(
        organization_id=organization_id,
        to=OrganizationStatus.VERIFIED,
        only_from=OrganizationStatus.SUSPENDED,
        reason=reason,
        note=note,
        by=by,
        now=now,
        version=version,
    )
