"""Shipments, plans and routes in the back office: to look at."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from backend.accounts.admin import LookOnly
from logistics.models import Plan, Route, RouteOffer, Shipment, ShipmentLine, Stop

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:  # only the type stubs know it as generic
    TabularInline = admin.TabularInline


class LinesInline(TabularInline):
    model = ShipmentLine
    fields = readonly_fields = ("lot", "claim_line", "mass_g")
    can_delete = False
    extra = max_num = 0


class StopsInline(TabularInline):
    model = Stop
    fields = readonly_fields = (
        *("sequence", "location", "status", "arrive_at", "arrived_at", "ended_at", "distance_m"),
    )
    can_delete = False
    extra = max_num = 0


class OffersInline(TabularInline):
    model = RouteOffer
    fields = readonly_fields = (
        *("courier", "wave", "status", "offered_at", "answer_by_at", "decline_reason"),
    )
    can_delete = False
    extra = max_num = 0


@admin.register(Shipment)
class ShipmentAdmin(LookOnly):
    """What has to be driven, with why nobody does."""

    list_display = (
        *("id", "status", "storage_class", "mass_g", "pickup_until_at", "county_code"),
        "unassigned_reason",
    )
    list_filter = ("status", "storage_class", "county_code")
    search_fields = ("id", "claim__id")
    inlines = (LinesInline,)


@admin.register(Plan)
class PlanAdmin(LookOnly):
    list_display = ("started_at", "area", "status", "routes_dropped", "solve_ms", "is_estimated")
    list_filter = ("status", "area")


@admin.register(Route)
class RouteAdmin(LookOnly):
    """A route with its stops and to whom it was offered."""

    list_display = ("starts_at", "status", "courier", "distance_m", "county_code")
    list_filter = ("status", "county_code")
    list_select_related = ("courier",)
    search_fields = ("id", "courier__id")
    inlines = (StopsInline, OffersInline)
