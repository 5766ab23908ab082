"""Ends a membership: the person no longer acts for the organization, from this moment."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound, Refusal
from backend.events import audiences
from backend.events.record import record
from backend.organizations.actions.rows import hearing, locked
from backend.organizations.models import Membership, Organization
from backend.organizations.models.people import MembershipRole


class LastManager(Refusal):
    """Somebody must be able to change the organization's settings and people."""

    code = "last_manager"
    message = _("This is the only manager. Please make somebody else manager first.")


@transaction.atomic
def end_membership(*, membership_id: UUID, by: Actor, now: datetime) -> Membership:
    """By a manager, or by the person themselves. Raises LastManager."""
    membership = held_for_change(membership_id)
    require(by, "organizations.end_membership", membership)
    refuse_last_manager(membership)
    if not Membership.objects.current().filter(pk=membership_id).update(ended_at=now):
        raise NotFound()
    membership.refresh_from_db()
    tell(membership, "membership.ended", by=by, now=now)
    return membership


def held_for_change(membership_id: UUID) -> Membership:
    """A current membership, read while its organization is locked: two managers who remove each
    other at once go one after the other.
    """
    found = Membership.objects.current().filter(pk=membership_id)
    owner = found.values_list("organization_id", flat=True).first()
    if owner is None:
        raise NotFound()
    organization = locked(Organization, owner)
    membership = found.select_related("user").first()
    if membership is None:
        raise NotFound()
    membership.organization = organization
    return membership


def refuse_last_manager(membership: Membership) -> None:
    """Raises LastManager when nobody else manages the organization."""
    if membership.role != MembershipRole.MANAGER:
        return
    others = Membership.objects.current().filter(
        organization_id=membership.organization_id,
        role=MembershipRole.MANAGER,
        user__is_active=True,
    )
    if not others.exclude(pk=membership.pk).exists():
        raise LastManager()


def tell(membership: Membership, type_: str, *, by: Actor, now: datetime) -> None:
    """Records what happened to a membership, for the organization and the person."""
    record(
        type_,
        subject=membership,
        by=by,
        now=now,
        audiences=[
            *hearing(membership.organization)[:1],
            audiences.person(membership.user_id),
        ],
        payload={
            "organization_id": str(membership.organization_id),
            "user_id": str(membership.user_id),
            "role": membership.role,
        },
    )
