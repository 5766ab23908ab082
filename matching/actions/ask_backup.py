"""Asks the recipient in waiting, because the first did not take the food."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.claims.selectors.facts import leg_between
from backend.common.actor import Actor
from backend.common.refusals import Refusal
from backend.listings.actions.move_mass import NothingLeft, move_mass
from backend.listings.actions.tell_board import tell_board
from backend.listings.domain.ledger import Bucket
from backend.listings.domain.lifecycle import ListingStatus
from backend.needs.actions.take_capacity import take_capacity
from matching.actions.accept_by_consent import accept_by_consent
from matching.actions.drop_backup import drop_backup
from matching.actions.make_offer import NoLongerTrue
from matching.actions.step_offer import step_offer
from matching.actions.tell_offer import tell_offer
from matching.domain.ladder import answer_window
from matching.domain.lifecycle import OfferStatus
from matching.models import Offer, Proposal

NO_LONGER_TRUE = "no_longer_true"


def ask_backup(*, behind_id: UUID, by: Actor, now: datetime) -> Offer | None:
    """Offers what is free again to whoever stands behind that offer; a standing consent accepts.

    None when nobody does, or when it is no longer true: then the suggestion ends, and others are
    asked by a round.
    """
    waiting = Offer.objects.filter(backs=behind_id, status=OfferStatus.SUGGESTED).first()
    if waiting is None:
        return None
    try:
        offer = _ask(waiting.pk, by=by, now=now)
    except Refusal:
        drop_backup(offer_id=waiting.pk, reason=NO_LONGER_TRUE, by=by, now=now)
        return None
    try:
        accept_by_consent(offer_id=offer.pk, by=by, now=now)
    except Refusal:
        return offer
    offer.refresh_from_db()
    return offer


@transaction.atomic
def _ask(offer_id: UUID, *, by: Actor, now: datetime) -> Offer:
    """Takes the step, the mass and the room. Raises OfferOver, NothingLeft, CapacityFull,
    NoLongerTrue.
    """
    offer = Offer.objects.select_related("listing", "location").get(pk=offer_id)
    proposals = list(offer.proposals.select_related("lot").order_by("lot_id"))
    window = _window(offer, proposals, now=now)
    if not window or offer.listing.status != ListingStatus.OPEN:
        raise NoLongerTrue()
    step_offer(
        offer,
        OfferStatus.OFFERED,
        by=by,
        now=now,
        here=OfferStatus.SUGGESTED,
        made_at=now,
        answer_by_at=now + window,
    )
    held_g = _hold(offer, proposals, now=now)
    for storage_class, mass_g in sorted(held_g.items()):
        take_capacity(
            location_id=offer.location_id,
            storage_class=storage_class,
            local_date=offer.receive_date,
            mass_g=mass_g,
            now=now,
        )
    tell_board(listing=offer.listing, by=by, now=now)
    tell_offer("offer.offered", offer=offer, by=by, now=now)
    return offer


def _window(offer: Offer, proposals: list[Proposal], *, now: datetime) -> timedelta:
    """The time to think, by the lot that has least of it."""
    leg = leg_between(offer.listing.point, offer.location.point)
    way = timedelta(seconds=leg.travel_s)
    safe_until_at = min(each.lot.safe_until_at for each in proposals)
    latest_start_at = min(offer.listing.pickup_until_at, safe_until_at - way)
    return answer_window(now=now, latest_start_at=latest_start_at)


def _hold(offer: Offer, proposals: list[Proposal], *, now: datetime) -> Counter[str]:
    """What was suggested of each lot, or all that is left of it; grams by storage class."""
    held_g: Counter[str] = Counter()
    for proposal in proposals:
        mass_g = min(proposal.mass_g, proposal.lot.available_g)
        if not mass_g:
            continue
        move_mass(
            lot_id=proposal.lot_id,
            from_bucket=Bucket.AVAILABLE,
            to_bucket=Bucket.HELD,
            mass_g=mass_g,
            cause=offer,
            now=now,
            to_holder_id=proposal.pk,
        )
        Proposal.objects.filter(pk=proposal.pk).update(held_g=F("held_g") + mass_g)
        held_g[proposal.lot.storage_class] += mass_g
    if not held_g:
        raise NothingLeft()
    return held_g
