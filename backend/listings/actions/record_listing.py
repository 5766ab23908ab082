"""Records an event about a listing for everybody whom it concerns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from backend.common.actor import Actor
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Audience, Listing, Lot


def record_listing(
    type: str,
    *,
    listing: Listing,
    by: Actor,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    changed: Iterable[str] = (),
    reason: str = "",
    cause: Event | None = None,
) -> Event:
    """The donor and its county always hear it; of what is no draft also those who may take it."""
    return record(
        type,
        subject=listing,
        by=by,
        now=now,
        audiences=_heard_by(listing),
        payload={**facts(listing), **(payload or {})},
        changed=changed,
        reason=reason,
        cause=cause,
    )


def _heard_by(listing: Listing) -> list[str]:
    heard_by = [
        audiences.organization(listing.organization_id),
        audiences.county(listing.county_code),
    ]
    if listing.status == ListingStatus.DRAFT:
        return heard_by
    if listing.audience == Audience.RECIPIENTS:
        return [*heard_by, audiences.board(listing.road_group)]
    chosen = listing.chosen_recipients.values_list("pk", flat=True)
    return [*heard_by, *(audiences.organization(each) for each in chosen)]


def facts(listing: Listing) -> dict[str, Any]:
    """What every event about a listing carries; nothing of it is personal or an exact place."""
    return {
        "listing_id": str(listing.pk),
        "organization_id": str(listing.organization_id),
        "county_code": listing.county_code,
        "road_group": listing.road_group,
        "status": str(listing.status),
        "pickup_from_at": listing.pickup_from_at.isoformat(),
        "pickup_until_at": listing.pickup_until_at.isoformat(),
    }


def lot_facts(lot: Lot) -> dict[str, Any]:
    """What an event says about one lot."""
    return {
        "lot_id": str(lot.pk),
        "category": lot.category,
        "storage_class": lot.storage_class,
        "declared_g": lot.declared_g,
        "available_g": lot.available_g,
        "safe_until_at": lot.safe_until_at.isoformat(),
    }
