"""Suspends an organization at once; it may neither give nor receive until reinstated."""

from datetime import datetime
from uuid import UUID

from backend.common.actor import Actor
from backend.organizations.actions.decide_organization import decide_organization
from backend.organizations.domain.lifecycle import OrganizationStatus
from backend.organizations.models import Organization


def suspend_organization(
    *,
    organization_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> Organization:
    """A coordinator of the county stops it; listings and claims settle what is under way."""
    return decide_organization(
        organization_id=organization_id,
        to=OrganizationStatus.SUSPENDED,
        reason=reason,
        note=note,
        by=by,
        now=now,
        version=version,
    )
