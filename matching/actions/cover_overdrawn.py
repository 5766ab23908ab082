"""Takes mass that somebody else holds already out of what is still on offer or promised."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.cut_line import cut_line
from backend.claims.models import ClaimLine
from backend.common.actor import Actor
from backend.listings.actions.move_mass import move_mass
from backend.listings.domain.ledger import Bucket
from backend.listings.models import Lot
from matching.actions.supersede_offer import supersede_offer
from matching.domain.lifecycle import OfferStatus
from matching.models import Proposal

GONE = "food_is_gone"


@transaction.atomic
def cover_overdrawn(*, lot_id: UUID, short_g: int, by: Actor, now: datetime) -> int:
    """Writes `short_g` off: open offers are taken back, the newest first; what is missing even
    then was answered meanwhile and comes out of what is free, then out of the newest claims.

    Returns the grams that nothing could cover: weighing at the collection will show them.
    """
    left_g = short_g - _from_offers(lot_id, short_g, by=by, now=now)
    left_g -= _from_shelf(lot_id, left_g, now=now)
    return left_g - _from_claims(lot_id, left_g, by=by, now=now)


def _from_offers(lot_id: UUID, short_g: int, *, by: Actor, now: datetime) -> int:
    held = Proposal.objects.filter(lot=lot_id, offer__status=OfferStatus.OFFERED, held_g__gt=0)
    covered_g = 0
    for proposal in held.order_by("-offer__made_at", "pk"):
        gone_g = min(proposal.held_g, short_g - covered_g)
        if gone_g <= 0:
            break
        ended = supersede_offer(
            offer_id=proposal.offer_id, reason=GONE, by=by, now=now, gone_g={lot_id: gone_g}
        )
        covered_g += gone_g if ended else 0
    return covered_g


def _from_shelf(lot_id: UUID, short_g: int, *, now: datetime) -> int:
    lot = Lot.objects.select_for_update().get(pk=lot_id)
    gone_g = min(short_g, lot.available_g)
    if gone_g > 0:
        _write_off(lot, gone_g, now=now)
    return max(0, gone_g)


def _from_claims(lot_id: UUID, short_g: int, *, by: Actor, now: datetime) -> int:
    lines = ClaimLine.objects.filter(lot=lot_id, reserved_g__gt=0)
    covered_g = 0
    for line in lines.select_related("claim__listing", "lot").order_by("-claim__reserved_at", "pk"):
        gone_g = min(line.reserved_g, short_g - covered_g)
        if gone_g <= 0:
            break
        cut_line(line=line, mass_g=gone_g, cause=line.lot, by=by, now=now)
        _write_off(line.lot, gone_g, now=now)
        covered_g += gone_g
    return covered_g


def _write_off(lot: Lot, mass_g: int, *, now: datetime) -> None:
    move_mass(
        lot_id=lot.pk,
        from_bucket=Bucket.AVAILABLE,
        to_bucket=Bucket.SOURCE,
        mass_g=mass_g,
        cause=lot,
        now=now,
    )
