"""Takes a place out of use; what happened there stays."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.events.record import record
from backend.organizations.actions.rows import hearing, locked, refuse_if_stale
from backend.organizations.models import Location


class LocationClosed(Refusal):
    """The place is no longer in use."""

    code = "location_closed"
    message = _("This place is no longer in use.")


def refuse_if_closed(location: Location) -> None:
    """Raises LocationClosed for a place out of use."""
    if location.closed_at is not None:
        raise LocationClosed()


@transaction.atomic
def close_location(
    *, location_id: UUID, by: Actor, now: datetime, version: int | None = None
) -> Location:
    """No new listing, claim or stop uses it; LocationClosed when it was closed before."""
    location = locked(Location, location_id)
    require(by, "organizations.change_location", location)
    refuse_if_stale(location, version)
    still_open = Location.objects.filter(pk=location_id, closed_at__isnull=True)
    if not still_open.update(closed_at=now, version=F("version") + 1):
        raise LocationClosed()
    location.refresh_from_db()
    record("location.closed", subject=location, by=by, now=now, audiences=hearing(location))
    return location
