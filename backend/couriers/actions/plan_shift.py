"""Plans a shift: a courier drives one vehicle for a while."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, NotFound, Refusal, Text
from backend.couriers.actions.retire_vehicle import VehicleRetired
from backend.couriers.actions.telling import tell
from backend.couriers.domain.shift_window import ShiftTimes, objection
from backend.couriers.models import Courier, CourierStatus, Shift, Vehicle
from backend.geo.domain.points import Point
from backend.organizations.actions.place_in_region import township_at
from backend.organizations.actions.rows import locked, refuse_unless_clean

LONGEST_ROUTE_M = 1_000_000
MESSAGES: dict[str, Text] = {
    "over": _("This time is over already."),
    "too_far_ahead": _("Please plan at most half a year ahead."),
    "too_short": _("A shift lasts at least 15 minutes."),
    "too_long": _("A shift lasts at most 16 hours."),
    "bad_break": _("The break must lie within the shift."),
}


class ShiftOverlaps(Refusal):
    """The courier has another shift at that time."""

    code = "shift_overlaps"
    message = _("You have another shift at that time.")


class CourierNotActive(Refusal):
    """The courier was not approved yet, pauses, or has ended."""

    code = "courier_not_active"
    message = _("You can plan shifts once you are approved and active.")


@transaction.atomic
def plan_shift(
    *,
    courier_id: UUID,
    vehicle_id: UUID,
    times: ShiftTimes,
    by: Actor,
    now: datetime,
    start: Point | None = None,
    end: Point | None = None,
    longest_route_m: int | None = None,
) -> Shift:
    """A shift from the courier's home unless `start` is given, ending anywhere unless `end` is.

    The courier's row is locked meanwhile, so two shifts cannot slip into one hour. Raises
    CourierNotActive, VehicleRetired, ShiftOverlaps, OutsideRegion, Invalid.
    """
    courier = locked(Courier, courier_id)
    require(by, "couriers.change", courier)
    if courier.status != CourierStatus.ACTIVE:
        raise CourierNotActive()
    vehicle = vehicle_for(courier, vehicle_id)
    shift = Shift(courier=courier, vehicle=vehicle, created_at=now, longest_route_m=longest_route_m)
    set_times(shift, times, now=now)
    set_way(shift, start or courier.point, end)
    store(shift, is_new=True)
    tell(shift, "shift.planned", by=by, now=now)
    return shift


def vehicle_for(courier: Courier, vehicle_id: UUID) -> Vehicle:
    """The courier's own vehicle; NotFound for somebody else's, VehicleRetired for an old one."""
    vehicle = Vehicle.objects.filter(pk=vehicle_id, courier=courier).first()
    if vehicle is None:
        raise NotFound()
    if vehicle.retired_at is not None:
        raise VehicleRetired()
    return vehicle


def set_times(shift: Shift, times: ShiftTimes, *, now: datetime) -> None:
    """Sets the shift's times; Invalid for unsound ones, ShiftOverlaps when another is then."""
    if wrong := objection(times, now=now):
        field, code = wrong
        raise Invalid.field(field, code, MESSAGES[code])
    others = Shift.objects.planned().filter(courier_id=shift.courier_id).exclude(pk=shift.pk)
    if others.filter(from_at__lt=times.until_at, until_at__gt=times.from_at).exists():
        raise ShiftOverlaps()
    shift.from_at, shift.until_at = times.from_at, times.until_at
    shift.break_s = times.break_s
    shift.break_from_at, shift.break_until_at = times.break_from_at, times.break_until_at


def set_way(shift: Shift, start: Point, end: Point | None) -> None:
    """Sets where the shift starts and ends; the start's county and road group are the shift's.

    Raises OutsideRegion, and Invalid when no road leads from the start to the end.
    """
    township = township_at(start)
    if end is not None and township_at(end).road_group != township.road_group:
        raise Invalid.field("end", "other_road_group", _("No road leads there from the start."))
    shift.start_lon, shift.start_lat = start
    shift.end_lon, shift.end_lat = end or (None, None)
    shift.county_code, shift.road_group = township.county_code, township.road_group


def store(shift: Shift, *, is_new: bool) -> None:
    """Stores the shift after checking its figures."""
    if shift.longest_route_m is not None and not 0 < shift.longest_route_m <= LONGEST_ROUTE_M:
        raise Invalid.field("longest_route_m", "bad_distance", _("Please stay below 1000 km."))
    refuse_unless_clean(shift)
    shift.save(force_insert=is_new)
