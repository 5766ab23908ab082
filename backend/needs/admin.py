"""Needs, consents, capacity and requests in the back office: to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.accounts.admin import LookOnly, acting, say
from backend.common import clock
from backend.common.refusals import Refusal
from backend.needs.actions.withdraw_request import withdraw_request
from backend.needs.models import Capacity, CapacityUse, Request, StandingConsent, StandingNeed


@admin.register(StandingNeed)
class StandingNeedAdmin(LookOnly):
    list_display = ("programme", "category_group", "grams_per_week")
    list_filter = ("category_group",)
    list_select_related = ("programme",)


@admin.register(StandingConsent)
class StandingConsentAdmin(LookOnly):
    list_display = ("programme", "max_g_per_day", "until_date", "given_at", "withdrawn_at")
    list_select_related = ("programme",)


@admin.register(Capacity)
class CapacityAdmin(LookOnly):
    list_display = ("location", "storage_class", "limit_g")
    list_filter = ("storage_class",)
    list_select_related = ("location",)


@admin.register(CapacityUse)
class CapacityUseAdmin(LookOnly):
    list_display = ("location", "storage_class", "local_date", "used_g", "limit_g")
    list_filter = ("storage_class", "local_date")
    list_select_related = ("location",)


@admin.register(Request)
class RequestAdmin(LookOnly):
    """Requests; a coordinator of the county can withdraw one."""

    list_display = ("programme", "category_group", "mass_g", "status", "needed_until_at")
    list_filter = ("status", "is_public", "category_group")
    list_select_related = ("programme",)
    actions = ["withdraw"]

    @admin.action(description=_("Withdraw"))
    def withdraw(self, request: HttpRequest, rows: QuerySet[Request]) -> None:
        for asked in rows:
            say(request, asked, _withdrawn(request, asked))


def _withdrawn(request: HttpRequest, asked: Request) -> Refusal | None:
    try:
        withdraw_request(request_id=asked.pk, by=acting(request), now=clock.now())
    except Refusal as refusal:
        return refusal
    return None
