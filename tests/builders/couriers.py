"""Couriers, vehicles and shifts for tests: active, with a van and a cold box, in Taipei."""

from datetime import datetime, timedelta
from typing import Any

from backend.accounts.models import User
from backend.couriers.models import Courier, CourierStatus, Shift, Vehicle, VehicleKind
from backend.geo.domain.points import Point
from tests.builders.accounts import LONG_AGO, make_user
from tests.builders.organizations import TAIPEI, TAIPEI_PLACE


def make_courier(*, user: User | None = None, point: Point = TAIPEI, **fields: Any) -> Courier:
    """An active courier who lives in Taipei."""
    chosen: dict[str, Any] = {
        "user": user or make_user(),
        "status": CourierStatus.ACTIVE,
        "county_code": TAIPEI_PLACE["county_code"],
        "road_group": TAIPEI_PLACE["road_group"],
        "created_at": LONG_AGO,
    }
    courier = Courier(**(chosen | fields))
    courier.point = point
    courier.save(force_insert=True)
    return courier


def make_vehicle(courier: Courier | None = None, **fields: Any) -> Vehicle:
    """A van for 300 kg, with 2 cubic metres of open space and boxes of 200 litres cold, 100 frozen
    and 60 hot.
    """
    chosen: dict[str, Any] = {
        "courier": courier or make_courier(),
        "kind": VehicleKind.VAN,
        "max_mass_g": 300_000,
        "ambient_ml": 2_000_000,
        "chilled_ml": 200_000,
        "frozen_ml": 100_000,
        "hot_ml": 60_000,
    }
    return Vehicle.objects.create(**(chosen | fields))


def make_shift(
    vehicle: Vehicle | None = None,
    *,
    from_at: datetime,
    until_at: datetime | None = None,
    **fields: Any,
) -> Shift:
    """A planned shift of six hours that starts at the courier's home."""
    driven = vehicle or make_vehicle()
    courier = driven.courier
    chosen: dict[str, Any] = {
        "courier": courier,
        "vehicle": driven,
        "from_at": from_at,
        "until_at": until_at or from_at + timedelta(hours=6),
        "start_lon": courier.lon,
        "start_lat": courier.lat,
        "county_code": courier.county_code,
        "road_group": courier.road_group,
        "created_at": LONG_AGO,
    }
    return Shift.objects.create(**(chosen | fields))
