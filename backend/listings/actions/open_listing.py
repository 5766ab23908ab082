"""Offers a drafted listing: checks everything, freezes its place and opens its lots."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.listings.actions.at_opening import take_steps
from backend.listings.actions.draft_listing import take_snapshot
from backend.listings.actions.move_mass import open_lot
from backend.listings.actions.record_listing import lot_facts, record_listing
from backend.listings.actions.refuse_bad_offer import refuse_bad_offer
from backend.listings.actions.step_listing import locked_listing, step_listing
from backend.listings.domain.checks import CheckedLot, completed
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing, Lot
from backend.listings.selectors import draft_of
from backend.regions.packs import pack


@transaction.atomic
def open_listing(
    *, listing_id: UUID, by: Actor, now: datetime, if_version: int | None = None
) -> Listing:
    """Opens a draft. Each lot gets its safe life by the region's rule in force at this moment.

    Raises NotFound, NotAllowed, Stale, IllegalTransition, NotVerified, and Invalid naming fields.
    """
    listing = locked_listing(listing_id, if_version=if_version)
    require(by, "listings.change", listing)
    draft = draft_of(listing)
    take_snapshot(listing, listing.location)
    step_listing(
        listing,
        ListingStatus.OPEN,
        opened_at=now,
        draft_lots=[],
        **{name: getattr(listing, name) for name in _SNAPSHOT},
    )
    refuse_bad_offer(draft, location=listing.location, now=now)
    lots = [_open(listing, completed(lot, pack(), now=now), now=now) for lot in draft.lots]
    record_listing(
        "listing.opened",
        listing=listing,
        by=by,
        now=now,
        payload={
            "lots": [lot_facts(lot) for lot in lots],
            "safe_until_at": min(lot.safe_until_at for lot in lots).isoformat(),
        },
    )
    take_steps(listing_id=listing.pk, now=now)
    return listing


_SNAPSHOT = (
    *("lon", "lat", "h3_7", "h3_9"),
    *("address", "county_code", "township_code", "road_group"),
)


def _open(listing: Listing, checked: CheckedLot, *, now: datetime) -> Lot:
    stated = checked.lot
    lot = Lot(
        listing=listing,
        category=stated.category,
        description=stated.description,
        declared_g=stated.declared_g,
        volume_ml=checked.volume_ml,
        unit_label=stated.unit_label,
        unit_count=stated.unit_count,
        packaging=stated.packaging,
        storage_class=stated.storage_class,
        best_before_date=stated.best_before_date,
        use_by_date=stated.use_by_date,
        cooked_at=stated.cooked_at,
        safe_until_at=checked.safe.at,
        safety_rule=checked.safe.rule_id,
        safety_rule_version=str(checked.safe.version),
        allergens=list(stated.allergens),
        diet_flags=list(stated.diet_flags),
        batch=stated.batch,
        gtin=stated.gtin,
        step_g=checked.step_g,
    )
    open_lot(lot=lot, now=now)
    return lot
