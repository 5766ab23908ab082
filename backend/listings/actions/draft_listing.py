"""Keeps a listing that is not offered yet."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.listings.actions.record_listing import record_listing
from backend.listings.actions.refuse_bad_offer import refuse, refuse_unable_donor
from backend.listings.domain.checks import Problem, unstorable
from backend.listings.domain.draft import ListingDraft
from backend.listings.models import Listing, ListingSchedule
from backend.organizations.models import Location, Organization


@transaction.atomic
def draft_listing(
    *,
    location_id: UUID,
    draft: ListingDraft,
    by: Actor,
    now: datetime,
    schedule: ListingSchedule | None = None,
    local_date: date | None = None,
) -> Listing:
    """Stores the listing with its lots as stated; only what could not be kept at all is refused.

    Raises NotFound, NotAllowed, NotVerified, Invalid.
    """
    location = Location.objects.select_related("organization").filter(pk=location_id).first()
    if location is None:
        raise NotFound()
    require(by, "listings.post", location)
    refuse_unable_donor(location)
    refuse(unstorable(draft))
    listing = Listing(
        organization=location.organization,
        location=location,
        schedule=schedule,
        local_date=local_date,
        title=draft.title,
        note=draft.note,
        pickup_from_at=draft.pickup_from_at,
        pickup_until_at=draft.pickup_until_at,
        allows_self_collect=draft.allows_self_collect,
        allows_courier=draft.allows_courier,
        donor_delivers=draft.donor_delivers,
        audience=draft.audience,
        source=draft.source,
        draft_lots=[lot.as_json() for lot in draft.lots],
        created_by_id=by.user_id,
        created_at=now,
    )
    take_snapshot(listing, location)
    listing.save(force_insert=True)
    choose_recipients(listing, draft.chosen_recipient_ids)
    record_listing("listing.drafted", listing=listing, by=by, now=now)
    return listing


def take_snapshot(listing: Listing, location: Location) -> None:
    """Copies where the place is: the listing keeps it even when the place moves later."""
    listing.point = location.point
    listing.address = location.address
    listing.county_code = location.county_code
    listing.township_code = location.township_code
    listing.road_group = location.road_group


def choose_recipients(listing: Listing, chosen: Iterable[UUID]) -> None:
    """Sets who may take it; raises Invalid for an id that is no recipient."""
    wanted = set(chosen)
    known = list(Organization.objects.recipients().filter(pk__in=wanted))
    if len(known) < len(wanted):
        refuse([Problem("chosen_recipient_ids", "unknown_recipient")])
    listing.chosen_recipients.set(known)
