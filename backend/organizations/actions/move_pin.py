"""Moves the point of a place, as a person does who drags its pin to the right door."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.events.record import record
from backend.geo.domain.points import Point
from backend.organizations.actions.close_location import refuse_if_closed
from backend.organizations.actions.place_in_region import place_in_region
from backend.organizations.actions.rows import hearing, locked, refuse_if_stale
from backend.organizations.models import Location


@transaction.atomic
def move_pin(
    *,
    location_id: UUID,
    point: Point,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Location:
    """The place's county, township and road group follow; what was posted keeps its own snapshot.

    Raises OutsideRegion and then leaves the place where it was.
    """
    location = locked(Location, location_id)
    require(by, "organizations.change_location", location)
    refuse_if_closed(location)
    refuse_if_stale(location, version)
    before = hearing(location)
    if point == location.point:
        return location
    location.township_code = place_in_region(location, point).code
    location.version += 1
    location.save()
    record(
        "location.moved",
        subject=location,
        by=by,
        now=now,
        audiences=[*before, *hearing(location)],
        payload={
            "county_code": location.county_code,
            "township_code": location.township_code,
            "road_group": location.road_group,
        },
        changed=["point"],
    )
    return location
