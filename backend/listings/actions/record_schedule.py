"""Records an event about a recurring listing for its donor, and reads one for a change."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import NotFound, Refusal, Stale
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from backend.listings.models import ListingSchedule
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack


class ScheduleEnded(Refusal):
    """The recurring listing is over."""

    code = "schedule_ended"
    message = _("This recurring listing has ended.")


def record_schedule(
    type: str,
    *,
    schedule: ListingSchedule,
    by: Actor,
    now: datetime,
    changed: Iterable[str] = (),
    **payload: Any,
) -> Event:
    """Only the donor hears of a recurring listing; the board hears of what it opens."""
    return record(
        type,
        subject=schedule,
        by=by,
        now=now,
        audiences=[audiences.organization(schedule.organization_id)],
        payload={"schedule_id": str(schedule.pk), **payload},
        changed=changed,
    )


def locked_schedule(schedule_id: UUID, *, if_version: int | None = None) -> ListingSchedule:
    """The recurring listing, locked. Raises NotFound, Stale, ScheduleEnded."""
    schedules = ListingSchedule.objects.select_for_update(of=("self",)).select_related(
        "location__organization", "organization"
    )
    schedule = schedules.filter(pk=schedule_id).first()
    if schedule is None:
        raise NotFound()
    if if_version is not None and schedule.version != if_version:
        raise Stale()
    if schedule.ended_at is not None:
        raise ScheduleEnded()
    return schedule


def first_untouched_date(schedule: ListingSchedule, *, now: datetime) -> date:
    """The first local date for which nothing was opened yet: earlier ones are not changed."""
    today = local_date(now, pack().zone)
    last = schedule.listings.order_by("-local_date").values_list("local_date", flat=True).first()
    return max(today, date.fromordinal(last.toordinal() + 1)) if last else today
