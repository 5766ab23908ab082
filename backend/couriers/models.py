"""Tables of couriers, their vehicles and their shifts."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.models import Versioned
from backend.geo.models import Placed


class CourierStatus(models.TextChoices):
    APPLIED = "applied", _("waiting for approval")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class VehicleKind(models.TextChoices):
    ON_FOOT = "on_foot", _("on foot")
    BICYCLE = "bicycle", _("bicycle")
    SCOOTER = "scooter", _("scooter")
    CAR = "car", _("car")
    VAN = "van", _("van")
    TRUCK = "truck", _("truck")


class ShiftStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class Courier(Versioned, Placed):
    """A volunteer who drives; the point is their home or usual start and is private."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="courier")
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CourierStatus,
        default=CourierStatus.APPLIED,
        editable=False,
    )
    county_code = models.CharField(_("county"), max_length=10, db_index=True, editable=False)
    road_group = models.CharField(max_length=40, db_index=True, editable=False)
    training_expires_date = models.DateField(
        _("food-safety training valid until"), null=True, blank=True
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)


class Vehicle(Versioned):
    """What a courier drives and how much of what it holds."""

    courier = models.ForeignKey(Courier, models.CASCADE, related_name="vehicles")
    kind = models.CharField(_("kind"), max_length=10, choices=VehicleKind)
    max_mass_g = models.PositiveIntegerField(_("load limit, grams"))
    ambient_ml = models.PositiveIntegerField(_("open space, millilitres"), default=0)
    chilled_ml = models.PositiveIntegerField(_("cold box, millilitres"), default=0)
    frozen_ml = models.PositiveIntegerField(_("freezer box, millilitres"), default=0)
    hot_ml = models.PositiveIntegerField(_("hot box, millilitres"), default=0)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(max_mass_g__gte=1), name="vehicle_carries_something")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def capacity(self) -> list[int]:
        """Grams, then millilitres ambient, chilled, frozen, hot."""
        return [self.max_mass_g, self.ambient_ml, self.chilled_ml, self.frozen_ml, self.hot_ml]


class ShiftQuerySet(models.QuerySet["Shift"]):
    def planned(self) -> Self:
        return self.filter(status=ShiftStatus.PLANNED)


class Shift(Versioned):
    """A period in which a courier drives one vehicle."""

    courier = models.ForeignKey(Courier, models.CASCADE, related_name="shifts")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="shifts")
    status = models.CharField(
        max_length=10, choices=ShiftStatus, default=ShiftStatus.PLANNED, editable=False
    )
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    start_lon = models.FloatField(_("start longitude"))
    start_lat = models.FloatField(_("start latitude"))
    end_lon = models.FloatField(_("end longitude"), null=True, blank=True)
    end_lat = models.FloatField(_("end latitude"), null=True, blank=True)
    break_s = models.PositiveIntegerField(_("break, seconds"), default=0)
    break_from_at = models.DateTimeField(_("break not before"), null=True, blank=True)
    break_until_at = models.DateTimeField(_("break begins before"), null=True, blank=True)
    longest_route_m = models.PositiveIntegerField(_("longest route, metres"), null=True, blank=True)
    county_code = models.CharField(max_length=10, db_index=True, editable=False)
    road_group = models.CharField(max_length=40, db_index=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["from_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="shift_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(end_lon__isnull=True, end_lat__isnull=True)
                | Q(end_lon__isnull=False, end_lat__isnull=False),
                name="shift_end_point_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(break_s=0)
                | Q(break_from_at__isnull=False, break_until_at__gt=F("break_from_at")),
                name="shift_break_has_a_window",
            ),
        ]
        indexes = [models.Index(fields=["road_group", "from_at"], name="shift_road_group_from")]

    def __str__(self) -> str:
        return f"{self.from_at:%Y-%m-%d %H:%M}"
