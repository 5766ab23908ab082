"""Leaves one date of a recurring listing out."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.listings.actions.record_schedule import locked_schedule, record_schedule
from backend.listings.models import ListingSchedule


class AlreadyOpened(Refusal):
    """That day's listing is on the board already."""

    code = "already_opened"
    message = _("The listing of that day is open already. Please withdraw it instead.")


@transaction.atomic
def skip_date(*, schedule_id: UUID, local_date: date, by: Actor, now: datetime) -> ListingSchedule:
    """No listing on that date; a second time changes nothing. Raises AlreadyOpened, NotFound,
    NotAllowed, ScheduleEnded.
    """
    schedule = locked_schedule(schedule_id)
    require(by, "listings.schedule", schedule)
    if schedule.listings.filter(local_date=local_date).exists():
        raise AlreadyOpened()
    day = local_date.isoformat()
    if day in schedule.skipped_dates:
        return schedule
    ListingSchedule.objects.filter(pk=schedule.pk).update(
        version=F("version") + 1, skipped_dates=sorted([*schedule.skipped_dates, day])
    )
    schedule.refresh_from_db(fields=["version", "skipped_dates"])
    record_schedule("schedule.date_skipped", schedule=schedule, by=by, now=now, local_date=day)
    return schedule
