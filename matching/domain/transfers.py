"""Food for another county: what was agreed, and the leg that a coordinator arranged."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from backend.claims.domain.facts import CARRIER, LotFacts, RecipientFacts
from backend.claims.domain.trips import Leg, Trip
from backend.common.translatable import gettext_noop
from backend.geo.domain.points import distance_m
from backend.organizations.domain.hours import first_within


class Not(StrEnum):
    """Why food may not go to the other county this way; the code is part of the API."""

    OTHER_COUNTIES = "other_counties"
    AGREEMENT_OVER = "agreement_over"
    GROUP_NOT_AGREED = "group_not_agreed"
    ARRIVES_BEFORE_LEAVING = "arrives_before_leaving"
    LEAVES_BEFORE_READY = "leaves_before_ready"
    LEAVES_TOO_LATE = "leaves_too_late"


SENTENCES: Final[dict[Not, str]] = {
    Not.OTHER_COUNTIES: gettext_noop("The agreement is between other counties."),
    Not.AGREEMENT_OVER: gettext_noop("The agreement is not in force."),
    Not.GROUP_NOT_AGREED: gettext_noop("The counties agreed on other food."),
    Not.ARRIVES_BEFORE_LEAVING: gettext_noop("It must arrive after it leaves."),
    Not.LEAVES_BEFORE_READY: gettext_noop("It is not ready by then."),
    Not.LEAVES_TOO_LATE: gettext_noop("It can no longer be fetched by then."),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What two counties agreed; empty groups mean any food."""

    from_county: str
    to_county: str
    groups: frozenset[str] = frozenset()
    until_date: date | None = None
    is_active: bool = True

    def __post_init__(self) -> None:
        if self.from_county == self.to_county:
            raise ValueError(f"to_county: {self.to_county} is the same county")


@dataclass(frozen=True, slots=True)
class Carriage:
    """A fixed window on a road, a ferry, a flight or the post: from the donor's door to the
    charity's.
    """

    departs_at: datetime
    arrives_at: datetime
    keeps_cold: bool = False


def terms_failure(
    terms: Terms, *, group: str, from_county: str, to_county: str, on: date
) -> Not | None:
    """Why the agreement does not cover this food on this day, or None."""
    if (terms.from_county, terms.to_county) != (from_county, to_county):
        return Not.OTHER_COUNTIES
    if not terms.is_active or (terms.until_date is not None and on > terms.until_date):
        return Not.AGREEMENT_OVER
    if terms.groups and group not in terms.groups:
        return Not.GROUP_NOT_AGREED
    return None


def carriage_failure(carriage: Carriage, lot: LotFacts, *, now: datetime) -> Not | None:
    """Why the leg cannot be, before any rule about the food and its receiver is asked."""
    if carriage.arrives_at <= carriage.departs_at:
        return Not.ARRIVES_BEFORE_LEAVING
    if carriage.departs_at < max(now, lot.pickup_from_at):
        return Not.LEAVES_BEFORE_READY
    if carriage.departs_at >= lot.pickup_until_at:
        return Not.LEAVES_TOO_LATE
    return None


def carried_trip(carriage: Carriage, lot: LotFacts, recipient: RecipientFacts) -> Trip:
    """The leg as the rules of eligibility judge it; it is handed over once the door is open."""
    on_board = carriage.arrives_at - carriage.departs_at
    return Trip(
        transport=CARRIER,
        leg=Leg(
            distance_m=round(distance_m(lot.point, recipient.point)),
            travel_s=int(on_board.total_seconds()),
        ),
        departs_at=carriage.departs_at,
        reaches_at=carriage.arrives_at,
        hands_over_at=first_within(recipient.open_hours, carriage.arrives_at),
        out_of_cold_s=0 if carriage.keeps_cold else int(on_board.total_seconds()),
    )


def week_of(on: date) -> date:
    """The Monday of the week whose quota counts."""
    return on - timedelta(days=on.weekday())
