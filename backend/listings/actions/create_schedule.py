"""Sets up a recurring listing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.listings.actions.check_schedule import SchedulePlan, check_schedule
from backend.listings.actions.record_schedule import record_schedule
from backend.listings.actions.refuse_bad_offer import refuse_unable_donor
from backend.listings.models import ListingSchedule
from backend.organizations.models import Location
from backend.regions.packs import pack


@transaction.atomic
def create_schedule(
    *, location_id: UUID, plan: SchedulePlan, by: Actor, now: datetime
) -> ListingSchedule:
    """Keeps the rule; a sweep opens each day's listing. Raises NotFound, NotAllowed, NotVerified,
    Invalid.
    """
    location = Location.objects.select_related("organization").filter(pk=location_id).first()
    if location is None:
        raise NotFound()
    require(by, "listings.post", location)
    refuse_unable_donor(location)
    check_schedule(plan, pack())
    schedule = ListingSchedule.objects.create(
        organization=location.organization, location=location, created_at=now, **plan.columns()
    )
    record_schedule("schedule.created", schedule=schedule, by=by, now=now)
    return schedule
