"""Sets other hours for one local date of a place, or closes it that day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid
from backend.events.record import record
from backend.organizations.actions.close_location import refuse_if_closed
from backend.organizations.actions.rows import hearing, locked
from backend.organizations.actions.set_opening_hours import refuse_unless_sound
from backend.organizations.domain.hours import WeeklyHours
from backend.organizations.models import HoursException, Location
from backend.regions.packs import pack

Span = tuple[int, int]
FARTHEST = timedelta(days=400)


@transaction.atomic
def set_hours_exception(
    *,
    location_id: UUID,
    local_date: date,
    spans: Sequence[Span],
    by: Actor,
    now: datetime,
) -> Location:
    """Replaces whatever the date had: `spans` are minutes after midnight, none means closed.

    Raises Invalid for a date that is over or more than 400 days away, and for spans that overlap.
    """
    location = locked(Location, location_id)
    require(by, "organizations.change_hours", location)
    refuse_if_closed(location)
    today = now.astimezone(pack().zone).date()
    if not today <= local_date <= today + FARTHEST:
        raise Invalid.field("local_date", "bad_date", _("Please choose a day from today on."))
    refuse_unless_sound(_on_one_day(local_date, spans))
    location.hours_exceptions.filter(local_date=local_date).delete()
    all_day: list[tuple[int | None, int | None]] = [(None, None)]
    HoursException.objects.bulk_create(
        HoursException(
            location=location, local_date=local_date, opens_minute=opens, closes_minute=closes
        )
        for opens, closes in (spans or all_day)
    )
    store_and_tell(location, local_date, "location.hours_excepted", by=by, now=now)
    return location


def store_and_tell(
    location: Location, local_date: date, type_: str, *, by: Actor, now: datetime
) -> None:
    """Raises the place's version and records what happened to the date's hours."""
    Location.objects.filter(pk=location.pk).update(version=F("version") + 1)
    location.refresh_from_db()
    record(
        type_,
        subject=location,
        by=by,
        now=now,
        audiences=hearing(location),
        payload={"local_date": local_date.isoformat()},
        changed=["hours_exceptions"],
    )


def _on_one_day(local_date: date, spans: Sequence[Span]) -> list[WeeklyHours]:
    try:
        return [WeeklyHours(local_date.weekday(), opens, closes) for opens, closes in spans]
    except ValueError as error:
        raise Invalid.field("spans", "bad_hours", _("It must close after it opens.")) from error
