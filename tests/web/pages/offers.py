"""Offers as rounds leave them, for pages that show and answer them."""

from datetime import datetime, timedelta

from backend.claims.models import Transport
from backend.common.ids import new_id
from backend.listings.models import Lot
from backend.organizations.models import Programme
from matching.actions.make_offer import make_offer
from matching.domain.shares import LotShare, Share
from matching.models import Offer, Round, RoundStatus, RoundTrigger
from tests.builders.claims import BUILDER


def offered(lot: Lot, kitchen: Programme, *, now: datetime, mass_g: int = 4_000) -> Offer:
    """An offer of part of a lot, with the reasons that a round would give."""
    round_ = Round.objects.create(
        area="main",
        trigger=RoundTrigger.SCHEDULE,
        status=RoundStatus.APPLIED,
        seed=1,
        weights_version="1",
        digest="0",
        started_at=now,
    )
    runner_up = {
        "programme_id": str(new_id()),
        "score": 3.0,
        "terms": {"food": 4.0},
        "why": "farther",
        "facts": {"km": 3.2},
    }
    part = LotShare(
        lot_id=lot.pk,
        mass_g=mass_g,
        storage_class=lot.storage_class,
        terms={"food": 4.0, "urgency": 1.5, "distance": -0.3},
        reasons=(runner_up,),
    )
    share = Share(
        listing_id=lot.listing_id,
        programme_id=kitchen.pk,
        location_id=kitchen.location_id,
        transport=Transport.SELF_COLLECT,
        lots=(part,),
        answer_by_at=now + timedelta(minutes=30),
        receive_date=now.date(),
    )
    return make_offer(round_=round_, share=share, by=BUILDER, now=now)
