"""The earliest way of bringing a share from a lot to a recipient, before anybody plans a route."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from backend.claims.domain.facts import COURIER, CourierFacts, LotFacts, RecipientFacts
from backend.geo.domain.points import Point, distance_m
from backend.organizations.domain.hours import first_within

_LAST_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Leg:
    """How far apart two places are by road; `longest_m` is the farthest worth sending a courier."""

    distance_m: int
    travel_s: int
    longest_m: int | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """One way of moving a share, with its earliest times.

    `departs_at`: loading is done and the way begins. `reaches_at`: when it could be at the door if
    it left at once. `hands_over_at`: the first instant after that at which the recipient is open,
    None when it never is in the hours that are known. `out_of_cold_s` is the time spent outside the
    temperature of its storage class. `carry_g` is the most that fits, None when it does not matter.
    """

    transport: str
    leg: Leg
    departs_at: datetime
    reaches_at: datetime
    hands_over_at: datetime | None
    out_of_cold_s: int
    carried: bool = True
    carry_g: int | None = None


def plan_trip(
    lot: LotFacts,
    recipient: RecipientFacts,
    leg: Leg,
    *,
    transport: str,
    now: datetime,
    couriers: Iterable[CourierFacts] = (),
) -> Trip:
    """The earliest trip by this transport; for a courier, with the shift that can hand over first.

    A trip is always returned, and the rules judge it: `carried` is False when no shift can do it.
    """
    if transport != COURIER:
        return _earliest(lot, recipient, leg, transport=transport, ready_at=now, cold=False)
    best: Trip | None = None
    for courier in couriers:
        trip = _by_courier(lot, recipient, leg, courier=courier, now=now)
        if trip and (best is None or _order(trip) < _order(best)):
            best = trip
    if best:
        return best
    nobody = _earliest(lot, recipient, leg, transport=COURIER, ready_at=now, cold=True)
    return replace(nobody, carried=False)


def carry_limit_g(lot: LotFacts, courier: CourierFacts) -> tuple[int, bool]:
    """The most of a lot that a vehicle takes, and whether it keeps it at its temperature.

    Food without a compartment of its own goes with the ambient load, if it may be out of its
    temperature at all.
    """
    cold = courier.volume_ml.get(lot.storage_class, 0) > 0
    if not cold and lot.max_out_of_cold_s == 0:
        return 0, False
    room_ml = courier.volume_ml.get(lot.storage_class if cold else "ambient", 0)
    if lot.volume_ml == 0:
        return courier.mass_g, cold
    return min(courier.mass_g, room_ml * lot.left_g // lot.volume_ml), cold


def _by_courier(
    lot: LotFacts, recipient: RecipientFacts, leg: Leg, *, courier: CourierFacts, now: datetime
) -> Trip | None:
    if courier.road_group != lot.road_group:
        return None
    carry_g, cold = carry_limit_g(lot, courier)
    if carry_g < lot.smallest_g:
        return None
    approach = timedelta(seconds=approach_s(courier, lot.point))
    ready_at = max(now, courier.window.from_at) + approach
    trip = _earliest(lot, recipient, leg, transport=COURIER, ready_at=ready_at, cold=cold)
    ends_at = trip.hands_over_at or trip.reaches_at
    unload = timedelta(seconds=recipient.handling_s)
    if trip.departs_at >= lot.pickup_until_at or ends_at + unload > courier.window.until_at:
        return None
    return replace(trip, carry_g=carry_g)


def approach_s(courier: CourierFacts, point: Point) -> int:
    """Seconds from where the shift starts to the lot; what the courier does before is not known."""
    if courier.start is None:
        return 0
    return round(_straight_m(courier.start, point) / courier.metres_per_s)


@lru_cache(maxsize=100_000)
def _straight_m(start: Point, end: Point) -> float:
    """The same pairs are asked about for every programme that could take a lot."""
    return distance_m(start, end)


def _order(trip: Trip) -> tuple[datetime, int, int]:
    """Earlier first; then the one that keeps its temperature, then the one that carries more."""
    return trip.hands_over_at or trip.reaches_at, trip.out_of_cold_s, -(trip.carry_g or 0)


def _earliest(
    lot: LotFacts,
    recipient: RecipientFacts,
    leg: Leg,
    *,
    transport: str,
    ready_at: datetime,
    cold: bool,
) -> Trip:
    """Leave as soon as the lot is ready, or later rather than wait before a closed door."""
    way = timedelta(seconds=leg.travel_s)
    departs_at = max(ready_at, lot.pickup_from_at) + timedelta(seconds=lot.handling_s)
    reaches_at = departs_at + way
    hands_over_at = first_within(recipient.open_hours, reaches_at)
    if hands_over_at and hands_over_at > reaches_at:
        latest = max(departs_at, lot.pickup_until_at - _LAST_MOMENT)
        departs_at = min(hands_over_at - way, latest)
    on_board = (hands_over_at or reaches_at) - departs_at
    return Trip(
        transport=transport,
        leg=leg,
        departs_at=departs_at,
        reaches_at=reaches_at,
        hands_over_at=hands_over_at,
        out_of_cold_s=0 if cold else int(on_board.total_seconds()),
    )
