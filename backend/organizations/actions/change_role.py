"""Makes a member manager or staff."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid
from backend.organizations.actions.end_membership import (
    held_for_change,
    refuse_last_manager,
    tell,
)
from backend.organizations.models import Membership
from backend.organizations.models.people import MembershipRole


@transaction.atomic
def change_role(*, membership_id: UUID, role: str, by: Actor, now: datetime) -> Membership:
    """By a manager. Raises LastManager when that would leave none."""
    membership = held_for_change(membership_id)
    require(by, "organizations.manage_people", membership)
    if role not in MembershipRole.values:
        raise Invalid.field("role", "unknown_role", _("Please choose manager or staff."))
    if membership.role == role:
        return membership
    refuse_last_manager(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    tell(membership, "membership.role_changed", by=by, now=now)
    return membership
