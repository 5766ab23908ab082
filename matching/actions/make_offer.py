"""Offers a share of a listing to a programme: its mass and capacity are held meanwhile."""

from collections import Counter
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.ids import new_id
from backend.common.refusals import Refusal
from backend.listings.actions.move_mass import move_mass
from backend.listings.actions.tell_board import tell_board
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ListingStatus
from backend.needs.actions.take_capacity import take_capacity
from matching.actions.drop_backup import drop_backup
from matching.actions.tell_offer import tell_offer
from matching.domain.lifecycle import OfferStatus
from matching.domain.shares import LotShare, Share
from matching.models import Offer, Proposal, Round


class NoLongerTrue(Refusal):
    """The listing closed, or the programme has an open offer of it already."""

    code = "no_longer_true"
    message = _("This can no longer be offered.")


@transaction.atomic
def make_offer(*, round_: Round | None, share: Share, by: Actor, now: datetime) -> Offer:
    """Takes the mass and the capacity, stores the offer and tells the recipient. Without a round it
    was arranged by a person.

    Raises NothingLeft, CapacityFull or NoLongerTrue when the world moved on since the round looked
    at it; the caller counts the share as dropped.
    """
    offer = Offer(
        id=new_id(),
        round=round_,
        listing_id=share.listing_id,
        location_id=share.location_id,
        programme_id=share.programme_id,
        transport=share.transport,
        status=OfferStatus.OFFERED,
        receive_date=share.receive_date,
        made_at=now,
        answer_by_at=share.answer_by_at,
    )
    by_lot = sorted(share.lots, key=lambda part: part.lot_id)
    proposals = [_hold(offer, part, now=now) for part in by_lot]
    _keep_room(share, now=now)
    if share.answer_by_at <= now or offer.listing.status != ListingStatus.OPEN:
        raise NoLongerTrue()
    _end_suggestions(offer, by=by, now=now)
    _store(offer, proposals)
    tell_board(listing=offer.listing, by=by, now=now)
    tell_offer("offer.offered", offer=offer, by=by, now=now)
    return offer


def _hold(offer: Offer, part: LotShare, *, now: datetime) -> Proposal:
    proposal = Proposal(
        id=new_id(),
        offer=offer,
        lot_id=part.lot_id,
        mass_g=part.mass_g,
        held_g=part.mass_g,
        rank=part.rank,
        terms=dict(part.terms),
        reasons=list(part.reasons),
    )
    move_mass(
        lot_id=part.lot_id,
        from_bucket=Bucket.AVAILABLE,
        to_bucket=Bucket.HELD,
        mass_g=part.mass_g,
        cause=offer,
        now=now,
        to_holder_id=proposal.pk,
    )
    return proposal


def _keep_room(share: Share, *, now: datetime) -> None:
    """After all lots, in the order of storage classes, as claims take them."""
    needed_g: Counter[str] = Counter()
    for part in share.lots:
        needed_g[part.storage_class] += part.mass_g
    for storage_class, mass_g in sorted(needed_g.items()):
        take_capacity(
            location_id=share.location_id,
            storage_class=storage_class,
            local_date=share.receive_date,
            mass_g=mass_g,
            now=now,
        )


def _end_suggestions(offer: Offer, *, by: Actor, now: datetime) -> None:
    """Whoever was in waiting for this listing is asked now instead."""
    waiting = Offer.objects.filter(
        listing=offer.listing_id, programme=offer.programme_id, status=OfferStatus.SUGGESTED
    )
    for one in waiting.values_list("pk", flat=True):
        drop_backup(offer_id=one, reason="asked_now", by=by, now=now)


def _store(offer: Offer, proposals: list[Proposal]) -> None:
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        raise NoLongerTrue() from error
    Proposal.objects.bulk_create(proposals)
