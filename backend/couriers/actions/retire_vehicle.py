"""Takes a vehicle out of use."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound, Refusal
from backend.couriers.actions.telling import tell
from backend.couriers.models import Courier, Vehicle
from backend.organizations.actions.rows import locked, refuse_if_stale


class VehicleInUse(Refusal):
    """A shift that is not over uses the vehicle."""

    code = "vehicle_in_use"
    message = _("A planned shift uses this vehicle. Please change or cancel the shift first.")


class VehicleRetired(Refusal):
    """The vehicle is out of use."""

    code = "vehicle_retired"
    message = _("This vehicle is no longer in use.")


@transaction.atomic
def retire_vehicle(
    *, vehicle_id: UUID, by: Actor, now: datetime, version: int | None = None
) -> Vehicle:
    """Past shifts keep it. Raises VehicleInUse, VehicleRetired."""
    vehicle = Vehicle.objects.filter(pk=vehicle_id).first()
    if vehicle is None:
        raise NotFound()
    vehicle.courier = locked(Courier, vehicle.courier_id)
    require(by, "couriers.change_vehicle", vehicle)
    refuse_if_stale(vehicle, version)
    if vehicle.shifts.planned().filter(until_at__gt=now).exists():
        raise VehicleInUse()
    in_use = Vehicle.objects.filter(pk=vehicle_id, retired_at__isnull=True)
    if not in_use.update(retired_at=now, version=F("version") + 1):
        raise VehicleRetired()
    vehicle.refresh_from_db(fields=["retired_at", "version"])
    tell(vehicle, "vehicle.retired", by=by, now=now)
    return vehicle
