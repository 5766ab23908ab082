"""Sweeps over organizations, and the mail of an invitation."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common import clock
from backend.common.actor import system
from backend.common.sweeping import sweep_each
from backend.organizations.actions import mark_recertification_due as marking
from backend.organizations.actions.invite_member import VALID_FOR, token_of
from backend.organizations.models import Invitation, Organization
from backend.organizations.models.organization import OrganizationStatus
from backend.regions.packs import pack

SWEEP = system("organizations.recertification")
#: A sweep leaves what is beyond this to the next one.
MOST_AT_ONCE = 500


@shared_task
def mark_recertification_due(**_extra: Any) -> int:
    """Marks organizations whose verification has run out; returns how many."""
    return mark_due(now=clock.now())


def mark_due(*, now: datetime) -> int:
    """Verified ones whose last valid local date is over, a few at a time; safe to run twice."""
    today = now.astimezone(pack().zone).date()
    due = Organization.objects.filter(
        status=OrganizationStatus.VERIFIED, verified_until_date__lt=today
    )
    ids = due.order_by("verified_until_date", "id").values_list("pk", flat=True)[:MOST_AT_ONCE]
    swept = sweep_each(
        "organizations",
        list(ids),
        lambda pk: marking.mark_recertification_due(organization_id=pk, by=SWEEP, now=now),
    )
    return sum(swept.results)


@shared_task
def send_invitation(*, invitation_id: str, **_extra: Any) -> None:
    """Sends the link once, in the language of the invited person if we know them."""
    invitation = (
        Invitation.objects.select_related("organization")
        .filter(pk=invitation_id, used_at__isnull=True, withdrawn_at__isnull=True)
        .first()
    )
    once = f"mail:invitation:{invitation_id}"
    if invitation is None or not cache.add(once, 1, VALID_FOR.total_seconds()):
        return
    known = User.objects.filter(email__iexact=invitation.email).first()
    with translation.override(known.language if known else settings.LANGUAGE_CODE):
        subject = _("%(organization)s invites you") % {"organization": invitation.organization}
        text = render_to_string(
            "organizations/mail/invitation.txt",
            {"organization": invitation.organization, "link": link_to(invitation)},
        )
    one_line = " ".join(subject.split())
    send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{one_line}", text, None, [invitation.email])


def link_to(invitation: Invitation) -> str:
    """Where the invited person accepts: a page, so the token stays out of API logs."""
    return f"{settings.PUBLIC_URL}/invitations/{token_of(invitation)}"
