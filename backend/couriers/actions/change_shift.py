"""Changes a planned shift: its times, vehicle, start, end or longest route."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound, Refusal
from backend.couriers.actions.plan_shift import set_times, set_way, store, vehicle_for
from backend.couriers.actions.telling import tell
from backend.couriers.domain.shift_window import ShiftTimes
from backend.couriers.models import Courier, Shift, ShiftStatus
from backend.geo.domain.points import Point
from backend.organizations.actions.rows import locked, refuse_if_stale


class ShiftNotPlanned(Refusal):
    """The shift was cancelled or is over."""

    code = "shift_not_planned"
    message = _("This shift was cancelled or is over.")


@transaction.atomic
def change_shift(
    *,
    shift_id: UUID,
    by: Actor,
    now: datetime,
    times: ShiftTimes | None = None,
    vehicle_id: UUID | None = None,
    start: Point | None = None,
    end: Point | None = None,
    ends_anywhere: bool = False,
    longest_route_m: int | None = None,
    version: int | None = None,
) -> Shift:
    """Sets what is given and leaves the rest; routes on it are re-planned when logistics hears.

    `ends_anywhere` takes the end back: the last stop may be anywhere.

    Raises ShiftNotPlanned, and what planning one raises.
    """
    shift = held_for_change(shift_id)
    require(by, "couriers.change", shift.courier)
    refuse_if_stale(shift, version)
    if shift.status != ShiftStatus.PLANNED or shift.until_at <= now:
        raise ShiftNotPlanned()
    if vehicle_id is not None:
        shift.vehicle = vehicle_for(shift.courier, vehicle_id)
    if times is not None:
        set_times(shift, times, now=now)
    if start is not None or end is not None or ends_anywhere:
        kept = None if ends_anywhere else _end(shift)
        set_way(shift, start or Point(shift.start_lon, shift.start_lat), end or kept)
    if longest_route_m is not None:
        shift.longest_route_m = longest_route_m
    shift.version += 1
    store(shift, is_new=False)
    tell(shift, "shift.changed", by=by, now=now)
    return shift


def held_for_change(shift_id: UUID) -> Shift:
    """The shift, read while its courier is locked, parent before child."""
    owner = Shift.objects.filter(pk=shift_id).values_list("courier_id", flat=True).first()
    if owner is None:
        raise NotFound()
    courier = locked(Courier, owner)
    shift = locked(Shift, shift_id, "vehicle")
    shift.courier = courier
    return shift


def _end(shift: Shift) -> Point | None:
    if shift.end_lon is None or shift.end_lat is None:
        return None
    return Point(shift.end_lon, shift.end_lat)
