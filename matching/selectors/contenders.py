"""Who near a listing could claim a lot of it by hand, and what each got so far."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from backend.claims.domain.eligibility import may_receive, reservable_g
from backend.claims.domain.facts import RecipientFacts
from backend.claims.domain.reasons import Reason
from backend.claims.selectors.board import HORIZON
from backend.claims.selectors.facts import (
    anybody,
    leg_between,
    lot_facts,
    recipient_facts,
    with_hours,
)
from backend.geo.domain.points import cover, distance_m
from backend.listings.models import Listing, Lot
from backend.needs.selectors import room_by_date
from backend.organizations.models import Programme
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from matching.domain.hold import Contender
from matching.selectors.positions import positions_g
from matching.selectors.receivers import receivers

#: Farther away nobody fetches food by hand.
REACH_M: Final = 30_000
#: So many of the nearest are looked at.
MOST: Final = 60


def contenders_for(
    listing: Listing, lots: Sequence[Lot], *, now: datetime
) -> dict[Lot, list[Contender]]:
    """Per lot the nearest programmes that could claim it now, by the rules of the board.

    The listing comes with its place. The number of queries does not depend on how many there are.
    """
    programmes = _nearest(listing)
    positions = positions_g(programmes, now=now)
    day = local_date(max(now, listing.pickup_from_at), pack().zone)
    room = room_by_date({each.location_id for each in programmes}, dates={day})
    recipients = [
        replace(
            recipient_facts(each, room_g={}, now=now, until_at=now + HORIZON),
            capacity_g=dict(room[each.location_id, day]),
        )
        for each in programmes
    ]
    per_person = [positions[each.pk] / each.people_per_week for each in programmes]
    return {
        lot: [
            Contender(facts.programme_id, got_g, takeable_g)
            for facts, got_g, takeable_g in zip(
                recipients, per_person, _takeable(listing, lot, recipients, now), strict=True
            )
        ]
        for lot in lots
    }


def _takeable(
    listing: Listing, lot: Lot, recipients: Sequence[RecipientFacts], now: datetime
) -> Iterator[int]:
    """Grams that each could claim; 0 when a rule says no."""
    couriers = anybody(listing.road_group, now=now, until_at=now + HORIZON)
    facts = lot_facts(lot, listing, left_g=lot.available_g, now=now)
    for recipient in recipients:
        leg = leg_between(listing.point, recipient.point)
        answer = may_receive(facts, recipient, leg, now=now, couriers=couriers)
        yield 0 if isinstance(answer, Reason) else reservable_g(facts, recipient)


def _nearest(listing: Listing) -> list[Programme]:
    column, cells = cover(listing.point, REACH_M)
    near = receivers(
        location__road_group=listing.road_group, **{f"location__{column}__in": cells}
    ).select_related("location")
    away = sorted((distance_m(listing.point, each.location.point), each.pk) for each in near)
    chosen = [pk for metres, pk in away if metres <= REACH_M][:MOST]
    return list(with_hours(Programme.objects.filter(pk__in=chosen)).order_by("pk"))
