"""Takes a listing back before it was all given."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.listings.actions.clear_shelf import clear_shelf
from backend.listings.actions.record_listing import record_listing
from backend.listings.actions.step_listing import locked_listing, step_listing
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ClosedReason, ListingStatus
from backend.listings.models import Listing


@transaction.atomic
def withdraw_listing(
    *, listing_id: UUID, reason: str, by: Actor, now: datetime, if_version: int | None = None
) -> Listing:
    """Closes the listing; what is free counts as withdrawn at once.

    What was held or reserved is released by whoever promised it, on hearing `listing.withdrawn`,
    and counts as withdrawn then; what was already collected goes on its way. Raises NotFound,
    NotAllowed, Stale, IllegalTransition.
    """
    listing = locked_listing(listing_id, if_version=if_version)
    require(by, "listings.withdraw", listing)
    step_listing(
        listing,
        ListingStatus.CLOSED,
        closed_at=now,
        closed_reason=ClosedReason.WITHDRAWN,
        draft_lots=[],
    )
    withdrawn_g = clear_shelf(listing=listing, to=Bucket.WITHDRAWN, cause=listing, now=now)
    record_listing(
        "listing.withdrawn",
        listing=listing,
        by=by,
        now=now,
        payload={"withdrawn_g": withdrawn_g},
        reason=reason,
    )
    return listing
