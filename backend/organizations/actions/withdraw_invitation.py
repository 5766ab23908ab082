"""Withdraws an invitation that nobody has accepted yet."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.events.record import record
from backend.organizations.actions.rows import hearing, locked
from backend.organizations.models import Invitation


@transaction.atomic
def withdraw_invitation(*, invitation_id: UUID, by: Actor, now: datetime) -> None:
    """Its link stops working; NotFound when it was used or withdrawn before."""
    invitation = locked(Invitation, invitation_id, "organization")
    require(by, "organizations.manage_people", invitation)
    still_open = Invitation.objects.filter(
        pk=invitation_id, used_at__isnull=True, withdrawn_at__isnull=True
    )
    if not still_open.update(withdrawn_at=now):
        raise NotFound()
    record(
        "membership.invitation_withdrawn",
        subject=invitation,
        by=by,
        now=now,
        audiences=hearing(invitation.organization)[:1],
        payload={"organization_id": str(invitation.organization_id)},
    )
