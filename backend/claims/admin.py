"""Claims in the back office: to look at; their codes are not shown."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.accounts.admin import LookOnly, acting, say
from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Claim, ClaimLine
from backend.common import clock
from backend.common.refusals import Refusal

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:  # only the type stubs know it as generic
    TabularInline = admin.TabularInline


class LinesInline(TabularInline):
    model = ClaimLine
    fields = readonly_fields = (
        *("lot", "mass_g", "adjusted_g", "reserved_g", "on_board_g", "in_stock_g"),
        *("delivered_g", "returned_g", "disposed_g", "lost_g", "released_g"),
    )
    can_delete = False
    extra = max_num = 0


@admin.register(Claim)
class ClaimAdmin(LookOnly):
    """Claims; a coordinator of either county can cancel one that was not collected."""

    list_display = ("id", "organization", "listing", "transport", "status", "lapses_at")
    list_filter = ("status", "transport", "source", "county_code")
    list_select_related = ("organization", "listing")
    search_fields = ("id", "organization__name", "listing__title")
    exclude = ("pickup_code", "delivery_code")
    inlines = (LinesInline,)
    actions = ["cancel"]

    @admin.action(description=_("Cancel"))
    def cancel(self, request: HttpRequest, rows: QuerySet[Claim]) -> None:
        for claim in rows:
            say(request, claim, _cancelled(request, claim))


def _cancelled(request: HttpRequest, claim: Claim) -> Refusal | None:
    try:
        cancel_claim(claim_id=claim.pk, reason="back_office", by=acting(request), now=clock.now())
    except Refusal as refusal:
        return refusal
    return None
