"""States how much of one storage class a place can take in on a day."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.choices import StorageClass
from backend.common.permissions import require
from backend.common.refusals import Invalid, NotFound
from backend.needs.actions.check_words import check_mass
from backend.needs.actions.record_need import record_need
from backend.needs.models import Capacity, CapacityUse
from backend.organizations.models import Location
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack


@transaction.atomic
def set_capacity(
    *, location_id: UUID, storage_class: str, limit_g: int, by: Actor, now: datetime
) -> Capacity | None:
    """Replaces the limit from today on; 0 says that nothing is kept this way and returns None.

    What is promised stays promised, even above the new limit. Raises NotFound, NotAllowed, Invalid.
    """
    # Not against rows that point to the place: who takes room there first holds the capacity.
    locked = Location.objects.select_for_update(of=("self",), no_key=True)
    location = locked.select_related("organization").filter(pk=location_id).first()
    if location is None:
        raise NotFound()
    require(by, "needs.set_capacity", location)
    if storage_class not in StorageClass.values:
        raise Invalid.field(
            "storage_class", "unknown_storage", _("We do not know this way of storing food.")
        )
    check_mass("limit_g", limit_g, least_g=0)
    capacity = _state(location, storage_class, limit_g)
    CapacityUse.objects.filter(
        location=location,
        storage_class=storage_class,
        local_date__gte=local_date(now, pack().zone),
    ).update(limit_g=Greatest(F("used_g"), Value(limit_g)))
    record_need(
        "capacity.changed",
        subject=capacity or location,
        location=location,
        by=by,
        now=now,
        payload={"storage_class": storage_class, "limit_g": limit_g},
    )
    return capacity


def _state(location: Location, storage_class: str, limit_g: int) -> Capacity | None:
    stated = Capacity.objects.filter(location=location, storage_class=storage_class)
    if limit_g == 0:
        stated.delete()
        return None
    if stated.update(limit_g=limit_g, version=F("version") + 1):
        return stated.get()
    return Capacity.objects.create(location=location, storage_class=storage_class, limit_g=limit_g)
