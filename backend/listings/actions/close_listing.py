"""Closes a listing whose window is over or of which nothing is left to promise."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from backend.common.actor import Actor
from backend.listings.actions.clear_shelf import clear_shelf, follow_closed
from backend.listings.actions.record_listing import record_listing
from backend.listings.actions.step_listing import locked_listing, step_listing
from backend.listings.actions.tell_board import tell_board
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ClosedReason, ListingStatus
from backend.listings.models import Listing


@transaction.atomic
def close_listing(*, listing_id: UUID, by: Actor, now: datetime) -> Listing:
    """Does what is due and nothing else, so that a second run changes nothing.

    Window over: what is free expires; the listing closes once nothing is held or reserved.
    All gone before that: it closes as completed. Already closed: what was released since then
    follows the rest.
    """
    listing = locked_listing(listing_id)
    if listing.status == ListingStatus.CLOSED:
        follow_closed(listing=listing, now=now)
        return listing
    if listing.status == ListingStatus.DRAFT:
        return listing
    over = listing.pickup_until_at <= now
    expired_g = (
        clear_shelf(listing=listing, to=Bucket.EXPIRED, cause=listing, now=now) if over else 0
    )
    if listing.lots.filter(_SOMETHING_TO_FETCH).exists():
        if expired_g:
            tell_board(listing=listing, by=by, now=now)
        return listing
    step_listing(listing, ListingStatus.CLOSED, closed_at=now, closed_reason=_reason(listing))
    record_listing(
        "listing.closed",
        listing=listing,
        by=by,
        now=now,
        payload={"closed_reason": listing.closed_reason, "expired_g": expired_g},
        reason=listing.closed_reason,
    )
    return listing


_SOMETHING_TO_FETCH = Q(available_g__gt=0) | Q(held_g__gt=0) | Q(reserved_g__gt=0)
_GIVEN = Q(on_board_g__gt=0) | Q(in_stock_g__gt=0) | Q(delivered_g__gt=0) | Q(returned_g__gt=0)


def _reason(listing: Listing) -> ClosedReason:
    """Completed when something was given and nothing was left over."""
    left_over = listing.lots.filter(expired_g__gt=0).exists()
    given = listing.lots.filter(_GIVEN).exists()
    return ClosedReason.COMPLETED if given and not left_over else ClosedReason.EXPIRED
