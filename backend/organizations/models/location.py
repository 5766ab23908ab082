"""Places of organizations and when they are open."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.ids import new_public_id
from backend.common.models import Row, Versioned
from backend.geo.models import Placed
from backend.organizations.models.organization import ACTING, Organization

MINUTES_A_DAY = 24 * 60


class LocationQuerySet(models.QuerySet["Location"]):
    def in_use(self) -> Self:
        return self.filter(closed_at__isnull=True, organization__status__in=ACTING)


class Location(Versioned, Placed):
    """A place of an organization, where food is fetched or received."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="locations")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind of place"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200)
    county_code = models.CharField(_("county"), max_length=10, db_index=True, editable=False)
    township_code = models.CharField(_("township"), max_length=20, db_index=True, editable=False)
    road_group = models.CharField(_("road group"), max_length=40, db_index=True, editable=False)
    access_notes = models.CharField(_("how to find the door"), max_length=300, blank=True)
    phone = models.CharField(_("phone at the door"), max_length=30, blank=True)
    is_hub = models.BooleanField(_("stores food for others"), default=False)
    handling_s = models.PositiveIntegerField(_("seconds a hand-over usually takes"), default=300)
    source = models.CharField(max_length=60, blank=True, editable=False)
    source_ref = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(
        _("no longer used since"), null=True, blank=True, editable=False
    )

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90)), name="location_on_earth"
            ),
            models.UniqueConstraint(
                fields=["source", "source_ref"],
                condition=~Q(source_ref=""),
                name="location_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(Row):
    """One weekly opening; `closes_minute` above 1440 means after midnight of the next day."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday (Monday is 0)"))
    opens_minute = models.PositiveSmallIntegerField(_("opens (minutes after midnight)"))
    closes_minute = models.PositiveSmallIntegerField(_("closes (minutes after midnight)"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["location_id", "weekday", "opens_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday_known"),
            models.CheckConstraint(
                condition=Q(opens_minute__lt=MINUTES_A_DAY), name="hours_open_within_the_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    closes_minute__gt=F("opens_minute"),
                    closes_minute__lte=F("opens_minute") + MINUTES_A_DAY,
                ),
                name="hours_close_after_opening",
            ),
            models.UniqueConstraint(
                fields=["location", "weekday", "opens_minute"], name="hours_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_minute}-{self.closes_minute}"


class HoursException(Row):
    """Other hours on one local date; no minutes at all means closed."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="hours_exceptions")
    local_date = models.DateField(_("date"))
    opens_minute = models.PositiveSmallIntegerField(_("opens"), null=True, blank=True)
    closes_minute = models.PositiveSmallIntegerField(_("closes"), null=True, blank=True)

    class Meta:
        verbose_name = _("exceptional hours")
        verbose_name_plural = _("exceptional hours")
        ordering = ["location_id", "local_date", "opens_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_minute__isnull=True, closes_minute__isnull=True)
                | Q(
                    opens_minute__lt=MINUTES_A_DAY,
                    closes_minute__gt=F("opens_minute"),
                    closes_minute__lte=F("opens_minute") + MINUTES_A_DAY,
                ),
                name="exception_closed_or_proper_hours",
            ),
        ]

    def __str__(self) -> str:
        return str(self.local_date)
