"""Keeps the contested lots of a fresh listing for those who got least."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.hold_lots import hold_lots
from backend.claims.domain.hold import Hold
from backend.claims.models import LotHold
from backend.common.actor import Actor
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing, Lot
from matching.domain.hold import Contender, hold_for
from matching.selectors.contenders import contenders_for


@transaction.atomic
def hold_contested(*, listing_id: UUID, by: Actor, now: datetime) -> list[LotHold]:
    """Decides lot by lot; returns the holds that are new. Nothing for a listing that is not open.

    Only claims by hand wait: a round is fair by itself and offers to whom it finds best.
    """
    listings = Listing.objects.select_related("location", "organization")
    open_ones = listings.filter(pk=listing_id, status=ListingStatus.OPEN)
    listing = open_ones.prefetch_related("chosen_recipients").first()
    if listing is None:
        return []
    lots = list(listing.lots.filter(available_g__gt=0).order_by("pk"))
    holds = {
        lot.pk: hold
        for lot, contenders in contenders_for(listing, lots, now=now).items()
        if (hold := _decide(listing, lot, contenders, now)) is not None
    }
    return hold_lots(listing_id=listing_id, holds=holds, by=by, now=now) if holds else []


def _decide(listing: Listing, lot: Lot, contenders: list[Contender], now: datetime) -> Hold | None:
    ends_at = min(listing.pickup_until_at, lot.safe_until_at)
    opened_at = listing.opened_at or now
    hold = hold_for(contenders, left_g=lot.available_g, opened_at=opened_at, ends_at=ends_at)
    return hold if hold and hold.until_at > now else None
