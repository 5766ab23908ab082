"""Keeps the contested lots of a fresh listing for those who got least."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.hold_lots import hold_lots
from backend.claims.domain.hold import Hold
from backend.claims.models import LotHold
from backend.common.actor import system
from backend.listings.actions.at_opening import at_opening
from backend.listings.models import Listing, Lot
from matching.domain.hold import Contender, hold_for
from matching.selectors.contenders import contenders_for

FAIRNESS = system("matching.fairness_hold")


@at_opening
@transaction.atomic
def hold_contested(*, listing_id: UUID, now: datetime) -> list[LotHold]:
    """Decides lot by lot as the listing opens; returns the holds.

    Only claims by hand wait: a round is fair by itself and offers to whom it finds best.
    """
    listings = Listing.objects.select_related("location", "organization")
    listing = listings.prefetch_related("chosen_recipients").get(pk=listing_id)
    lots = list(listing.lots.order_by("pk"))
    holds = {
        lot.pk: hold
        for lot, contenders in contenders_for(listing, lots, now=now).items()
        if (hold := _decide(listing, lot, contenders, now)) is not None
    }
    return hold_lots(listing_id=listing_id, holds=holds, by=FAIRNESS, now=now) if holds else []


def _decide(listing: Listing, lot: Lot, contenders: list[Contender], now: datetime) -> Hold | None:
    ends_at = min(listing.pickup_until_at, lot.safe_until_at)
    return hold_for(contenders, left_g=lot.available_g, opened_at=now, ends_at=ends_at)
