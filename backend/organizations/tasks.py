"""Sweeps over organizations, and the mail of an invitation."""

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
from backend.organizations.actions import mark_recertification_due as marking
from backend.organizations.actions.invite_member import VALID_FOR, token_of
from backend.organizations.models import Invitation


@shared_task
def mark_recertification_due(**_extra: Any) -> None:
    """Marks organizations whose verification has run out."""
    marking.mark_recertification_due(by=system("organizations.recertification"), now=clock.now())


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
