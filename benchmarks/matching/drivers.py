"""Drivers of a simulated week: who can still come, and what that does to the rest of the shift."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.claims.domain.facts import CourierFacts, LotFacts, RecipientFacts
from backend.claims.domain.trips import carry_limit_g
from backend.geo.domain.points import Point, distance_m
from backend.organizations.domain.hours import Interval, first_within
from matching.domain.problem import Travel
from matching.domain.solution import Assignment

Part = tuple[LotFacts, Assignment]


@dataclass(slots=True)
class _Driver:
    """Where a driver will be free, and when."""

    shift: CourierFacts
    free_at: datetime
    at: Point | None


class Drivers:
    """Trips are taken one after the other, each by the driver who hands over first."""

    def __init__(self, shifts: Sequence[CourierFacts]) -> None:
        self._drivers = [_Driver(each, each.window.from_at, each.start) for each in shifts]

    def shifts(self, now: datetime) -> tuple[CourierFacts, ...]:
        """Today's shifts as they were planned, whatever they are promised for."""
        return tuple(each.shift for each in self._of_today(now))

    def free(self, now: datetime) -> tuple[CourierFacts, ...]:
        """What is left of today's shifts, from where each driver is free."""
        left = []
        for each in self._of_today(now):
            begins_at = max(each.free_at, each.shift.window.from_at)
            if begins_at < each.shift.window.until_at:
                window = Interval(begins_at, each.shift.window.until_at)
                left.append(replace(each.shift, window=window, start=each.at))
        return tuple(left)

    def _of_today(self, now: datetime) -> list[_Driver]:
        soon = now + timedelta(hours=15)
        return [
            each
            for each in self._drivers
            if each.shift.window.until_at > now and each.shift.window.from_at < soon
        ]

    def take(
        self, parts: Sequence[Part], recipient: RecipientFacts, travel: Travel, now: datetime
    ) -> bool:
        """Whether some driver can bring the parts, on one trip, in time; that one then does."""
        best: tuple[datetime, _Driver] | None = None
        for driver in self._of_today(now):
            done_at = _done_at(driver, parts, recipient, now)
            if done_at and (best is None or done_at < best[0]):
                best = done_at, driver
        if best is None:
            return False
        done_at, driver = best
        driver.free_at, driver.at = done_at, recipient.point
        return True


def _done_at(
    driver: _Driver, parts: Sequence[Part], recipient: RecipientFacts, now: datetime
) -> datetime | None:
    """When this driver would be done, or None when a rule forbids it."""
    shift = driver.shift
    lots = [lot for lot, _ in parts]
    first, share = parts[0]
    if shift.road_group != first.road_group:
        return None
    limits = [carry_limit_g(lot, shift) for lot in lots]
    if any(part.mass_g > most for (_, part), (most, _) in zip(parts, limits, strict=True)):
        return None
    approach_s = (
        0.0 if driver.at is None else distance_m(driver.at, first.point) / shift.metres_per_s
    )
    ready_at = max(now, driver.free_at, shift.window.from_at) + timedelta(seconds=round(approach_s))
    handling = timedelta(seconds=sum(lot.handling_s for lot in lots))
    departs_at = max(ready_at, *(lot.pickup_from_at for lot in lots)) + handling
    reaches_at = departs_at + timedelta(seconds=share.travel_s)
    hands_over_at = first_within(recipient.open_hours, reaches_at)
    if hands_over_at is None:
        return None
    departs_at = max(departs_at, hands_over_at - timedelta(seconds=share.travel_s))
    done_at = hands_over_at + timedelta(seconds=recipient.handling_s)
    on_board_s = (hands_over_at - departs_at).total_seconds()
    for lot, (_, cold) in zip(lots, limits, strict=True):
        late = departs_at >= lot.pickup_until_at or hands_over_at >= lot.safe_until_at
        warm = not cold and lot.max_out_of_cold_s is not None and on_board_s > lot.max_out_of_cold_s
        if late or warm:
            return None
    return done_at if done_at <= shift.window.until_at else None
