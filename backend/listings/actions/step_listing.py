"""Reads a listing for a change and moves it along its life cycle."""

from typing import Any
from uuid import UUID

from django.db.models import F

from backend.common.lifecycle import advance
from backend.common.refusals import NotFound, Stale
from backend.listings.domain.lifecycle import NEXT, ListingStatus
from backend.listings.models import Listing


def locked_listing(listing_id: UUID, *, if_version: int | None = None) -> Listing:
    """The listing, locked until the transaction ends, with its place and donor.

    Rows that point to it, such as new claims, can still be stored: whoever makes one holds its lots
    and must not wait for who waits for those.

    Raises NotFound, or Stale when the caller had read another version.
    """
    listings = Listing.objects.select_for_update(of=("self",), no_key=True).select_related(
        "location__organization", "organization"
    )
    listing = listings.filter(pk=listing_id).first()
    if listing is None:
        raise NotFound()
    if if_version is not None and listing.version != if_version:
        raise Stale()
    return listing


def step_listing(listing: Listing, there: ListingStatus, **changes: Any) -> None:
    """Moves the listing to `there` if it is still where it was read; raises IllegalTransition when
    its life has no such step, Stale when somebody was quicker.
    """
    here = ListingStatus(listing.status)
    advance(NEXT, here, there)
    unmoved = Listing.objects.filter(pk=listing.pk, status=here)
    if not unmoved.update(status=there, version=F("version") + 1, **changes):
        raise Stale()
    listing.refresh_from_db(fields=["status", "version", *changes])
