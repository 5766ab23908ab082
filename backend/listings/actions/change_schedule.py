"""Changes a recurring listing from one date on."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.listings.actions.check_schedule import SchedulePlan, check_schedule
from backend.listings.actions.record_schedule import (
    first_untouched_date,
    locked_schedule,
    record_schedule,
)
from backend.listings.models import ListingSchedule
from backend.regions.packs import pack


@transaction.atomic
def change_schedule(
    *,
    schedule_id: UUID,
    plan: SchedulePlan,
    from_date: date,
    by: Actor,
    now: datetime,
    if_version: int | None = None,
) -> ListingSchedule:
    """The rule as it is from `from_date` on; returns the one that holds then.

    Dates whose listing was opened already stay as they are, whoever claimed of them. When earlier
    dates belong to the old rule it ends the day before and a new one begins. Raises NotFound,
    NotAllowed, Stale, ScheduleEnded, Invalid.
    """
    schedule = locked_schedule(schedule_id, if_version=if_version)
    require(by, "listings.schedule", schedule)
    check_schedule(plan, pack())
    begins = max(from_date, plan.starts_date, first_untouched_date(schedule, now=now))
    columns = plan.columns() | {"starts_date": begins}
    if plan.ends_date is not None and plan.ends_date < begins:
        columns["ends_date"] = begins
    schedules = ListingSchedule.objects.filter(pk=schedule.pk)
    if begins <= schedule.starts_date:
        schedules.update(version=F("version") + 1, **columns)
        schedule.refresh_from_db()
        record_schedule(
            "schedule.changed", schedule=schedule, by=by, now=now, changed=sorted(columns)
        )
        return schedule
    schedules.update(version=F("version") + 1, ends_date=begins - timedelta(days=1))
    schedule.refresh_from_db()
    following = ListingSchedule.objects.create(
        organization=schedule.organization,
        location=schedule.location,
        skipped_dates=[day for day in schedule.skipped_dates if day >= begins.isoformat()],
        created_at=now,
        **columns,
    )
    record_schedule("schedule.changed", schedule=schedule, by=by, now=now, changed=["ends_date"])
    record_schedule(
        "schedule.created", schedule=following, by=by, now=now, follows=str(schedule.pk)
    )
    return following
