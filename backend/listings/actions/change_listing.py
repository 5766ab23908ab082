"""Changes a listing: a draft freely, an open one only so far as promises allow."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import IllegalTransition
from backend.listings.actions.draft_listing import choose_recipients
from backend.listings.actions.record_listing import record_listing
from backend.listings.actions.refuse_bad_offer import refuse, refuse_bad_offer
from backend.listings.actions.step_listing import locked_listing
from backend.listings.domain.checks import changes_breaking_promises, unstorable
from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing
from backend.listings.selectors import draft_of


class ListingChanges(TypedDict, total=False):
    """What may change; `lots` only while it is a draft."""

    title: str
    note: str
    pickup_from_at: datetime
    pickup_until_at: datetime
    allows_self_collect: bool
    allows_courier: bool
    donor_delivers: bool
    audience: str
    chosen_recipient_ids: tuple[UUID, ...]
    lots: tuple[LotDraft, ...]


@transaction.atomic
def change_listing(
    *,
    listing_id: UUID,
    by: Actor,
    now: datetime,
    if_version: int | None = None,
    **changes: Unpack[ListingChanges],
) -> Listing:
    """Applies the changes and leaves the rest. While a share is held or reserved, windows and ways
    of transport may only widen.

    Raises NotFound, NotAllowed, Stale, IllegalTransition (closed, or lots of an open listing),
    Invalid.
    """
    listing = locked_listing(listing_id, if_version=if_version)
    require(by, "listings.change", listing)
    before = draft_of(listing)
    after = replace(before, **changes)
    _refuse_unfit(listing, before, after, now=now)
    _store(listing, after)
    if after.chosen_recipient_ids != before.chosen_recipient_ids:
        choose_recipients(listing, after.chosen_recipient_ids)
    record_listing(
        "listing.changed",
        listing=listing,
        by=by,
        now=now,
        payload={"pickup_until_before_at": before.pickup_until_at.isoformat()},
        changed=sorted(changes),
    )
    return listing


def _refuse_unfit(
    listing: Listing, before: ListingDraft, after: ListingDraft, *, now: datetime
) -> None:
    if listing.status == ListingStatus.DRAFT:
        refuse(unstorable(after))
        return
    if listing.status == ListingStatus.CLOSED or after.lots != before.lots:
        raise IllegalTransition(listing.status, ListingStatus.DRAFT)
    if _is_promised(listing):
        refuse(changes_breaking_promises(before, after))
    refuse_bad_offer(after, location=listing.location, now=now)


def _is_promised(listing: Listing) -> bool:
    """Whether a share is held or reserved; nobody can take one until this transaction ends."""
    lots = listing.lots.select_for_update(no_key=True).order_by("id")
    return any(lot.held_g or lot.reserved_g for lot in lots)


def _store(listing: Listing, after: ListingDraft) -> None:
    values: dict[str, Any] = {name: getattr(after, name) for name in _PLAIN}
    if listing.status == ListingStatus.DRAFT:
        values["draft_lots"] = [lot.as_json() for lot in after.lots]
    Listing.objects.filter(pk=listing.pk).update(version=F("version") + 1, **values)
    listing.refresh_from_db(fields=["version", *values])


_PLAIN = (
    *("title", "note", "pickup_from_at", "pickup_until_at"),
    *("allows_self_collect", "allows_courier", "donor_delivers", "audience"),
)
