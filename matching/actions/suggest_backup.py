"""Puts a second recipient in waiting behind an offer of food that cannot wait."""

from datetime import datetime

from django.db import IntegrityError, transaction

from backend.common.actor import Actor
from backend.common.ids import new_id
from matching.actions.make_offer import NoLongerTrue
from matching.actions.tell_offer import tell_offer
from matching.domain.lifecycle import OfferStatus
from matching.domain.shares import Share
from matching.models import Offer, Proposal


@transaction.atomic
def suggest_backup(*, first: Offer, share: Share, by: Actor, now: datetime) -> Offer:
    """Stores who is asked next; it holds neither mass nor room until then.

    Raises NoLongerTrue when somebody is in waiting already, or the programme has another open offer
    of this listing.
    """
    offer = Offer(
        id=new_id(),
        round_id=first.round_id,
        listing_id=first.listing_id,
        location_id=share.location_id,
        programme_id=share.programme_id,
        transport=share.transport,
        status=OfferStatus.SUGGESTED,
        backs=first,
        receive_date=share.receive_date,
        made_at=now,
        answer_by_at=share.answer_by_at,
    )
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        raise NoLongerTrue() from error
    Proposal.objects.bulk_create(
        Proposal(
            id=new_id(),
            offer=offer,
            lot_id=part.lot_id,
            mass_g=part.mass_g,
            rank=part.rank,
            terms=dict(part.terms),
            reasons=list(part.reasons),
        )
        for part in share.lots
    )
    tell_offer("offer.suggested", offer=offer, by=by, now=now)
    return offer
