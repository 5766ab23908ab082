"""Hand-overs and incidents in the back office: to look at; who signed is not shown."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from backend.accounts.admin import LookOnly
from backend.custody.models import Attempt, HandOver, HandOverLine, Incident

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:  # only the type stubs know it as generic
    TabularInline = admin.TabularInline


class LinesInline(TabularInline):
    model = HandOverLine
    fields = readonly_fields = (
        *("lot", "mass_g", "giver_mass_g", "outcome", "reason", "remainder", "temperature_dc"),
    )
    can_delete = False
    extra = max_num = 0


class IncidentsInline(TabularInline):
    model = Incident
    fields = readonly_fields = ("code", "status", "opened_at", "decided_at")
    can_delete = False
    extra = max_num = 0


@admin.register(HandOver)
class HandOverAdmin(LookOnly):
    """Facts: nobody changes them, not here either."""

    list_display = ("at", "kind", "status", "claim", "county_code", "breach_codes")
    list_filter = ("kind", "status", "county_code")
    list_select_related = ("claim",)
    search_fields = ("id", "client_id", "claim__id")
    inlines = (LinesInline, IncidentsInline)


@admin.register(Attempt)
class AttemptAdmin(LookOnly):
    list_display = ("at", "reason", "is_pickup", "claim")
    list_filter = ("reason", "is_pickup")
    list_select_related = ("claim",)


@admin.register(Incident)
class IncidentAdmin(LookOnly):
    """Coordinators decide, on their own pages."""

    list_display = ("opened_at", "code", "status", "county_code", "decided_at")
    list_filter = ("status", "code", "county_code")
    search_fields = ("id", "hand_over__id")
