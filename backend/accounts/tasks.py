"""Mails about accounts."""

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from backend.accounts.models import User

#: Nobody can make us send the same mail to somebody else's address more often than this.
AT_MOST_EVERY_S = 6 * 3600


@shared_task
def send_address_confirmation(*, user_id: str, **_extra: Any) -> None:
    """Sends the link that proves the address is theirs, unless it is proved or was just sent."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not cache.add(f"mail:confirm:{user_id}", 1, AT_MOST_EVERY_S):
        return
    address, _created = EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True}
    )
    if not address.verified:
        path = reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
        _send(user, "confirm_address", link=f"{settings.PUBLIC_URL}{path}")


@shared_task
def send_account_exists(*, user_id: str, **_extra: Any) -> None:
    """Tells the owner of an account that somebody tried to register with their address."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user and cache.add(f"mail:exists:{user_id}", 1, AT_MOST_EVERY_S):
        link = f"{settings.PUBLIC_URL}{reverse('account_reset_password')}"
        _send(user, "account_exists", link=link)


def _send(user: User, name: str, *, link: str) -> None:
    with translation.override(user.language):
        subjects = {
            "confirm_address": _("Please confirm your e-mail address"),
            "account_exists": _("You have an account already"),
        }
        text = render_to_string(f"accounts/mail/{name}.txt", {"link": link})
    send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subjects[name]}", text, None, [user.email])
