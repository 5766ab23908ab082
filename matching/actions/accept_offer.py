"""A recipient takes an offered share, whole or in part: it becomes a claim."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.domain.reasons import SENTENCES, Reason
from backend.claims.domain.trips import Trip
from backend.claims.models import Claim, ClaimSource
from backend.claims.selectors.facts import lot_facts
from backend.common.actor import Actor
from backend.common.refusals import Invalid
from backend.listings.actions.tell_board import tell_board
from matching.actions.let_go import give_room_back, let_go
from matching.actions.step_offer import offer_to_answer, step_offer
from matching.actions.tell_offer import tell_offer
from matching.domain.lifecycle import OfferStatus
from matching.domain.transfers import carried_trip
from matching.models import Offer, Proposal
from matching.selectors.transfers import carriage_of, recipient_on


@transaction.atomic
def accept_offer(
    *,
    offer_id: UUID,
    by: Actor,
    now: datetime,
    shares: Mapping[UUID, int] | None = None,
    source: ClaimSource = ClaimSource.OFFER,
    if_version: int | None = None,
) -> Claim:
    """Turns what is held into a claim; `shares` (lot id to grams) takes less than was offered.

    Raises NotFound, NotAllowed, Stale, OfferOver, Invalid for a share that is not offered or cuts
    a portion, and what `reserve_claim` refuses when the food, the door or the rules changed.
    """
    offer = offer_to_answer(offer_id, by)
    step_offer(offer, OfferStatus.ACCEPTED, by=by, now=now, if_version=if_version, in_time=True)
    proposals = list(offer.proposals.select_related("lot").order_by("lot_id"))
    taken = _taken(proposals, shares)
    rest = [(each, each.held_g - taken.get(each.lot_id, 0)) for each in proposals]
    freed_g = let_go(offer=offer, parts=rest, now=now)
    claim = _claim(offer, proposals, taken, source=source, by=by, now=now)
    give_room_back(offer=offer, freed_g=freed_g, now=now)
    if freed_g:
        tell_board(listing=offer.listing, by=by, now=now)
    tell_offer("offer.accepted", offer=offer, by=by, now=now, reason=source.value)
    return claim


def _claim(
    offer: Offer,
    proposals: Iterable[Proposal],
    taken: Mapping[UUID, int],
    *,
    source: ClaimSource,
    by: Actor,
    now: datetime,
) -> Claim:
    """The held mass becomes reserved; the room for it was taken with the offer."""
    held = {each.lot_id: each.pk for each in proposals if each.lot_id in taken}
    claim = reserve_claim(
        listing_id=offer.listing_id,
        programme_id=offer.programme_id,
        shares=taken,
        transport=offer.transport,
        source=source,
        by=by,
        now=now,
        offer_id=offer.pk,
        receive_date=offer.receive_date,
        trip=_arranged(offer, now=now),
        from_held=held,
    )
    for lot_id, proposal_id in held.items():
        Proposal.objects.filter(pk=proposal_id).update(held_g=0, accepted_g=taken[lot_id])
    return claim


def _arranged(offer: Offer, *, now: datetime) -> Trip | None:
    """The leg of a transfer; None for any other offer, whose earliest trip counts."""
    carriage = carriage_of(offer.pk)
    if carriage is None:
        return None
    lot = offer.proposals.select_related("lot").order_by("lot_id")[0].lot
    listing, programme = offer.listing, offer.programme
    facts = lot_facts(lot, listing, left_g=lot.available_g, now=now)
    recipient = recipient_on(programme, now=now, on=offer.receive_date)
    return carried_trip(carriage, facts, recipient)


def _taken(proposals: Sequence[Proposal], shares: Mapping[UUID, int] | None) -> dict[UUID, int]:
    """Grams per lot, each within what is offered; all of it when nothing is said."""
    offered = {each.lot_id: each for each in proposals}
    if shares is None:
        return {lot_id: each.held_g for lot_id, each in offered.items()}
    for lot_id, mass_g in shares.items():
        proposal = offered.get(lot_id)
        if proposal is None or not 0 <= mass_g <= proposal.held_g:
            raise Invalid.field("lines", "above_offered", _("That is more than was offered."))
        if mass_g != proposal.held_g and mass_g % proposal.lot.step_g:
            reason = Reason.NOT_STEP_MULTIPLE
            raise Invalid.field("lines", reason.value, _(SENTENCES[reason]))
    taken = {lot_id: mass_g for lot_id, mass_g in shares.items() if mass_g}
    if not taken:
        raise Invalid.field("lines", "nothing", _("Say how much you take, or decline."))
    return taken
