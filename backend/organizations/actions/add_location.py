"""Adds a place to an organization."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid
from backend.events.record import record
from backend.geo.domain.points import Point
from backend.organizations.actions.place_in_region import place_in_region
from backend.organizations.actions.rows import hearing, locked, refuse_unless_clean
from backend.organizations.actions.set_opening_hours import as_rows, refuse_unless_sound
from backend.organizations.domain.hours import WeeklyHours
from backend.organizations.models import Location, OpeningHours, Organization

LONGEST_HANDLING_S = 2 * 3600


@transaction.atomic
def add_location(
    *,
    organization_id: UUID,
    name: str,
    address: str,
    point: Point,
    by: Actor,
    now: datetime,
    hours: Sequence[WeeklyHours] = (),
    kind: str = "",
    access_notes: str = "",
    phone: str = "",
    is_hub: bool = False,
    handling_s: int = 300,
) -> Location:
    """A place in use from now; its county, township and road group follow from the point.

    Raises OutsideRegion, and Invalid for hours that overlap or a hand-over above two hours.
    """
    organization = locked(Organization, organization_id)
    require(by, "organizations.change", organization)
    refuse_long_handling(handling_s)
    refuse_unless_sound(hours)
    location = Location(
        organization=organization,
        name=name.strip(),
        kind=kind,
        address=address.strip(),
        access_notes=access_notes,
        phone=phone,
        is_hub=is_hub,
        handling_s=handling_s,
        created_at=now,
    )
    location.township_code = place_in_region(location, point).code
    refuse_unless_clean(location)
    location.save(force_insert=True)
    OpeningHours.objects.bulk_create(as_rows(location, hours))
    record(
        "location.added",
        subject=location,
        by=by,
        now=now,
        audiences=hearing(location),
        payload={
            "organization_id": str(organization_id),
            "county_code": location.county_code,
            "township_code": location.township_code,
            "road_group": location.road_group,
        },
        changed=["name", "address", "point", "phone", "access_notes"],
    )
    return location


def refuse_long_handling(handling_s: int) -> None:
    """Raises Invalid unless a hand-over takes between nothing and two hours."""
    if not 0 <= handling_s <= LONGEST_HANDLING_S:
        raise Invalid.field("handling_s", "bad_duration", _("A hand-over takes two hours at most."))
