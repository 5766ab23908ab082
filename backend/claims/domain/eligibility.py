"""Every hard rule about who may receive what; the board, hand claims and the solver run these.

Each rule is a small function that returns None or the reason why not. Those that know no trip come
first, so that the first failure is the one that a person can do least about.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from backend.claims.domain.facts import (
    CARRIER,
    COURIER,
    DONOR_DELIVERS,
    SELF_COLLECT,
    CourierFacts,
    LotFacts,
    RecipientFacts,
)
from backend.claims.domain.reasons import Reason
from backend.claims.domain.trips import Leg, Trip, plan_trip

StandingCheck = Callable[[LotFacts, RecipientFacts, datetime], Reason | None]
WayCheck = Callable[[LotFacts, RecipientFacts, str, Leg], Reason | None]
TripCheck = Callable[[LotFacts, RecipientFacts, Trip], Reason | None]


class StandingRule(NamedTuple):
    """A rule that needs no trip, with all the facts it looks at.

    Two pairs that agree in those facts get the same answer, so a round asks once for each kind of
    pair.
    """

    check: StandingCheck
    lot_fields: tuple[str, ...] = ()
    recipient_fields: tuple[str, ...] = ()


def listing_is_open(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if lot.is_open else Reason.NOT_OPEN


def something_is_left(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if lot.left_g > 0 else Reason.NOTHING_LEFT


def window_has_time(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if now < lot.pickup_until_at else Reason.WINDOW_OVER


def food_is_safe_now(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if now < lot.safe_until_at else Reason.UNSAFE_BEFORE_ARRIVAL


def recipient_is_verified(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if recipient.verified else Reason.NOT_VERIFIED


def recipient_is_another(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    same = lot.organization_id == recipient.organization_id
    return Reason.SAME_ORGANIZATION if same else None


def recipient_is_meant(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    meant = lot.audience is None or recipient.organization_id in lot.audience
    return None if meant else Reason.AUDIENCE_EXCLUDED


def category_is_taken(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    refused = recipient.categories_not_taken
    taken = lot.category not in refused and lot.category_group not in refused
    return None if taken else Reason.CATEGORY_NOT_TAKEN


def allergens_are_taken(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    taken = recipient.allergens_excluded.isdisjoint(lot.allergens)
    return None if taken else Reason.ALLERGEN_EXCLUDED


def diet_is_kept(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if recipient.diet_rules <= lot.diet_flags else Reason.DIET_RULE


def storage_exists(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if lot.storage_class in recipient.capacity_g else Reason.NO_COLD_STORAGE


def a_share_fits(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    fits = recipient.capacity_g.get(lot.storage_class, 0) >= lot.smallest_g
    return None if fits else Reason.OVER_CAPACITY


def a_road_leads_there(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> Reason | None:
    return None if lot.road_group == recipient.road_group else Reason.OTHER_ROAD_GROUP


def transport_is_allowed(
    lot: LotFacts, recipient: RecipientFacts, transport: str, leg: Leg
) -> Reason | None:
    willing = transport != SELF_COLLECT or recipient.collects_itself
    return None if transport in lot.transports and willing else Reason.TRANSPORT_NOT_ALLOWED


def distance_is_bearable(
    lot: LotFacts, recipient: RecipientFacts, transport: str, leg: Leg
) -> Reason | None:
    limit_m = recipient.max_distance_m if transport == SELF_COLLECT else leg.longest_m
    return None if limit_m is None or leg.distance_m <= limit_m else Reason.TOO_FAR


def starts_in_the_window(lot: LotFacts, recipient: RecipientFacts, trip: Trip) -> Reason | None:
    return None if trip.departs_at < lot.pickup_until_at else Reason.WINDOW_OVER


def arrives_safe(lot: LotFacts, recipient: RecipientFacts, trip: Trip) -> Reason | None:
    limit_s = lot.max_out_of_cold_s
    cold = limit_s is None or trip.out_of_cold_s <= limit_s
    in_time = trip.reaches_at < lot.safe_until_at
    return None if cold and in_time else Reason.UNSAFE_BEFORE_ARRIVAL


def door_is_open(lot: LotFacts, recipient: RecipientFacts, trip: Trip) -> Reason | None:
    at = trip.hands_over_at
    return None if at and at < lot.safe_until_at else Reason.CLOSED_UNTIL_DEADLINE


def somebody_carries(lot: LotFacts, recipient: RecipientFacts, trip: Trip) -> Reason | None:
    carried = trip.transport != COURIER or trip.carried
    return None if carried else Reason.NO_COURIER_ON_SHIFT


#: The order is the order in which reasons are given.
STANDING_RULES: tuple[StandingRule, ...] = (
    StandingRule(listing_is_open, ("is_open",)),
    StandingRule(something_is_left, ("left_g",)),
    StandingRule(window_has_time, ("pickup_until_at",)),
    StandingRule(food_is_safe_now, ("safe_until_at",)),
    StandingRule(recipient_is_verified, (), ("verified",)),
    StandingRule(recipient_is_another, ("organization_id",), ("organization_id",)),
    StandingRule(recipient_is_meant, ("audience",), ("organization_id",)),
    StandingRule(category_is_taken, ("category", "category_group"), ("categories_not_taken",)),
    StandingRule(allergens_are_taken, ("allergens",), ("allergens_excluded",)),
    StandingRule(diet_is_kept, ("diet_flags",), ("diet_rules",)),
    StandingRule(storage_exists, ("storage_class",), ("location_id", "programme_id")),
    StandingRule(a_share_fits, ("storage_class", "smallest_g"), ("location_id", "programme_id")),
    StandingRule(a_road_leads_there, ("road_group",), ("road_group",)),
)

WAY_RULES: tuple[WayCheck, ...] = (transport_is_allowed, distance_is_bearable)

TRIP_RULES: tuple[TripCheck, ...] = (
    starts_in_the_window,
    arrives_safe,
    door_is_open,
    somebody_carries,
)


#: Whoever says that they fetch food themselves do; a driver comes next, the donor's own van last.
TRANSPORT_ORDER = (SELF_COLLECT, COURIER, DONOR_DELIVERS)


def failures(
    lot: LotFacts, recipient: RecipientFacts, trip: Trip | None, now: datetime
) -> Iterator[Reason]:
    """Reasons why not, in order and one at a time; without a trip only the standing rules speak.

    A carrier crosses water and mountains: it needs no road.
    """
    by_carrier = trip is not None and trip.transport == CARRIER
    for rule in STANDING_RULES:
        reason = rule.check(lot, recipient, now)
        if reason and not (by_carrier and reason is Reason.OTHER_ROAD_GROUP):
            yield reason
    if trip is None:
        return
    for way_check in WAY_RULES:
        reason = way_check(lot, recipient, trip.transport, trip.leg)
        if reason:
            yield reason
    for check in TRIP_RULES:
        reason = check(lot, recipient, trip)
        if reason:
            yield reason


def first_failure(
    lot: LotFacts, recipient: RecipientFacts, trip: Trip | None, now: datetime
) -> Reason | None:
    """The first reason why not, or None when the recipient may have a share."""
    return next(failures(lot, recipient, trip, now), None)


def all_failures(
    lot: LotFacts, recipient: RecipientFacts, trip: Trip | None, now: datetime
) -> list[Reason]:
    """Every reason why not, each once."""
    return list(dict.fromkeys(failures(lot, recipient, trip, now)))


def find_trip(
    lot: LotFacts,
    recipient: RecipientFacts,
    leg: Leg,
    *,
    now: datetime,
    couriers: Sequence[CourierFacts] = (),
) -> Trip | Reason:
    """The first transport that no rule forbids, or why even the last one that applies is forbidden.

    Only the rules about ways and trips are asked: ask the standing rules first.
    """
    why = Reason.TRANSPORT_NOT_ALLOWED
    for transport in TRANSPORT_ORDER:
        reason = _way_failure(lot, recipient, transport, leg)
        if reason is None:
            trip = plan_trip(lot, recipient, leg, transport=transport, now=now, couriers=couriers)
            reason = trip_failure(lot, recipient, trip)
            if reason is None:
                return trip
        if reason is not Reason.TRANSPORT_NOT_ALLOWED:
            why = reason
    return why


def _way_failure(
    lot: LotFacts, recipient: RecipientFacts, transport: str, leg: Leg
) -> Reason | None:
    for check in WAY_RULES:
        reason = check(lot, recipient, transport, leg)
        if reason:
            return reason
    return None


def trip_failure(lot: LotFacts, recipient: RecipientFacts, trip: Trip) -> Reason | None:
    for check in TRIP_RULES:
        reason = check(lot, recipient, trip)
        if reason:
            return reason
    return None


def may_receive(
    lot: LotFacts,
    recipient: RecipientFacts,
    leg: Leg,
    *,
    now: datetime,
    couriers: Sequence[CourierFacts] = (),
) -> Trip | Reason:
    """The best trip that every rule allows, or the first reason why there is none."""
    standing = first_failure(lot, recipient, None, now)
    return standing or find_trip(lot, recipient, leg, now=now, couriers=couriers)


def reservable_g(lot: LotFacts, recipient: RecipientFacts) -> int:
    """The greatest share that fits now: all that is left, or whole steps; 0 when none does."""
    return lot.largest_g(recipient.capacity_g.get(lot.storage_class, 0))


def mass_failure(lot: LotFacts, recipient: RecipientFacts, mass_g: int) -> Reason | None:
    """Why a claim may not take exactly this mass, or None."""
    if lot.left_g == 0:
        return Reason.NOTHING_LEFT
    if mass_g > lot.left_g:
        return Reason.ABOVE_LEFT
    if mass_g < lot.smallest_g:
        return Reason.BELOW_STEP
    if mass_g != lot.left_g and mass_g % lot.step_g:
        return Reason.NOT_STEP_MULTIPLE
    room_g = recipient.capacity_g.get(lot.storage_class, 0)
    return None if mass_g <= room_g else Reason.OVER_CAPACITY
