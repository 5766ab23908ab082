"""The mass ledger: every gram's way, append-only."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.append_only import AppendOnlyQuerySet, AppendOnlyRow
from backend.listings.domain.ledger import Bucket
from backend.listings.models.listing import Lot

BUCKETS = [(bucket.value, bucket.value) for bucket in Bucket]


class MassMovement(AppendOnlyRow):
    """One double entry: `mass_g` left one bucket for another; a correction is another movement,
    never an edit.

    The holders are the claim line or proposal whose share it was and is; `cause` is the row that
    made it move.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements")
    from_bucket = models.CharField(max_length=10, choices=BUCKETS)
    to_bucket = models.CharField(max_length=10, choices=BUCKETS)
    mass_g = models.PositiveBigIntegerField()
    from_holder_id = models.UUIDField(null=True, db_index=True)
    to_holder_id = models.UUIDField(null=True, db_index=True)
    cause_type = models.CharField(max_length=40)
    cause_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet["MassMovement"].as_manager()

    class Meta:
        verbose_name = _("mass movement")
        verbose_name_plural = _("mass movements")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(mass_g__gte=1), name="movement_moves_something"),
            models.CheckConstraint(
                condition=~Q(from_bucket=F("to_bucket")) | ~Q(from_holder_id=F("to_holder_id")),
                name="movement_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(
                    from_bucket__in=[b.value for b in Bucket],
                    to_bucket__in=[b.value for b in Bucket],
                ),
                name="movement_buckets_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass_g} g {self.from_bucket} > {self.to_bucket}"
