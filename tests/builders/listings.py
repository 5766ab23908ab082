"""Listings for tests: 10 kg of bread in Taipei, open from now until four hours later."""

from datetime import date, datetime, timedelta
from typing import Any

from backend.claims.models import LotHold
from backend.common.actor import Actor, system
from backend.listings.actions.post_listing import post_listing
from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.listings.models import Listing, Lot
from backend.organizations.models import Location
from tests.builders.organizations import make_location

BUILDER = system("tests.builder")
#: The day after the tests' MORNING.
TOMORROW = date(2026, 6, 11)


def lot_draft(**fields: Any) -> LotDraft:
    """10 kg of bread, good until tomorrow, in shares of 500 g."""
    chosen: dict[str, Any] = {
        "category": "bread",
        "declared_g": 10_000,
        "use_by_date": TOMORROW,
        "step_g": 500,
    }
    return LotDraft(**(chosen | fields))


def listing_draft(*, now: datetime, **fields: Any) -> ListingDraft:
    """One lot, fetched or driven within four hours from now."""
    chosen: dict[str, Any] = {
        "title": "Bread of today",
        "pickup_from_at": now,
        "pickup_until_at": now + timedelta(hours=4),
        "lots": (lot_draft(),),
    }
    return ListingDraft(**(chosen | fields))


def make_listing(
    location: Location | None = None, *, now: datetime, by: Actor = BUILDER, **fields: Any
) -> Listing:
    """An open listing at the place (a new donor's when none is given)."""
    place = location or make_location()
    draft = listing_draft(now=now, **fields)
    return post_listing(location_id=place.pk, draft=draft, by=by, now=now)


def make_lot(location: Location | None = None, *, now: datetime, **fields: Any) -> Lot:
    """The one lot of an open listing."""
    listing = make_listing(location, now=now, lots=(lot_draft(**fields),))
    return listing.lots.get()


def make_uncontested_lot(location: Location | None = None, *, now: datetime, **fields: Any) -> Lot:
    """One that anybody may claim at once, whoever else would need it more."""
    lot = make_lot(location, now=now, **fields)
    LotHold.objects.filter(lot=lot).delete()
    return lot
