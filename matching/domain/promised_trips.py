"""Trips that are promised and on no route yet: the hours that they take are no longer free."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.claims.domain.eligibility import trip_failure
from backend.claims.domain.facts import COURIER, CourierFacts, LotFacts, RecipientFacts
from backend.claims.domain.trips import Leg, Trip, approach_s, plan_trip
from backend.organizations.domain.hours import Interval


@dataclass(frozen=True, slots=True)
class PromisedTrip:
    """What of one listing is promised to one programme.

    `left_g` of each lot is what is promised of it, and `step_g` too, as it goes as a whole. Raises
    ValueError without lots.
    """

    id: str
    lots: tuple[LotFacts, ...]
    recipient: RecipientFacts
    leg: Leg

    def __post_init__(self) -> None:
        if not self.lots:
            raise ValueError("lots: there is nothing to bring")

    @property
    def loading_s(self) -> int:
        return sum(lot.handling_s for lot in self.lots)


@dataclass(frozen=True, slots=True)
class _Place:
    """Hours of a courier in which a trip is driven, with the way to the food."""

    courier: CourierFacts
    busy: Interval


def hours_left(
    couriers: Iterable[CourierFacts], promised: Iterable[PromisedTrip], *, now: datetime
) -> list[CourierFacts]:
    """The couriers with what is left of their hours when each trip is driven as soon as can be.

    What must be fetched first is placed first, with whoever hands it over first. A courier becomes
    the hours before a trip and those after it, which begin where the trip ends. A trip that fits
    nobody takes nothing: routes are also offered to drivers without a shift.
    """
    free = list(couriers)
    for trip in sorted(promised, key=_must_begin):
        places = [place for courier in free if (place := _place(trip, courier, now))]
        if places:
            chosen = min(places, key=lambda place: place.busy.until_at)
            at = free.index(chosen.courier)
            free[at : at + 1] = _around(chosen, trip)
    return free


def _must_begin(trip: PromisedTrip) -> tuple[datetime, str]:
    return min(lot.pickup_until_at for lot in trip.lots), trip.id


def _place(trip: PromisedTrip, courier: CourierFacts, now: datetime) -> _Place | None:
    """The first hours of the courier in which the rules let all of it be brought; None if none."""
    planned = [_plan(lot, trip, courier, now) for lot in trip.lots]
    if not all(_is_kept(lot, trip, each) for lot, each in zip(trip.lots, planned, strict=True)):
        return None
    first = planned[0]
    before_s = trip.loading_s + approach_s(courier, trip.lots[0].point)
    begins_at = first.departs_at - timedelta(seconds=before_s)
    handed_over_at = first.hands_over_at or first.reaches_at
    done_at = handed_over_at + timedelta(seconds=trip.recipient.handling_s)
    return _Place(courier, Interval(begins_at, done_at))


def _plan(lot: LotFacts, trip: PromisedTrip, courier: CourierFacts, now: datetime) -> Trip:
    """The trip as if this lot were alone in the vehicle, after all lots were loaded."""
    whole = replace(lot, handling_s=trip.loading_s)
    return plan_trip(
        whole, trip.recipient, trip.leg, transport=COURIER, now=now, couriers=(courier,)
    )


def _is_kept(lot: LotFacts, trip: PromisedTrip, planned: Trip) -> bool:
    return trip_failure(lot, trip.recipient, planned) is None


def _around(place: _Place, trip: PromisedTrip) -> Iterator[CourierFacts]:
    """The courier before and after a trip; the names do not change as time goes on."""
    courier, busy = place.courier, place.busy
    from_at, until_at = courier.window
    if from_at < busy.from_at:
        name = f"{courier.shift_id} before {trip.id}"
        yield replace(courier, shift_id=name, window=Interval(from_at, busy.from_at))
    if busy.until_at < until_at:
        yield replace(
            courier,
            shift_id=f"{courier.shift_id} after {trip.id}",
            window=Interval(busy.until_at, until_at),
            start=trip.recipient.point,
        )
