"""Accepts an invitation: the person acts for the organization from now on."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.accounts.selectors import person_id
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.events import audiences
from backend.events.record import record
from backend.organizations.actions.invite_member import AlreadyMember, digest_of
from backend.organizations.actions.rows import hearing
from backend.organizations.models import Invitation, Membership


class InvitationNotValid(Refusal):
    """There is no such invitation, or it was used, withdrawn, outlived or meant for another."""

    code = "invitation_not_valid"
    status = 404
    message = _("This invitation is no longer valid, or it was sent to another address.")


@transaction.atomic
def accept_invitation(*, token: str, by: Actor, now: datetime) -> Membership:
    """Uses the invitation up; only the person with the invited address may (InvitationNotValid).

    One answer for all reasons, so that tokens and addresses cannot be probed.
    """
    require(by, "organizations.register")
    user = User.objects.filter(pk=person_id(by), is_active=True).first()
    mine = Invitation.objects.filter(
        token_digest=digest_of(token),
        email__iexact=user.email if user else "",
        used_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__gt=now,
    )
    if user is None or not mine.update(used_at=now):
        raise InvitationNotValid()
    invitation = Invitation.objects.select_related("organization").get(
        token_digest=digest_of(token)
    )
    membership = Membership(
        user=user, organization=invitation.organization, role=invitation.role, since_at=now
    )
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyMember() from error
    record(
        "membership.begun",
        subject=membership,
        by=by,
        now=now,
        audiences=[*hearing(invitation.organization)[:1], audiences.person(user.pk)],
        payload={
            "organization_id": str(invitation.organization_id),
            "user_id": str(user.pk),
            "role": membership.role,
        },
    )
    return membership
