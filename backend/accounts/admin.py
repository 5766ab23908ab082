"""People and keys in the back office: to look at; changes go through the actions.

Signing in there goes through the same page as everywhere, with its count of failures and second
factor.
"""

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.accounts.actions.deactivate_person import deactivate_person
from backend.accounts.actions.reactivate_person import reactivate_person
from backend.accounts.models import ApiKey, Consent, User
from backend.common import clock
from backend.common.actor import Actor, person
from backend.common.refusals import Refusal

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:  # only the type stubs know it as generic
    ModelAdmin = admin.ModelAdmin


class LookOnly(ModelAdmin):
    """Shows rows; whatever changes them is an action of the list."""

    actions_on_bottom = True
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def acting(request: HttpRequest) -> Actor:
    """The actor that a person in the back office is."""
    assert isinstance(request.user, User), "the back office is for people"  # noqa: S101
    return person(request.user.pk, is_staff=request.user.is_staff)


def say(request: HttpRequest, row: Model, refusal: Refusal | None) -> None:
    """Tells what became of one row."""
    if refusal is None:
        messages.success(request, _("Done: %(row)s") % {"row": row})
    else:
        messages.error(request, f"{row}: {refusal.detail}")


@admin.register(User)
class UserAdmin(LookOnly):
    """People."""

    list_display = ("email", "name", "language", "is_active", "is_staff", "joined_at")
    list_filter = ("is_active", "is_staff", "language")
    search_fields = ("email", "name")
    ordering = ("-id",)
    exclude = ("password", "groups", "user_permissions")
    actions = ["deactivate", "reactivate"]

    @admin.action(description=_("Close the account (ends sessions and keys)"))
    def deactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for user in people:
            say(request, user, _tried(deactivate_person, request, user))

    @admin.action(description=_("Open the account again"))
    def reactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for user in people:
            say(request, user, _tried(reactivate_person, request, user))


def _tried(action: Any, request: HttpRequest, user: User) -> Refusal | None:
    try:
        action(user_id=user.pk, reason="back_office", by=acting(request), now=clock.now())
    except Refusal as refusal:
        return refusal
    return None


@admin.register(ApiKey)
class ApiKeyAdmin(LookOnly):
    """Keys, without their secrets."""

    list_display = ("token_key", "label", "kind", "user", "organization_id", "created", "expiry")
    list_filter = ("kind",)
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(Consent)
class ConsentAdmin(LookOnly):
    """What people agreed to."""

    list_display = ("user", "purpose", "text_version", "given_at", "withdrawn_at")
    list_select_related = ("user",)
