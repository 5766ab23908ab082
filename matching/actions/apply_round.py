"""Offers what a round proposes, share by share, and accepts where a consent says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.common.actor import Actor
from backend.common.refusals import Refusal
from matching.actions.accept_by_consent import accept_by_consent
from matching.actions.make_offer import make_offer
from matching.actions.suggest_backup import suggest_backup
from matching.domain.shares import Share
from matching.models import Offer, Round

#: A share by its listing and its programme.
Key = tuple[UUID, UUID]


@dataclass(slots=True)
class Applied:
    """How many shares were offered, were no longer true, were accepted by consent, and have
    somebody in waiting.
    """

    made: int = 0
    dropped: int = 0
    accepted: int = 0
    backed: int = 0


def apply_round(
    *,
    round_: Round,
    shares: Iterable[Share],
    by: Actor,
    now: datetime,
    backups: Mapping[Key, Share] | None = None,
) -> Applied:
    """Each share in a transaction of its own: a round never blocks anybody for long.

    What changed since the round looked is dropped and counted, never forced. `backups` says who
    stands behind a share, by its listing and programme.
    """
    applied, behind = Applied(), backups or {}
    for share in shares:
        try:
            offer = make_offer(round_=round_, share=share, by=by, now=now)
        except Refusal:
            applied.dropped += 1
            continue
        applied.made += 1
        if second := behind.get((share.listing_id, share.programme_id)):
            applied.backed += _back(offer, second, by=by, now=now)
        applied.accepted += _accept(offer, by=by, now=now)
    return applied


def _back(offer: Offer, second: Share, *, by: Actor, now: datetime) -> bool:
    """Puts the second in waiting; one who has another offer of it by now is let be."""
    try:
        suggest_backup(first=offer, share=second, by=by, now=now)
    except Refusal:
        return False
    return True


def _accept(offer: Offer, *, by: Actor, now: datetime) -> bool:
    """Accepts for a recipient that consented; what is refused now stays open for a person."""
    try:
        accept_by_consent(offer_id=offer.pk, by=by, now=now)
    except Refusal:
        return False
    return True
