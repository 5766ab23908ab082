"""The abstract row for things that have a point."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.geo.domain.points import Point, cell

COARSE_RESOLUTION = 7
FINE_RESOLUTION = 9


class Placed(models.Model):
    """A row with a WGS84 point and its H3 cells, so that "near" is the same on both databases."""

    lon = models.FloatField(
        _("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = models.FloatField(
        _("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    h3_7 = models.CharField(max_length=15, db_index=True, editable=False)
    h3_9 = models.CharField(max_length=15, db_index=True, editable=False)

    class Meta:
        abstract = True

    @property
    def point(self) -> Point:
        return Point(self.lon, self.lat)

    @point.setter
    def point(self, point: Point) -> None:
        self.lon, self.lat = point
        self.h3_7 = cell(point, COARSE_RESOLUTION)
        self.h3_9 = cell(point, FINE_RESOLUTION)
