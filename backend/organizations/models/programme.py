"""Food activities of recipients: whom they serve and under which rules."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.common.models import Versioned
from backend.organizations.models.location import Location


class Programme(Versioned):
    """A recipient's food activity at one location: meals for elders, a pantry, a kitchen."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="programmes")
    name = models.CharField(_("name"), max_length=120)
    people_per_week = models.PositiveIntegerField(_("people served per week"))
    diet_rules = models.JSONField(_("diet rules"), default=list, blank=True)
    categories_not_taken = models.JSONField(_("food not taken"), default=list, blank=True)
    allergens_not_taken = models.JSONField(_("allergens not taken"), default=list, blank=True)
    max_distance_m = models.PositiveIntegerField(
        _("farthest own collection, metres"), default=10_000
    )
    collects_itself = models.BooleanField(_("can fetch food itself"), default=True)
    created_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people_per_week__gte=1), name="programme_serves_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.name
