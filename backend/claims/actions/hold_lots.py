"""Keeps contested lots of a listing a while for the programmes that got least."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.domain.hold import Hold
from backend.claims.models import LotHold
from backend.common.actor import Actor
from backend.common.refusals import NotFound
from backend.listings.actions.record_listing import record_listing
from backend.listings.models import Listing
from backend.organizations.models import Programme


@transaction.atomic
def hold_lots(
    *, listing_id: UUID, holds: Mapping[UUID, Hold], by: Actor, now: datetime
) -> list[LotHold]:
    """Stores a hold for each lot that has none yet; returns the new ones.

    Nothing is locked: claims go on, and whoever is not meant is told until when to wait. Raises
    NotFound.
    """
    listing = Listing.objects.filter(pk=listing_id).first()
    if listing is None:
        raise NotFound()
    made = [
        stored
        for lot_id, hold in sorted(holds.items())
        if (stored := _store(lot_id, hold)) is not None
    ]
    if made:
        record_listing(
            "listing.held_back",
            listing=listing,
            by=by,
            now=now,
            payload={
                "lots": [
                    {"lot_id": str(each.lot_id), "until_at": each.until_at.isoformat()}
                    for each in made
                ]
            },
        )
    return made


def _store(lot_id: UUID, hold: Hold) -> LotHold | None:
    """None when the lot was held before: a lot is held once in its life."""
    stored, is_new = LotHold.objects.get_or_create(
        lot_id=lot_id, defaults={"until_at": hold.until_at}
    )
    if not is_new:
        return None
    programmes = Programme.objects.filter(pk__in=sorted(hold.programme_ids))
    stored.programmes.set(programmes)
    return stored
