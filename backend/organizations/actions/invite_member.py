"""Invites somebody by e-mail to act for an organization."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.events.record import record
from backend.organizations.actions.rows import hearing, locked, refuse_unless_clean
from backend.organizations.models import Invitation, Membership, Organization

VALID_FOR = timedelta(days=14)
MOST_OPEN = 50


class AlreadyMember(Refusal):
    """The person acts for the organization already."""

    code = "already_member"
    message = _("This person is a member already.")


class TooManyInvitations(Refusal):
    """There are as many open invitations as an organization may have."""

    code = "too_many_invitations"
    message = _("There are %(limit)s open invitations already. Please withdraw some first.")


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation with its token, which is stored as a digest only."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite_member(
    *, organization_id: UUID, email: str, role: str, by: Actor, now: datetime
) -> Invited:
    """An invitation for 14 days; an earlier open one to the same address is withdrawn.

    The mail is sent when the event is handled. Raises AlreadyMember, TooManyInvitations, Invalid.
    """
    organization = locked(Organization, organization_id)
    require(by, "organizations.manage_people", organization)
    members = Membership.objects.current().filter(organization=organization)
    if members.filter(user__email__iexact=email).exists():
        raise AlreadyMember()
    pending = organization.invitations.filter(
        used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    pending.filter(email__iexact=email).update(withdrawn_at=now)
    if pending.count() >= MOST_OPEN:
        raise TooManyInvitations(limit=MOST_OPEN)
    invitation = Invitation(
        organization=organization,
        email=email,
        role=role,
        invited_by_id=by.user_id,
        invited_at=now,
        expires_at=now + VALID_FOR,
    )
    token = token_of(invitation)
    invitation.token_digest = digest_of(token)
    refuse_unless_clean(invitation)
    invitation.save(force_insert=True)
    record(
        "membership.invited",
        subject=invitation,
        by=by,
        now=now,
        audiences=hearing(organization)[:1],
        payload={"organization_id": str(organization_id), "role": role},
        changed=["email"],
    )
    return Invited(invitation, token)


def token_of(invitation: Invitation) -> str:
    """The secret that the mail carries: derived, so that the task which sends it needs no copy."""
    return salted_hmac(
        "organizations.invitation", str(invitation.pk), algorithm="sha256"
    ).hexdigest()


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
