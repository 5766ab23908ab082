"""Where allauth's pages meet our actions: signing up, and counting failed sign-ins."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from backend.accounts.actions.register_person import register_person
from backend.accounts.gateway.failed_sign_ins import (
    SignInLocked,
    count_attempt,
    forgive_attempt,
)
from backend.accounts.models import User
from backend.common import clock


class SignInAdapter(DefaultAccountAdapter):
    """allauth's seam: people are stored by our action, failures counted by our own counter.

    The REST sign-in goes through `authenticate` too, so pages and API share one count.
    """

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Fills the new person from the sign-up form and registers them."""
        filled: User = super().save_user(request, user, form, commit=False)
        filled.name = form.cleaned_data.get("name", "")
        filled.language = form.cleaned_data.get("language") or get_language() or filled.language
        return register_person(user=filled, via="pages", now=clock.now()) if commit else filled

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses before the password is looked at when the account or address is locked."""
        try:
            count_attempt(account=_account(credentials), address=self.get_client_ip(request))
        except SignInLocked as locked:
            raise self.validation_error("too_many_login_attempts") from locked

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person whose e-mail and password these are, or None."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            forgive_attempt(account=_account(credentials), address=self.get_client_ip(request))
        return user


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")
