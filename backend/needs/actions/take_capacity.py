"""Promises part of a place's capacity on one day."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.refusals import Refusal
from backend.needs.models import Capacity, CapacityUse


class CapacityFull(Refusal):
    """The place cannot take in so much more of this storage class on that day."""

    code = "over_capacity"
    message = _("There is no room left for food kept this way on that day.")


@transaction.atomic
def take_capacity(
    *, location_id: UUID, storage_class: str, local_date: date, mass_g: int, now: datetime
) -> None:
    """A conditional UPDATE first; the day's row is made of the stated capacity when it is missing.

    That capacity is locked: who states another one meanwhile waits and then finds the day's row.
    Raises CapacityFull.
    """
    if _take(location_id, storage_class, local_date, mass_g):
        return
    capacities = Capacity.objects.select_for_update(no_key=True)
    stated = capacities.filter(location=location_id, storage_class=storage_class).first()
    if stated is None:
        raise CapacityFull()
    CapacityUse.objects.bulk_create(
        [
            CapacityUse(
                location_id=location_id,
                storage_class=storage_class,
                local_date=local_date,
                limit_g=stated.limit_g,
            )
        ],
        ignore_conflicts=True,
    )
    if not _take(location_id, storage_class, local_date, mass_g):
        raise CapacityFull()


def _take(location_id: UUID, storage_class: str, on: date, mass_g: int) -> int:
    uses = CapacityUse.objects.filter(
        location=location_id,
        storage_class=storage_class,
        local_date=on,
        limit_g__gte=F("used_g") + mass_g,
    )
    return uses.update(used_g=F("used_g") + mass_g)
