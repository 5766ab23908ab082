"""Frees capacity that was promised and is not needed any more."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from backend.needs.models import Capacity, CapacityUse


class NotTaken(Exception):
    """More was given back than was taken: the promises and the capacity no longer agree."""


@transaction.atomic
def give_back_capacity(
    *, location_id: UUID, storage_class: str, local_date: date, mass_g: int, now: datetime
) -> None:
    """The inverse of `take_capacity`; a limit that was lowered meanwhile takes hold as room is
    given back. Raises NotTaken, which is a bug of the caller.
    """
    limit = Capacity.objects.filter(
        location=OuterRef("location"), storage_class=OuterRef("storage_class")
    ).values("limit_g")
    uses = CapacityUse.objects.filter(
        location=location_id,
        storage_class=storage_class,
        local_date=local_date,
        used_g__gte=mass_g,
    )
    left_g = F("used_g") - mass_g
    freed = uses.update(
        used_g=left_g, limit_g=Greatest(left_g, Coalesce(Subquery(limit), Value(0)))
    )
    if not freed:
        raise NotTaken(f"{mass_g} g of {storage_class} at {location_id} on {local_date}")
