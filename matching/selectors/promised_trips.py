"""Food that somebody must drive and that is on no route yet, claimed or on offer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from backend.claims.domain.facts import LotFacts
from backend.claims.models import ClaimLine, ClaimStatus, Transport
from backend.claims.selectors.facts import leg_between, lot_facts, recipient_facts, with_hours
from backend.custody.selectors.hand_over_times import time_allowed, unhurried
from backend.listings.models import Lot
from backend.organizations.models import Programme
from matching.domain.promised_trips import PromisedTrip
from matching.models import OfferStatus, Proposal

#: Hours of the recipients are looked up this far ahead.
HOURS_AHEAD: Final = timedelta(days=4)
#: By listing and programme, the grams of each lot that one trip brings.
_Loads = Mapping[tuple[UUID, UUID], Mapping[UUID, int]]


def promised_trips(area: str, *, now: datetime) -> list[PromisedTrip]:
    """One for each listing and programme; the number of queries does not depend on how many.

    An offer that waits for an answer counts like a claim: its food is held, and a yes needs the
    driver. What a route has taken is not here, nor what can no longer be fetched.
    """
    loads = _loads(area, now)
    if not loads:
        return []
    lots = _lots({lot for load in loads.values() for lot in load})
    programmes = _programmes({programme for _, programme in loads})
    places = [each.location for each in programmes.values()]
    places += [lot.listing.location for lot in lots.values()]
    allowed_s = time_allowed(places, now=now)
    return [
        _trip([(lots[pk], mass_g) for pk, mass_g in load.items()], programmes[to], allowed_s, now)
        for (_, to), load in loads.items()
    ]


def _loads(area: str, now: datetime) -> _Loads:
    loads: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
    for listing_id, programme_id, lot_id, mass_g in (*_claimed(area, now), *_offered(area, now)):
        load = loads.setdefault((listing_id, programme_id), {})
        load[lot_id] = load.get(lot_id, 0) + mass_g
    return loads


def _claimed(area: str, now: datetime) -> Iterator[tuple[UUID, UUID, UUID, int]]:
    """A claim is scheduled once all of it is on routes."""
    lines = ClaimLine.objects.filter(
        claim__status=ClaimStatus.RESERVED,
        claim__transport=Transport.COURIER,
        claim__road_group=area,
        claim__listing__pickup_until_at__gt=now,
        reserved_g__gt=0,
    )
    names = ("claim__listing_id", "claim__programme_id", "lot_id", "reserved_g")
    return lines.order_by("lot_id").values_list(*names).iterator()


def _offered(area: str, now: datetime) -> Iterator[tuple[UUID, UUID, UUID, int]]:
    proposals = Proposal.objects.filter(
        offer__status=OfferStatus.OFFERED,
        offer__transport=Transport.COURIER,
        offer__listing__road_group=area,
        offer__listing__pickup_until_at__gt=now,
        held_g__gt=0,
    )
    names = ("offer__listing_id", "offer__programme_id", "lot_id", "held_g")
    return proposals.order_by("lot_id").values_list(*names).iterator()


def _lots(lot_ids: set[UUID]) -> dict[UUID, Lot]:
    lots = Lot.objects.filter(pk__in=lot_ids).select_related("listing__location")
    return {lot.pk: lot for lot in lots.prefetch_related("listing__chosen_recipients")}


def _programmes(programme_ids: set[UUID]) -> dict[UUID, Programme]:
    """Also those that take nothing more now: what they were promised must still be brought."""
    return {each.pk: each for each in with_hours(Programme.objects.filter(pk__in=programme_ids))}


def _trip(
    load: list[tuple[Lot, int]],
    programme: Programme,
    allowed_s: Mapping[UUID, int],
    now: datetime,
) -> PromisedTrip:
    facts = recipient_facts(programme, room_g={}, now=now, until_at=now + HOURS_AHEAD)
    recipient = unhurried(facts, allowed_s[programme.location_id])
    lots = tuple(_promised(lot, mass_g, allowed_s, now) for lot, mass_g in load)
    return PromisedTrip(
        id=f"{lots[0].listing_id} {programme.pk}",
        lots=lots,
        recipient=recipient,
        leg=leg_between(lots[0].point, recipient.point),
    )


def _promised(lot: Lot, mass_g: int, allowed_s: Mapping[UUID, int], now: datetime) -> LotFacts:
    """The promised part of a lot, which goes as a whole."""
    facts = lot_facts(lot, lot.listing, left_g=mass_g, now=now)
    return replace(unhurried(facts, allowed_s[lot.listing.location_id]), step_g=mass_g)
