"""Ends an open offer and lets go of what it held."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.listings.actions.clear_shelf import follow_closed
from backend.listings.actions.tell_board import tell_board
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ListingStatus
from matching.actions.let_go import give_room_back, let_go
from matching.actions.step_offer import step_offer
from matching.actions.tell_offer import tell_offer
from matching.domain.lifecycle import OfferStatus
from matching.models import Offer


@transaction.atomic
def end_offer(
    *,
    offer: Offer,
    to: OfferStatus,
    by: Actor,
    now: datetime,
    reason: str = "",
    if_version: int | None = None,
    gone_g: Mapping[UUID, int] | None = None,
    **changes: Any,
) -> Offer:
    """Compares and sets the status, gives mass and capacity back. Raises OfferOver, Stale.

    `gone_g` (lot to grams): so much turned out not to be there and leaves the ledger.
    """
    step_offer(offer, to, by=by, now=now, if_version=if_version, **changes)
    gone = gone_g or {}
    held = list(offer.proposals.select_related("lot").order_by("lot_id"))
    away = [(each, min(each.held_g, gone.get(each.lot_id, 0))) for each in held]
    rest = [(each, each.held_g - away_g) for each, away_g in away]
    freed_g = let_go(offer=offer, parts=away, now=now, to=Bucket.SOURCE)
    freed_g += let_go(offer=offer, parts=rest, now=now)
    give_room_back(offer=offer, freed_g=freed_g, now=now)
    _tell_shelf(offer, by=by, now=now)
    tell_offer(f"offer.{to.value}", offer=offer, by=by, now=now, reason=reason)
    return offer


def _tell_shelf(offer: Offer, *, by: Actor, now: datetime) -> None:
    """Of an open listing it is free again; of a closed one it goes where the rest went."""
    listing = offer.listing
    listing.refresh_from_db(fields=["status", "closed_reason"])
    if listing.status == ListingStatus.CLOSED:
        follow_closed(listing=listing, now=now)
    else:
        tell_board(listing=listing, by=by, now=now)
