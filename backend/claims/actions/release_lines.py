"""Gives back what a claim still has reserved."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from backend.claims.actions.move_line_mass import move_line_mass
from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.listings.actions.clear_shelf import follow_closed
from backend.listings.actions.tell_board import tell_board
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ListingStatus
from backend.needs.actions.give_back_capacity import give_back_capacity


@transaction.atomic
def release_lines(*, claim: Claim, by: Actor, now: datetime) -> int:
    """Lots first, then room, each in the order of its key, as claims take them.

    Every reserved gram goes back to its lot and its room to the place; returns the grams.

    What was collected stays. Of an open listing it is free for others again and the board hears of
    it; of a closed one it goes where the rest went.
    """
    freed_g: Counter[str] = Counter()
    lines = claim.lines.select_for_update(of=("self",)).select_related("lot")
    for line in lines.filter(reserved_g__gt=0).order_by("lot_id"):
        mass_g = line.reserved_g
        move_line_mass(
            line=line,
            from_bucket=Bucket.RESERVED,
            to_bucket=Bucket.AVAILABLE,
            mass_g=mass_g,
            cause=claim,
            now=now,
        )
        freed_g[line.lot.storage_class] += mass_g
    for storage_class, mass_g in sorted(freed_g.items()):
        give_back_capacity(
            location_id=claim.location_id,
            storage_class=storage_class,
            local_date=claim.receive_date,
            mass_g=mass_g,
            now=now,
        )
    listing = claim.listing
    listing.refresh_from_db(fields=["status", "closed_reason"])
    if listing.status == ListingStatus.CLOSED:
        follow_closed(listing=listing, now=now)
    elif freed_g:
        tell_board(listing=listing, by=by, now=now)
    return freed_g.total()
