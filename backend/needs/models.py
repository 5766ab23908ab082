"""Tables of what recipients can and want to take."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.choices import StorageClass
from backend.common.ids import new_public_id
from backend.common.models import Row, Versioned
from backend.organizations.models import Location, Programme


class StandingNeed(Versioned):
    """How much of one group of food a programme can use in a week; soft: it guides matching."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="standing_needs")
    category_group = models.CharField(_("group of food"), max_length=40)
    grams_per_week = models.PositiveBigIntegerField(_("grams per week"))

    class Meta:
        verbose_name = _("standing need")
        verbose_name_plural = _("standing needs")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "category_group"], name="need_stated_once"
            ),
            models.CheckConstraint(condition=Q(grams_per_week__gte=1), name="need_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.category_group} {self.grams_per_week} g"


class ConsentQuerySet(models.QuerySet["StandingConsent"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class StandingConsent(Versioned):
    """A recipient lets matching accept for it, within these limits; empty categories mean any."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="consents")
    category_groups = models.JSONField(_("groups of food"), default=list, blank=True)
    max_g_per_day = models.PositiveBigIntegerField(_("at most grams a day"))
    max_distance_m = models.PositiveIntegerField(_("at most metres away"), null=True, blank=True)
    until_date = models.DateField(_("valid until"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing consent")
        verbose_name_plural = _("standing consents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_given_once",
            ),
            models.CheckConstraint(
                condition=Q(max_g_per_day__gte=1), name="consent_allows_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.max_g_per_day} g"


class Capacity(Versioned):
    """How many grams of one storage class a location can take in on one day; no row means none."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="capacities")
    storage_class = models.CharField(_("storage"), max_length=8, choices=StorageClass)
    limit_g = models.PositiveBigIntegerField(_("grams a day"))

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "storage_class"], name="capacity_stated_once"
            ),
            models.CheckConstraint(
                condition=Q(storage_class__in=StorageClass.values), name="capacity_storage_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.storage_class} {self.limit_g} g"


class CapacityUse(Row):
    """What is promised of a location's capacity on one local date; taken by conditional UPDATE."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="capacity_uses")
    storage_class = models.CharField(max_length=8, choices=StorageClass)
    local_date = models.DateField()
    limit_g = models.PositiveBigIntegerField()
    used_g = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("use of capacity")
        verbose_name_plural = _("uses of capacity")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "storage_class", "local_date"], name="capacity_use_per_day"
            ),
            models.CheckConstraint(condition=Q(used_g__gte=0), name="capacity_use_not_negative"),
            models.CheckConstraint(
                condition=Q(used_g__lte=F("limit_g")), name="capacity_not_exceeded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.storage_class} {self.used_g} of {self.limit_g} g"


class RequestStatus(models.TextChoices):
    OPEN = "open", _("open")
    MET = "met", _("met")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed")


class Request(Versioned):
    """A one-off wish of a programme; public ones stand on the need board."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="requests")
    category_group = models.CharField(_("group of food"), max_length=40)
    mass_g = models.PositiveBigIntegerField(_("grams"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_public = models.BooleanField(_("show on the public need board"), default=False)
    needed_until_at = models.DateTimeField(_("needed until"))
    status = models.CharField(
        max_length=10, choices=RequestStatus, default=RequestStatus.OPEN, editable=False
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["needed_until_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(mass_g__gte=1), name="request_is_something")
        ]

    def __str__(self) -> str:
        return f"{self.category_group} {self.mass_g} g"
