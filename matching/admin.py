"""Rounds, offers and the record of fairness in the back office: to look at."""

from django.contrib import admin

from backend.accounts.admin import LookOnly
from matching.models import FairnessEntry, Offer, Round


@admin.register(Round)
class RoundAdmin(LookOnly):
    """Rounds."""

    list_display = (
        *("area", "started_at", "trigger", "status", "solve_ms", "lots_considered"),
        *("proposals_made", "proposals_dropped", "truncated"),
    )
    list_filter = ("status", "trigger", "area")
    date_hierarchy = "started_at"


@admin.register(Offer)
class OfferAdmin(LookOnly):
    """Offers."""

    list_display = ("listing", "location", "programme", "status", "transport", "answer_by_at")
    list_filter = ("status", "transport", "decline_reason")
    list_select_related = ("listing", "location", "programme")
    search_fields = ("listing__title", "location__name")


@admin.register(FairnessEntry)
class FairnessEntryAdmin(LookOnly):
    """What programmes received."""

    list_display = ("programme", "county_code", "mass_g", "at")
    list_filter = ("county_code",)
    list_select_related = ("programme",)
