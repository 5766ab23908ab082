"""Changes a courier's home point or the date until which their training holds."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.couriers.actions.telling import tell
from backend.couriers.models import Courier
from backend.geo.domain.points import Point
from backend.organizations.actions.place_in_region import place_in_region
from backend.organizations.actions.rows import locked, refuse_if_stale


@transaction.atomic
def change_courier(
    *,
    courier_id: UUID,
    by: Actor,
    now: datetime,
    home: Point | None = None,
    training_expires_date: date | None = None,
    version: int | None = None,
) -> Courier:
    """Sets what is given; planned shifts keep their start. Raises OutsideRegion."""
    courier = locked(Courier, courier_id)
    require(by, "couriers.change", courier)
    refuse_if_stale(courier, version)
    changed = []
    if home is not None and home != courier.point:
        place_in_region(courier, home)
        changed.append("point")
    if training_expires_date not in (None, courier.training_expires_date):
        courier.training_expires_date = training_expires_date
        changed.append("training_expires_date")
    if changed:
        courier.version += 1
        courier.save()
        tell(courier, "courier.changed", by=by, now=now, changed=changed)
    return courier
