"""Listings, lots, the mass ledger and recurring listings in the back office: to look at."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.accounts.admin import LookOnly, acting, say
from backend.common import clock
from backend.common.refusals import Refusal
from backend.listings.actions.end_schedule import end_schedule
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.models import Listing, ListingSchedule, Lot, MassMovement

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:  # only the type stubs know it as generic
    TabularInline = admin.TabularInline


class LotsInline(TabularInline):
    model = Lot
    fields = readonly_fields = (
        *("category", "description", "storage_class", "declared_g", "available_g", "held_g"),
        *("reserved_g", "delivered_g", "safe_until_at"),
    )
    can_delete = False
    extra = max_num = 0
    show_change_link = True


@admin.register(Listing)
class ListingAdmin(LookOnly):
    """Listings; a coordinator of the county can withdraw one."""

    list_display = ("title", "organization", "status", "closed_reason", "pickup_until_at")
    list_filter = ("status", "closed_reason", "county_code", "source")
    list_select_related = ("organization",)
    search_fields = ("title", "organization__name")
    date_hierarchy = "pickup_until_at"
    inlines = (LotsInline,)
    actions = ["withdraw"]

    @admin.action(description=_("Withdraw"))
    def withdraw(self, request: HttpRequest, rows: QuerySet[Listing]) -> None:
        for listing in rows:
            say(request, listing, _withdrawn(request, listing))


def _withdrawn(request: HttpRequest, listing: Listing) -> Refusal | None:
    try:
        withdraw_listing(
            listing_id=listing.pk, reason="back_office", by=acting(request), now=clock.now()
        )
    except Refusal as refusal:
        return refusal
    return None


@admin.register(Lot)
class LotAdmin(LookOnly):
    """Lots with their ledger."""

    list_display = ("category", "listing", "storage_class", "declared_g", "available_g")
    list_filter = ("storage_class", "category")
    list_select_related = ("listing",)
    search_fields = ("batch", "gtin", "description")


@admin.register(MassMovement)
class MassMovementAdmin(LookOnly):
    """The mass ledger."""

    list_display = ("at", "lot_id", "from_bucket", "to_bucket", "mass_g", "cause_type")
    list_filter = ("from_bucket", "to_bucket")
    search_fields = ("lot__id", "cause_id")


@admin.register(ListingSchedule)
class ListingScheduleAdmin(LookOnly):
    """Recurring listings."""

    list_display = ("title", "organization", "rule", "starts_date", "ends_date", "ended_at")
    list_select_related = ("organization",)
    search_fields = ("title", "organization__name")
    actions = ["end"]

    @admin.action(description=_("End"))
    def end(self, request: HttpRequest, rows: QuerySet[ListingSchedule]) -> None:
        for schedule in rows:
            say(request, schedule, _ended(request, schedule))


def _ended(request: HttpRequest, schedule: ListingSchedule) -> Refusal | None:
    try:
        end_schedule(schedule_id=schedule.pk, by=acting(request), now=clock.now())
    except Refusal as refusal:
        return refusal
    return None
