"""Lets go of mass that an offer held, and of the room that was kept for it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F

from backend.listings.actions.move_mass import move_mass
from backend.listings.domain.ledger import Bucket
from backend.needs.actions.give_back_capacity import give_back_capacity
from matching.models import Offer, Proposal


def let_go(
    *,
    offer: Offer,
    parts: Iterable[tuple[Proposal, int]],
    now: datetime,
    to: Bucket = Bucket.AVAILABLE,
) -> Counter[str]:
    """Moves grams of proposals from held to `to`; returns them by storage class.

    Give the proposals in the order of their lots, and the room back after all lots: claims take
    them in that order, so nobody waits for each other.
    """
    freed_g: Counter[str] = Counter()
    for proposal, mass_g in parts:
        if not mass_g:
            continue
        move_mass(
            lot_id=proposal.lot_id,
            from_bucket=Bucket.HELD,
            to_bucket=to,
            mass_g=mass_g,
            cause=offer,
            now=now,
            from_holder_id=proposal.pk,
        )
        Proposal.objects.filter(pk=proposal.pk).update(held_g=F("held_g") - mass_g)
        freed_g[proposal.lot.storage_class] += mass_g
    return freed_g


def give_room_back(*, offer: Offer, freed_g: Mapping[str, int], now: datetime) -> None:
    """What is no longer held needs no room at the recipient's place."""
    for storage_class, mass_g in sorted(freed_g.items()):
        give_back_capacity(
            location_id=offer.location_id,
            storage_class=storage_class,
            local_date=offer.receive_date,
            mass_g=mass_g,
            now=now,
        )
