"""Counts food that is at a place, or on its way to it, though nobody had asked for room."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from backend.needs.models import CapacityUse


@transaction.atomic
def book_capacity(
    *, location_id: UUID, storage_class: str, local_date: date, mass_g: int, now: datetime
) -> None:
    """Like `take_capacity`, but never refused, because a recorded fact is not: where it takes more
    than the day's limit, the limit of that day follows.
    """
    blank = CapacityUse(
        location_id=location_id, storage_class=storage_class, local_date=local_date, limit_g=0
    )
    CapacityUse.objects.bulk_create([blank], ignore_conflicts=True)
    uses = CapacityUse.objects.filter(
        location=location_id, storage_class=storage_class, local_date=local_date
    )
    used_g = F("used_g") + mass_g
    uses.update(used_g=used_g, limit_g=Greatest(F("limit_g"), used_g))
