"""Takes off the board what is free of a listing that can no longer be had."""

from datetime import datetime

from django.db import transaction

from backend.common.models import Row
from backend.listings.actions.move_mass import move_mass
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ClosedReason
from backend.listings.models import Listing, Lot


def follow_closed(*, listing: Listing, now: datetime) -> int:
    """What was released of a closed listing goes where the rest of it went; returns the grams."""
    withdrawn = listing.closed_reason == ClosedReason.WITHDRAWN
    bucket = Bucket.WITHDRAWN if withdrawn else Bucket.EXPIRED
    return clear_shelf(listing=listing, to=bucket, cause=listing, now=now)


@transaction.atomic
def clear_shelf(*, listing: Listing, to: Bucket, cause: Row, now: datetime) -> int:
    """Moves all available mass of the listing to `to` (expired or withdrawn); returns the grams.

    Held and reserved mass stays: whoever promised it releases it, and it follows then.
    """
    lots = Lot.objects.select_for_update().filter(listing=listing, available_g__gt=0)
    moved_g = 0
    for lot in lots.order_by("id"):
        move_mass(
            lot_id=lot.pk,
            from_bucket=Bucket.AVAILABLE,
            to_bucket=to,
            mass_g=lot.available_g,
            cause=cause,
            now=now,
        )
        moved_g += lot.available_g
    return moved_g
