"""Adds a vehicle to a courier."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, Refusal
from backend.couriers.actions.telling import tell
from backend.couriers.models import Courier, Vehicle
from backend.organizations.actions.rows import locked, refuse_unless_clean

HEAVIEST_G = 40_000_000
LARGEST_ML = 100_000_000
MOST_VEHICLES = 20


class TooManyVehicles(Refusal):
    """The courier has as many vehicles in use as one may have."""

    code = "too_many_vehicles"
    message = _("You have %(limit)s vehicles already. Please retire one first.")


@transaction.atomic
def add_vehicle(
    *,
    courier_id: UUID,
    kind: str,
    max_mass_g: int,
    by: Actor,
    now: datetime,
    ambient_ml: int = 0,
    chilled_ml: int = 0,
    frozen_ml: int = 0,
    hot_ml: int = 0,
) -> Vehicle:
    """A vehicle with its load limit and the space in each compartment; Invalid unless it can carry
    something, and below 40 tonnes and 100 cubic metres.
    """
    courier = locked(Courier, courier_id)
    require(by, "couriers.change", courier)
    vehicle = Vehicle(
        courier=courier,
        kind=kind,
        max_mass_g=max_mass_g,
        ambient_ml=ambient_ml,
        chilled_ml=chilled_ml,
        frozen_ml=frozen_ml,
        hot_ml=hot_ml,
    )
    refuse_unless_clean(vehicle)
    _refuse_unless_plausible(vehicle)
    if courier.vehicles.filter(retired_at__isnull=True).count() >= MOST_VEHICLES:
        raise TooManyVehicles(limit=MOST_VEHICLES)
    vehicle.save(force_insert=True)
    tell(vehicle, "vehicle.added", by=by, now=now)
    return vehicle


def _refuse_unless_plausible(vehicle: Vehicle) -> None:
    spaces = vehicle.capacity[1:]
    if not 1 <= vehicle.max_mass_g <= HEAVIEST_G:
        raise Invalid.field("max_mass_g", "bad_mass", _("Please give a load limit."))
    if not (any(spaces) and all(0 <= space <= LARGEST_ML for space in spaces)):
        raise Invalid.field("ambient_ml", "bad_volume", _("Please say how much space there is."))
