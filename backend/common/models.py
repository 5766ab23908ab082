"""Abstract rows that the apps' tables build on, and the row that sets the demo's clock."""

from typing import ClassVar
from uuid import UUID

from django.db import models

from backend.common.ids import new_id


class Row(models.Model):
    """A row with a time-ordered key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    pk: UUID

    class Meta:
        abstract = True


class Versioned(Row):
    """A row that people race for: `version` grows by one with every change and is its ETag."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class DemoClock(models.Model):
    """At most one row: the demonstration's own time, which all processes read.

    Simulated time = simulated_from + rate * (real time - real_from).
    """

    SINGLETON: ClassVar[int] = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLETON, editable=False)
    real_from = models.DateTimeField()
    simulated_from = models.DateTimeField()
    rate = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="demo_clock_is_one_row"),
            models.CheckConstraint(condition=models.Q(rate__gte=0), name="demo_clock_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.simulated_from} x{self.rate}"


class IdempotencyKey(Row):
    """That an actor's request was carried out, and its answer, so that a repetition gets the same.

    Kept for 48 hours. The answer may hold personal data of the actor, so erasure removes it.
    """

    actor = models.CharField(max_length=80)
    route = models.CharField(max_length=300)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    headers = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "route", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
