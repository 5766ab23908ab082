"""Who can drive what a round promises: the hours of shifts that nothing has taken."""

from datetime import datetime, timedelta
from typing import Final

from backend.claims.domain.facts import STORAGE_CLASSES, CourierFacts
from backend.claims.selectors.facts import PROFILE
from backend.couriers.models import CourierStatus, Shift
from backend.couriers.selectors.promised_hours import free_hours
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from backend.regions.packs import pack
from matching.domain.promised_trips import hours_left
from matching.selectors.promised_trips import promised_trips

#: Shifts that begin later than this carry nothing that is promised now.
SHIFTS_AHEAD: Final = timedelta(hours=24)


def free_couriers(area: str, *, now: datetime) -> list[CourierFacts]:
    """One for each free piece of a shift, without what promised food will take of it before it is
    on a route; none for what is too short for even one leg of a trip.
    """
    planned = Shift.objects.planned().filter(
        road_group=area,
        until_at__gt=now,
        from_at__lt=now + SHIFTS_AHEAD,
        courier__status=CourierStatus.ACTIVE,
    )
    shifts = list(planned.select_related("vehicle").order_by("from_at", "pk"))
    free = free_hours(shifts)
    pieces = [
        _courier(shift, hours, now)
        for shift in shifts
        for hours in free[shift.pk]
        if hours.until_at > now
    ]
    left = hours_left(pieces, promised_trips(area, now=now), now=now) if pieces else []
    shortest = timedelta(seconds=pack().logistics.profiles[PROFILE].leg_s)
    return [each for each in left if each.window.until_at - each.window.from_at > shortest]


def _courier(shift: Shift, hours: Interval, now: datetime) -> CourierFacts:
    """Who drives in these free hours, with all the room of the vehicle."""
    kind = pack().logistics.profiles[PROFILE]
    boxes = zip(STORAGE_CLASSES, shift.vehicle.capacity[1:], strict=True)
    return CourierFacts(
        shift_id=_piece_id(shift, hours),
        road_group=shift.road_group,
        window=Interval(max(hours.from_at, now), hours.until_at),
        mass_g=shift.vehicle.max_mass_g,
        volume_ml={storage: millilitres for storage, millilitres in boxes if millilitres},
        start=Point(shift.start_lon, shift.start_lat),
        metres_per_s=kind.speed_kmh / 3.6 / kind.detour,
    )


def _piece_id(shift: Shift, hours: Interval) -> str:
    """The shift, with the free hours unless it is free as a whole.

    It stays as time goes on, and is another when hours are promised or given back, by which the
    digest knows of it.
    """
    if hours == (shift.from_at, shift.until_at):
        return str(shift.pk)
    return f"{shift.pk} {hours.from_at.isoformat()}/{hours.until_at.isoformat()}"
