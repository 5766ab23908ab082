"""Sweeps over listings: what is due is found in rows, so a late or doubled run does no harm."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.common import clock
from backend.common.actor import system
from backend.common.refusals import Refusal
from backend.common.sweeping import sweep_each
from backend.listings.actions.close_listing import close_listing
from backend.listings.actions.open_scheduled import due_dates, open_scheduled
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing, ListingSchedule, Lot

SWEEP = system("listings.sweep")
#: A sweep leaves what is beyond this to the next one.
MOST_AT_ONCE = 500


@shared_task
def close_due_listings(**_: object) -> int:
    """Closes listings whose window is over or that are all gone; returns how many."""
    return close_due(now=clock.now())


def close_due(*, now: datetime) -> int:
    due = list(_due_to_close(now))
    swept = sweep_each(
        "listings", due, lambda listing_id: close_listing(listing_id=listing_id, by=SWEEP, now=now)
    )
    return len(swept.results)


def _due_to_close(now: datetime) -> Iterator[UUID]:
    """Over, all gone, or closed with something released since."""
    something = Q(available_g__gt=0) | Q(held_g__gt=0) | Q(reserved_g__gt=0)
    listings = Listing.objects.order_by("pickup_until_at", "id")
    yield from _some(listings.due_to_close(now=now))
    promised_or_free = Lot.objects.filter(something, listing=OuterRef("pk"))
    yield from _some(listings.open(now=now).filter(~Exists(promised_or_free)))
    left = Lot.objects.filter(available_g__gt=0, listing=OuterRef("pk"))
    yield from _some(listings.filter(Exists(left), status=ListingStatus.CLOSED))


def _some(listings: QuerySet[Listing]) -> list[UUID]:
    return list(listings.values_list("pk", flat=True)[:MOST_AT_ONCE])


@shared_task
def open_scheduled_listings(**_: object) -> int:
    """Opens the listings of recurring ones that are due; returns how many it opened."""
    return open_due(now=clock.now())


def open_due(*, now: datetime) -> int:
    running = ListingSchedule.objects.filter(ended_at__isnull=True).order_by("id")
    swept = sweep_each("schedules", running.iterator(), lambda schedule: _open_each(schedule, now))
    return sum(swept.results)


def _open_each(schedule: ListingSchedule, now: datetime) -> int:
    swept = sweep_each(
        f"listings of schedule {schedule.pk}",
        due_dates(schedule, now=now),
        lambda day: open_scheduled(schedule_id=schedule.pk, local_date=day, by=SWEEP, now=now),
        expected=(Refusal,),
    )
    return sum(listing is not None for listing in swept.results)
