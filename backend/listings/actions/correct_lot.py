"""Corrects how much there is of a lot before it is fetched."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.mass import HEAVIEST_LOT_G
from backend.common.permissions import require
from backend.common.refusals import IllegalTransition, Invalid, Refusal
from backend.listings.actions.move_mass import NothingLeft, move_mass
from backend.listings.actions.record_listing import lot_facts, record_listing
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Lot


class AlreadyPromised(Refusal):
    """Less is free than the correction would take away."""

    code = "already_promised"
    message = _("More than what is still free was promised. Please withdraw the listing instead.")


@transaction.atomic
def correct_lot(*, lot_id: UUID, change_g: int, reason: str, by: Actor, now: datetime) -> Lot:
    """Posts a signed adjustment of what is free: negative when there is less than declared.

    Raises Invalid for no change at all or a lot heavier than any, AlreadyPromised, NotAllowed,
    IllegalTransition when the listing is not open.
    """
    if change_g == 0:
        raise Invalid.field("change_g", "required", _("Please say by how much."))
    lots = Lot.objects.select_related("listing__organization")
    cause = Lot(pk=lot_id)
    source, free = Bucket.SOURCE, Bucket.AVAILABLE
    try:
        move_mass(
            lot_id=lot_id,
            from_bucket=source if change_g > 0 else free,
            to_bucket=free if change_g > 0 else source,
            mass_g=abs(change_g),
            cause=cause,
            now=now,
        )
    except NothingLeft as error:
        raise AlreadyPromised() from error
    lot = lots.get(pk=lot_id)
    require(by, "listings.change", lot.listing)
    if lot.listing.status != ListingStatus.OPEN:
        raise IllegalTransition(lot.listing.status, ListingStatus.OPEN)
    if lot.declared_g + lot.adjusted_g > HEAVIEST_LOT_G:
        raise Invalid.field("change_g", "mass_absurd", _("Please check the unit."))
    record_listing(
        "listing.lot_corrected",
        listing=lot.listing,
        by=by,
        now=now,
        payload={"change_g": change_g, "lots": [lot_facts(lot)]},
        reason=reason,
    )
    return lot
