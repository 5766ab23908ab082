"""A rejected organization applies again after mending what was missing."""

from datetime import datetime
from uuid import UUID

from backend.common.actor import Actor
from backend.organizations.actions.decide_organization import decide_organization
from backend.organizations.domain.lifecycle import OrganizationStatus
from backend.organizations.models import Organization
from backend.organizations.models.organization import DecisionReason


def apply_again(*, organization_id: UUID, by: Actor, now: datetime, note: str = "") -> Organization:
    """By a manager of the organization itself; the coordinators of the county hear of it."""
    return decide_organization(
        organization_id=organization_id,
        to=OrganizationStatus.APPLIED,
        reason=DecisionReason.ASKED_FOR,
        note=note,
        by=by,
        now=now,
        permission="organizations.change",
    )
