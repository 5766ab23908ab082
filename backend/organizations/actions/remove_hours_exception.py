"""Removes the other hours of a date, so that the weekly ones hold again."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.organizations.actions.rows import locked
from backend.organizations.actions.set_hours_exception import store_and_tell
from backend.organizations.models import Location


@transaction.atomic
def remove_hours_exception(
    *, location_id: UUID, local_date: date, by: Actor, now: datetime
) -> Location:
    """NotFound when the date has none."""
    location = locked(Location, location_id)
    require(by, "organizations.change_hours", location)
    removed, _ = location.hours_exceptions.filter(local_date=local_date).delete()
    if not removed:
        raise NotFound()
    store_and_tell(location, local_date, "location.hours_exception_removed", by=by, now=now)
    return location
