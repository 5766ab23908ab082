"""Checks e-mail, password and second factor of a sign-in over REST."""

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.accounts.gateway.failed_sign_ins import SignInLocked
from backend.accounts.models import User
from backend.common.refusals import Refusal

log = structlog.get_logger(__name__)


class WrongCredentials(Refusal):
    """No account that may sign in has this e-mail and password."""

    code = "wrong_credentials"
    status = 401
    message = _("The e-mail address or the password is wrong.")


class SecondFactorRequired(Refusal):
    """The password was right, but the code of the second factor is missing or wrong."""

    code = "second_factor_required"
    status = 401
    message = _("Please give the code of your second factor.")


class EmailNotConfirmed(Refusal):
    """The password was right, but nobody opened the link in our mail yet."""

    code = "email_not_confirmed"
    status = 403
    message = _("Please open the link in the mail that we sent you first.")


def checked_person(request: HttpRequest, *, email: str, password: str, code: str) -> User:
    """The person, by the same road as the sign-in page, with the same count of failures.

    Raises WrongCredentials (the same for unknown and closed accounts), SignInLocked,
    SecondFactorRequired, EmailNotConfirmed.
    """
    with context.request_context(request):
        try:
            user = get_adapter(request).authenticate(request, email=email, password=password)
        except ValidationError as error:
            log.warning("sign_in_locked")
            raise SignInLocked() from error
        if not isinstance(user, User) or not user.is_active:
            log.warning("sign_in_failed")
            raise WrongCredentials()
        if is_mfa_enabled(user) and not AuthenticateForm(data={"code": code}, user=user).is_valid():
            log.warning("second_factor_failed", user_id=str(user.pk))
            raise SecondFactorRequired()
    _refuse_unconfirmed(user)
    return user


def _refuse_unconfirmed(user: User) -> None:
    if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        return
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise EmailNotConfirmed()
