"""Rounds and offers for tests: an offer holds 4 kg of a lot for a programme with room for it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.claims.models import Transport
from backend.common.actor import Actor, system
from backend.listings.models import Lot
from backend.organizations.models import Programme
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from matching.actions import make_offer as actions
from matching.actions.begin_round import begin_round
from matching.domain.shares import LotShare, Share
from matching.models import Offer, Round, RoundTrigger
from matching.tasks import solve_round
from tests.builders.needs import make_taker

BUILDER = system("tests.builder")
ISLAND = "main"
ANSWER_WITHIN = timedelta(minutes=30)


def make_round(*, now: datetime, by: Actor = BUILDER, **fields: Any) -> Round:
    """A round that has begun and did nothing yet."""
    chosen: dict[str, Any] = {
        "area": ISLAND,
        "trigger": RoundTrigger.SCHEDULE,
        "seed": 0,
        "weights_version": "test",
        "digest": "0" * 64,
        "inputs": {},
        "lots_considered": 0,
    }
    return begin_round(by=by, now=now, **(chosen | fields))


def make_share(
    *parts: tuple[Lot, int], programme: Programme, now: datetime, **fields: Any
) -> Share:
    """What a round would propose to the programme: grams of lots of one listing."""
    lots = tuple(
        LotShare(lot_id=lot.pk, mass_g=mass_g, storage_class=lot.storage_class)
        for lot, mass_g in parts
    )
    chosen: dict[str, Any] = {
        "listing_id": parts[0][0].listing_id,
        "programme_id": programme.pk,
        "location_id": programme.location_id,
        "transport": Transport.SELF_COLLECT.value,
        "lots": lots,
        "answer_by_at": now + ANSWER_WITHIN,
        "receive_date": local_date(now, pack().zone),
    }
    return Share(**(chosen | fields))


def make_offer(
    *parts: tuple[Lot, int],
    now: datetime,
    programme: Programme | None = None,
    round_: Round | None = None,
    **fields: Any,
) -> Offer:
    """`make_offer((lot, 4_000), now=now)`: held for a new programme when none is given."""
    taker = programme or make_taker()
    return actions.make_offer(
        round_=round_ or make_round(now=now),
        share=make_share(*parts, programme=taker, now=now, **fields),
        by=BUILDER,
        now=now,
    )


def run_round(area: str = ISLAND, **arguments: Any) -> Round | None:
    """A whole round at the process's own clock, in the solver process; None when there was no need
    for one.
    """
    round_id = solve_round(area=area, **arguments)
    return Round.objects.get(pk=UUID(round_id)) if round_id else None
