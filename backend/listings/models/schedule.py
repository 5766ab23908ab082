"""Recurring surplus: a rule and what it usually offers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.models import Versioned
from backend.organizations.models import Location, Organization


class ListingSchedule(Versioned):
    """Opens one listing per local date of an RFC 5545 rule; `template` holds the usual lots as the
    API takes them.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="schedules")
    location = models.ForeignKey(Location, models.CASCADE, related_name="schedules")
    title = models.CharField(_("title"), max_length=120)
    rule = models.CharField(_("repeats (RFC 5545)"), max_length=200)
    starts_date = models.DateField(_("from"))
    ends_date = models.DateField(_("until"), null=True, blank=True)
    opens_minute = models.PositiveSmallIntegerField(_("fetched from (minutes after midnight)"))
    closes_minute = models.PositiveSmallIntegerField(_("fetched until (minutes after midnight)"))
    skipped_dates = models.JSONField(_("left out on"), default=list, blank=True)
    template = models.JSONField(_("usual offer"), default=dict)
    created_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("recurring listing")
        verbose_name_plural = _("recurring listings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_minute__gt=F("opens_minute")), name="schedule_window_is_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_date__isnull=True) | Q(ends_date__gte=F("starts_date")),
                name="schedule_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title
