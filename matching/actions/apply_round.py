"""Offers what a round proposes, share by share, and accepts where a consent says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from backend.common.actor import Actor
from backend.common.refusals import Refusal
from matching.actions.accept_by_consent import accept_by_consent
from matching.actions.make_offer import make_offer
from matching.domain.shares import Share
from matching.models import Offer, Round


@dataclass(slots=True)
class Applied:
    """How many shares were offered, were no longer true, and were accepted by consent."""

    made: int = 0
    dropped: int = 0
    accepted: int = 0


def apply_round(*, round_: Round, shares: Iterable[Share], by: Actor, now: datetime) -> Applied:
    """Each share in a transaction of its own: a round never blocks anybody for long.

    What changed since the round looked is dropped and counted, never forced.
    """
    applied = Applied()
    for share in shares:
        try:
            offer = make_offer(round_=round_, share=share, by=by, now=now)
        except Refusal:
            applied.dropped += 1
            continue
        applied.made += 1
        applied.accepted += _accept(offer, by=by, now=now)
    return applied


def _accept(offer: Offer, *, by: Actor, now: datetime) -> bool:
    """Accepts for a recipient that consented; what is refused now stays open for a person."""
    try:
        accept_by_consent(offer_id=offer.pk, by=by, now=now)
    except Refusal:
        return False
    return True
