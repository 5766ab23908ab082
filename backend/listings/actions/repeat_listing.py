"""Starts a new listing as a copy of an earlier one."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.listings.actions.draft_listing import draft_listing
from backend.listings.actions.step_listing import locked_listing
from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.listings.models import Listing
from backend.listings.selectors import draft_of
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack


@transaction.atomic
def repeat_listing(
    *,
    listing_id: UUID,
    by: Actor,
    now: datetime,
    pickup_from_at: datetime | None = None,
    pickup_until_at: datetime | None = None,
) -> Listing:
    """A draft with the same food, to be looked at and opened; without a window the earlier one's
    time of day, on the first day on which it is not over.

    Dates move by as many days as the window does, and stay the donor's to confirm; batches do not
    repeat. Raises NotFound, NotAllowed, NotVerified, Invalid.
    """
    earlier = locked_listing(listing_id)
    require(by, "listings.change", earlier)
    draft = draft_of(earlier)
    from_at, until_at = pickup_from_at, pickup_until_at
    if from_at is None or until_at is None:
        from_at, until_at = _next_window(draft, now)
    zone = pack().zone
    days = local_date(from_at, zone) - local_date(draft.pickup_from_at, zone)
    lots = tuple(_moved(lot, days) for lot in draft.lots)
    again = replace(
        draft, pickup_from_at=from_at, pickup_until_at=until_at, lots=lots, source="repeat"
    )
    return draft_listing(location_id=earlier.location_id, draft=again, by=by, now=now)


def _next_window(draft: ListingDraft, now: datetime) -> tuple[datetime, datetime]:
    from_at, until_at = draft.pickup_from_at, draft.pickup_until_at
    if until_at <= now:
        days = timedelta(days=(now - until_at).days + 1)
        return from_at + days, until_at + days
    return from_at, until_at


def _moved(lot: LotDraft, days: timedelta) -> LotDraft:
    return replace(
        lot,
        best_before_date=_later(lot.best_before_date, days),
        use_by_date=_later(lot.use_by_date, days),
        cooked_at=lot.cooked_at + days if lot.cooked_at else None,
        batch="",
    )


def _later(day: date | None, days: timedelta) -> date | None:
    return day + days if day else None
