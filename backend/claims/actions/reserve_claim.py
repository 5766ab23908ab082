"""Reserves shares of a listing for one programme."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.claims.actions.count_claim import count_claim
from backend.claims.actions.record_claim import record_claim
from backend.claims.actions.refuse_ineligible import refuse_ineligible
from backend.claims.actions.take_shares import take_shares
from backend.claims.domain.deadlines import lapses_at
from backend.claims.domain.eligibility import first_failure, mass_failure
from backend.claims.domain.facts import LotFacts, RecipientFacts
from backend.claims.domain.hold import held_back
from backend.claims.domain.trips import Trip, plan_trip
from backend.claims.models import Claim, ClaimLine, ClaimSource, Transport
from backend.claims.selectors.board import HORIZON
from backend.claims.selectors.facts import (
    anybody,
    leg_between,
    lot_facts,
    recipient_facts,
    with_hours,
)
from backend.claims.selectors.holds import holds_on
from backend.common.actor import Actor
from backend.common.permissions import may
from backend.common.refusals import Invalid, NotFound
from backend.listings.actions.tell_board import tell_board
from backend.listings.models import Listing, Lot
from backend.needs.actions.take_capacity import take_capacity
from backend.needs.selectors import room_left
from backend.organizations.domain.hours import Interval
from backend.organizations.models import Programme
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack

SHORTEST_BOOKING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for, with everything it is judged by read from the database."""

    listing: Listing
    programme: Programme
    lots: Mapping[UUID, Lot]
    transport: str
    booked: Interval | None


@transaction.atomic
def reserve_claim(
    *,
    listing_id: UUID,
    programme_id: UUID,
    shares: Mapping[UUID, int],
    transport: str,
    source: str,
    by: Actor,
    now: datetime,
    offer_id: UUID | None = None,
    booked: Interval | None = None,
    trip: Trip | None = None,
    from_held: Mapping[UUID, UUID] | None = None,
    receive_date: date | None = None,
) -> Claim:
    """Takes the shares first, then asks every rule, and keeps nothing when one says no.

    With `from_held` (lot to proposal) the mass was held for an offer whose capacity is already
    taken, on `receive_date`. `trip` is the way that matching planned; without it the earliest one
    counts. Raises NothingLeft, NotFound, NotEligible with the rule's code, CapacityFull,
    TooManyClaims, Invalid.
    """
    _refuse_empty(shares)
    claim = Claim(listing_id=listing_id, programme_id=programme_id)
    lines = take_shares(claim=claim, shares=shares, from_held=from_held, now=now)
    listing, lots = _listing(listing_id, shares)
    programme = _programme(programme_id, by)
    wish = _Wish(listing, programme, lots, transport, _booking(listing, transport, booked, now))
    if source == ClaimSource.HAND:
        _refuse_held_back(wish, now=now)
    trips = _judge(wish, shares, trip, receive_date, held=from_held is not None, now=now)
    on = receive_date or _arrival_date(trips)
    if from_held is None:
        _take_room(wish, shares, on, now=now)
    if source == ClaimSource.HAND:
        count_claim(organization_id=programme.location.organization_id, now=now)
    ends_at = _ends_at(wish, trip)
    _store(claim, lines, wish, ends_at, source=source, on=on, offer_id=offer_id, by=by, now=now)
    record_claim(
        "claim.reserved",
        claim=claim,
        by=by,
        now=now,
        payload={"source": source, "lapses_at": claim.lapses_at.isoformat()},
    )
    if from_held is None:
        tell_board(listing=listing, by=by, now=now)
    return claim


def _refuse_empty(shares: Mapping[UUID, int]) -> None:
    if not shares or min(shares.values()) < 1:
        raise Invalid.field("lines", "mass_too_small", _("Please say how much you take."))


def _listing(listing_id: UUID, shares: Mapping[UUID, int]) -> tuple[Listing, dict[UUID, Lot]]:
    listings = Listing.objects.select_related("location", "organization")
    listing = listings.prefetch_related("chosen_recipients").filter(pk=listing_id).first()
    lots = {lot.pk: lot for lot in Lot.objects.filter(listing=listing_id, pk__in=shares)}
    if listing is None or len(lots) != len(shares):
        raise NotFound()
    return listing, lots


def _programme(programme_id: UUID, by: Actor) -> Programme:
    """A programme that the actor takes for; anybody else's does not exist for it."""
    open_ones = Programme.objects.filter(closed_at__isnull=True)
    programme = with_hours(open_ones).filter(pk=programme_id).first()
    if programme is None or not may(by, "claims.reserve", programme):
        raise NotFound()
    return programme


def _booking(
    listing: Listing, transport: str, booked: Interval | None, now: datetime
) -> Interval | None:
    """When a charity comes itself: what it booked, or all that is left of the window."""
    if transport != Transport.SELF_COLLECT:
        return None
    whole = Interval(max(now, listing.pickup_from_at), listing.pickup_until_at)
    if booked is None:
        return whole if whole.from_at < whole.until_at else None
    inside = listing.pickup_from_at <= booked.from_at and booked.until_at <= whole.until_at
    if booked.until_at <= now or booked.until_at - booked.from_at < SHORTEST_BOOKING or not inside:
        message = _("Please choose a time within the pickup window, of 15 minutes at least.")
        raise Invalid.field("booked_from_at", "booking_outside_window", message)
    return booked


def _refuse_held_back(wish: _Wish, *, now: datetime) -> None:
    """A lot that waits for those who got least is not for others yet, by hand."""
    for hold in holds_on(wish.lots, now=now).values():
        refuse_ineligible(held_back(hold, str(wish.programme.pk), now=now))


def _judge(
    wish: _Wish,
    shares: Mapping[UUID, int],
    trip: Trip | None,
    receive_date: date | None,
    *,
    held: bool,
    now: datetime,
) -> Sequence[Trip]:
    """Asks all rules about each lot as it was before this claim; returns the trips."""
    facts = {
        lot_id: lot_facts(
            lot,
            wish.listing,
            left_g=shares[lot_id] if held else lot.available_g + shares[lot_id],
            now=now,
        )
        for lot_id, lot in wish.lots.items()
    }
    blank = recipient_facts(wish.programme, room_g={}, now=now, until_at=now + HORIZON)
    trips = {lot_id: trip or _trip(lot, blank, wish, now) for lot_id, lot in facts.items()}
    on = receive_date or _arrival_date(list(trips.values()))
    recipient = replace(blank, capacity_g=_room(wish, shares, on, held=held))
    for lot_id, lot in facts.items():
        refuse_ineligible(first_failure(lot, recipient, trips[lot_id], now))
        refuse_ineligible(mass_failure(lot, recipient, shares[lot_id]))
    return list(trips.values())


def _trip(lot: LotFacts, recipient: RecipientFacts, wish: _Wish, now: datetime) -> Trip:
    starts_at = max(now, wish.booked.from_at) if wish.booked else now
    return plan_trip(
        lot,
        recipient,
        leg_between(lot.point, recipient.point),
        transport=wish.transport,
        now=starts_at,
        couriers=anybody(lot.road_group, now=now, until_at=now + HORIZON),
    )


def _arrival_date(trips: Sequence[Trip]) -> date:
    arrives_at = max(trip.hands_over_at or trip.reaches_at for trip in trips)
    return local_date(arrives_at, pack().zone)


def _room(wish: _Wish, shares: Mapping[UUID, int], on: date, *, held: bool) -> Mapping[str, int]:
    """What the place has left; what is held for this very claim counts as left."""
    location_id = wish.programme.location_id
    room_g = dict(room_left([location_id], on=on)[location_id])
    if held:
        for lot_id, mass_g in shares.items():
            storage = wish.lots[lot_id].storage_class
            room_g[storage] = room_g.get(storage, 0) + mass_g
    return room_g


def _take_room(wish: _Wish, shares: Mapping[UUID, int], on: date, *, now: datetime) -> None:
    by_class: Counter[str] = Counter()
    for lot_id, mass_g in shares.items():
        by_class[wish.lots[lot_id].storage_class] += mass_g
    for storage_class, mass_g in sorted(by_class.items()):
        take_capacity(
            location_id=wish.programme.location_id,
            storage_class=storage_class,
            local_date=on,
            mass_g=mass_g,
            now=now,
        )


def _ends_at(wish: _Wish, trip: Trip | None) -> datetime:
    """Until when it is fetched; what a carrier has on its way is waited for until it arrives."""
    ends_at = wish.booked.until_at if wish.booked else wish.listing.pickup_until_at
    if trip is None or trip.transport != Transport.CARRIER:
        return ends_at
    return max(ends_at, trip.hands_over_at or trip.reaches_at)


def _store(
    claim: Claim,
    lines: Sequence[ClaimLine],
    wish: _Wish,
    ends_at: datetime,
    *,
    source: str,
    on: date,
    offer_id: UUID | None,
    by: Actor,
    now: datetime,
) -> None:
    location = wish.programme.location
    claim.listing = wish.listing
    claim.programme = wish.programme
    claim.organization = location.organization
    claim.location = location
    claim.transport = wish.transport
    claim.source = source
    claim.offer_id = offer_id
    claim.receive_date = on
    if wish.booked:
        claim.booked_from_at, claim.booked_until_at = wish.booked
    claim.county_code = location.county_code
    claim.road_group = wish.listing.road_group
    claim.reserved_by_id = by.user_id
    claim.reserved_at = now
    claim.lapses_at = lapses_at(ends_at, transport=wish.transport)
    claim.save(force_insert=True)
    ClaimLine.objects.bulk_create(lines)
