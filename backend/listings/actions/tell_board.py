"""Tells the open board that what is left of a listing changed."""

from datetime import datetime

from backend.common.actor import Actor
from backend.events.models import Event
from backend.listings.actions.record_listing import lot_facts, record_listing
from backend.listings.models import Listing


def tell_board(*, listing: Listing, by: Actor, now: datetime, cause: Event | None = None) -> Event:
    """Records `listing.shares_changed` with what is left; it says nothing of who took what.

    Within the caller's transaction, after its movements.
    """
    lots = list(listing.lots.order_by("id"))
    return record_listing(
        "listing.shares_changed",
        listing=listing,
        by=by,
        now=now,
        payload={"lots": [lot_facts(lot) for lot in lots]},
        cause=cause,
    )
