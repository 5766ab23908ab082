"""Ends a recurring listing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.listings.actions.record_schedule import locked_schedule, record_schedule
from backend.listings.models import ListingSchedule


@transaction.atomic
def end_schedule(*, schedule_id: UUID, by: Actor, now: datetime) -> ListingSchedule:
    """Nothing more is opened; what is open stays. Raises NotFound, NotAllowed, ScheduleEnded."""
    schedule = locked_schedule(schedule_id)
    require(by, "listings.schedule", schedule)
    ListingSchedule.objects.filter(pk=schedule.pk, ended_at__isnull=True).update(
        version=F("version") + 1, ended_at=now
    )
    schedule.refresh_from_db(fields=["version", "ended_at"])
    record_schedule("schedule.ended", schedule=schedule, by=by, now=now)
    return schedule
