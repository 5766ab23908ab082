"""Sets the weekly opening hours of a place, all at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid
from backend.events.record import record
from backend.organizations.actions.close_location import refuse_if_closed
from backend.organizations.actions.rows import hearing, locked, refuse_if_stale
from backend.organizations.domain.hours import DAY_MINUTES, WeeklyHours
from backend.organizations.domain.weekly_plan import MOST_OPENINGS, overlapping
from backend.organizations.models import Location, OpeningHours


@transaction.atomic
def set_opening_hours(
    *,
    location_id: UUID,
    hours: Sequence[WeeklyHours],
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Location:
    """Replaces the weekly hours; none at all means always closed but for exceptions.

    Raises Invalid when two openings share a minute or one is longer than a day.
    """
    location = locked(Location, location_id)
    require(by, "organizations.change_hours", location)
    refuse_if_closed(location)
    refuse_if_stale(location, version)
    refuse_unless_sound(hours)
    location.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(as_rows(location, hours))
    Location.objects.filter(pk=location_id).update(version=F("version") + 1)
    location.refresh_from_db()
    record(
        "location.hours_changed",
        subject=location,
        by=by,
        now=now,
        audiences=hearing(location),
        payload={
            "hours": [[each.weekday, each.opens_minute, each.closes_minute] for each in hours]
        },
        changed=["opening_hours"],
    )
    return location


def as_rows(location: Location, hours: Sequence[WeeklyHours]) -> list[OpeningHours]:
    """Rows for the hours, not stored yet."""
    return [
        OpeningHours(
            location=location,
            weekday=each.weekday,
            opens_minute=each.opens_minute,
            closes_minute=each.closes_minute,
        )
        for each in hours
    ]


def refuse_unless_sound(hours: Sequence[WeeklyHours]) -> None:
    """Raises Invalid for overlapping openings, one above 24 hours, or too many."""
    if len(hours) > MOST_OPENINGS:
        raise Invalid.field("hours", "too_many", _("Please give at most six openings a day."))
    if any(each.closes_minute - each.opens_minute > DAY_MINUTES for each in hours):
        raise Invalid.field("hours", "too_long", _("One opening lasts at most 24 hours."))
    if overlapping(hours):
        raise Invalid.field("hours", "overlap", _("Two of these openings overlap."))
