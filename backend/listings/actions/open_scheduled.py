"""Opens the listings of a recurring one that are due."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from backend.common.actor import Actor
from backend.listings.actions.draft_listing import draft_listing
from backend.listings.actions.open_listing import open_listing
from backend.listings.actions.record_schedule import locked_schedule
from backend.listings.domain.recurrence import dates_between
from backend.listings.domain.template import Template, local_instant, offer_on
from backend.listings.models import Listing, ListingSchedule
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack

#: A day's listing opens this long before it can be fetched, so that matching has time.
LEAD = timedelta(hours=12)


def due_dates(schedule: ListingSchedule, *, now: datetime) -> list[date]:
    """Local dates of the rule whose listing should be open by now, was not opened and is not over.

    Food that is cooked on the day is not offered before it is cooked.
    """
    zone = pack().zone
    template = Template.from_json(schedule.template)
    today = local_date(now, zone)
    opened = set(schedule.listings.values_list("local_date", flat=True))
    days = dates_between(
        schedule.rule,
        starts_date=schedule.starts_date,
        ends_date=schedule.ends_date,
        skipped={date.fromisoformat(day) for day in schedule.skipped_dates},
        first=today - timedelta(days=1),
        last=today + timedelta(days=1),
    )

    def is_due(day: date) -> bool:
        from_at = local_instant(day, schedule.opens_minute, zone)
        cooked_at = template.cooked_by(day, zone)
        over = local_instant(day, schedule.closes_minute, zone) <= now
        return not over and now >= max(from_at - LEAD, cooked_at or from_at - LEAD)

    return [day for day in days if day not in opened and is_due(day)]


@transaction.atomic
def open_scheduled(
    *, schedule_id: UUID, local_date: date, by: Actor, now: datetime
) -> Listing | None:
    """The listing of that date, or None when somebody else has just opened it.

    At most one per schedule and date: the table says so. Raises whatever opening raises.
    """
    schedule = locked_schedule(schedule_id)
    draft = offer_on(
        local_date,
        title=schedule.title,
        template=Template.from_json(schedule.template),
        opens_minute=schedule.opens_minute,
        closes_minute=schedule.closes_minute,
        zone=pack().zone,
    )
    try:
        with transaction.atomic():
            listing = draft_listing(
                location_id=schedule.location_id,
                draft=draft,
                by=by,
                now=now,
                schedule=schedule,
                local_date=local_date,
            )
    except IntegrityError:
        return None
    return open_listing(listing_id=listing.pk, by=by, now=now)
