"""The open board: what is on offer, how far, and what a programme could take of it or why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.claims.domain.eligibility import may_receive, reservable_g
from backend.claims.domain.facts import RecipientFacts
from backend.claims.domain.hold import held_back
from backend.claims.domain.reasons import Reason
from backend.claims.selectors.facts import (
    anybody,
    leg_between,
    lot_facts,
    recipient_facts,
    with_hours,
)
from backend.claims.selectors.holds import holds_on
from backend.common.actor import Actor
from backend.geo.domain.points import Point, distance_m
from backend.listings.models import Listing, Lot
from backend.listings.selectors import area_point, offered_listings, public_listings, within
from backend.needs.selectors import room_by_date
from backend.organizations.models import Organization, Programme
from backend.organizations.selectors import organizations_of
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack

#: A page looks at no more rows than this, whatever it filters out of them.
MOST_SCANNED = 500
LARGEST_PAGE = 100
#: Hours of the recipient are looked up this far ahead; no listing's window ends later.
HORIZON = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class BoardLot:
    """One lot with what is left; `takeable_g` and `reason` only when a programme was named.

    `held_until_at` when the lot waits for those who got least: for the programme, or for others if
    `reason` says so.
    """

    lot: Lot
    left_g: int
    takeable_g: int | None = None
    transport: str | None = None
    reason: Reason | None = None
    held_until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BoardEntry:
    """One listing as the board shows it. The distance is a straight line, in metres."""

    listing: Listing
    distance_m: float | None
    lots: tuple[BoardLot, ...]

    @property
    def takeable_g(self) -> int:
        return sum(lot.takeable_g or 0 for lot in self.lots)

    @property
    def reason(self) -> Reason | None:
        """Why nothing can be taken, by the first lot's reason; None when something can."""
        if self.takeable_g:
            return None
        return next((lot.reason for lot in self.lots if lot.reason), None)

    @property
    def held_until_at(self) -> datetime | None:
        """Until when a lot of it waits for those who got least, whoever they are."""
        return max((lot.held_until_at for lot in self.lots if lot.held_until_at), default=None)


class Place(NamedTuple):
    """Where the board goes on: the deadline and id of the last listing that was looked at."""

    pickup_until_at: datetime
    listing_id: UUID


@dataclass(frozen=True, slots=True)
class BoardPage:
    entries: tuple[BoardEntry, ...]
    following: Place | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: within `radius_m` of the point, of these kinds, or only what can be taken."""

    point: Point | None = None
    radius_m: float | None = None
    category: str | None = None
    storage_class: str | None = None
    takeable_only: bool = False


def open_board(
    viewer: Actor | None,
    *,
    now: datetime,
    programme: Programme | None = None,
    without: Organization | None = None,
    point: Point | None = None,
    radius_m: float | None = None,
    category: str | None = None,
    storage_class: str | None = None,
    takeable_only: bool = False,
    after: Place | None = None,
    limit: int = 50,
) -> BoardPage:
    """Open listings that the viewer is meant by, the most urgent first; for None, a stranger, those
    that are for any charity, with distances to the middle of their area.

    For a programme of the viewer's (others are ignored) each lot says how much of it could be taken
    or why not, by the same rules as a claim. Without a point the programme's place is the centre.
    The number of queries does not depend on the number of listings. Raises ValueError for a radius
    that no ring of cells covers. `without` leaves out what that organization offers itself.
    """
    taker = _own(viewer, programme)
    centre = point or (taker.location.point if taker else None)
    wanted = Wanted(centre, radius_m, category, storage_class, takeable_only and taker is not None)
    offered = _rows(viewer, wanted, after, now=now)
    if without is not None:
        offered = offered.exclude(organization=without)
    rows = list(offered[: MOST_SCANNED + 1])
    judge = _Judge(taker, rows, now=now) if taker else None
    entries: list[BoardEntry] = []
    last: Listing | None = None
    for listing in rows[:MOST_SCANNED]:
        if len(entries) >= min(limit, LARGEST_PAGE):
            return BoardPage(tuple(entries), _place(last))
        last = listing
        entry = _entry(listing, wanted, judge, coarse=viewer is None)
        if entry is not None:
            entries.append(entry)
    return BoardPage(tuple(entries), _place(last) if len(rows) > MOST_SCANNED else None)


def _rows(
    viewer: Actor | None, wanted: Wanted, after: Place | None, *, now: datetime
) -> QuerySet[Listing]:
    listings = offered_listings(viewer, now=now) if viewer else public_listings(now=now)
    lots = Lot.objects.filter(listing=OuterRef("pk"), available_g__gt=0, safe_until_at__gt=now)
    if wanted.category:
        lots = lots.filter(category__in=_categories(wanted.category))
    if wanted.storage_class:
        lots = lots.filter(storage_class=wanted.storage_class)
    listings = listings.filter(Exists(lots))
    if wanted.point and wanted.radius_m is not None:
        listings = within(listings, wanted.point, wanted.radius_m)
    if after is not None:
        later = Q(pickup_until_at__gt=after.pickup_until_at)
        same = Q(pickup_until_at=after.pickup_until_at, pk__gt=after.listing_id)
        listings = listings.filter(later | same)
    return listings.order_by("pickup_until_at", "pk")


def _categories(word: str) -> list[str]:
    """A category, or all of a group of that name."""
    known = pack().categories
    return [word] if word in known else [code for code in known if known[code].group == word]


def _entry(
    listing: Listing, wanted: Wanted, judge: "_Judge | None", *, coarse: bool
) -> BoardEntry | None:
    there = area_point(listing, coarse=True) if coarse else listing.point
    away_m = distance_m(wanted.point, there) if wanted.point else None
    if away_m is not None and wanted.radius_m is not None and away_m > wanted.radius_m:
        return None
    lots = [lot for lot in listing.lots.all() if _is_wanted(lot, wanted)]
    if judge is None:
        return BoardEntry(listing, away_m, tuple(BoardLot(lot, lot.available_g) for lot in lots))
    entry = BoardEntry(listing, away_m, tuple(judge.each(listing, lots)))
    return None if wanted.takeable_only and not entry.takeable_g else entry


def _is_wanted(lot: Lot, wanted: Wanted) -> bool:
    right_kind = not wanted.category or lot.category in _categories(wanted.category)
    right_storage = not wanted.storage_class or lot.storage_class == wanted.storage_class
    return lot.available_g > 0 and right_kind and right_storage


def _own(viewer: Actor | None, programme: Programme | None) -> Programme | None:
    if programme is None or viewer is None:
        return None
    mine = with_hours(Programme.objects.filter(pk=programme.pk, closed_at__isnull=True))
    if not viewer.is_system:
        mine = mine.filter(location__organization__in=organizations_of(viewer).values("pk"))
    return mine.first()


def _place(listing: Listing | None) -> Place | None:
    return Place(listing.pickup_until_at, listing.pk) if listing else None


class _Judge:
    """Asks the rules for one programme, with its hours and its room read once."""

    def __init__(self, programme: Programme, rows: Sequence[Listing], *, now: datetime) -> None:
        self._now = now
        self._zone = pack().zone
        location = programme.location
        days = {self._day(listing) for listing in rows}
        self._room: Mapping[tuple[UUID, date], Mapping[str, int]] = room_by_date(
            [location.pk], dates=days
        )
        self._location_id = location.pk
        self._facts = recipient_facts(programme, room_g={}, now=now, until_at=now + HORIZON)
        self._by_day: dict[date, RecipientFacts] = {}
        lot_ids = [lot.pk for listing in rows for lot in listing.lots.all()]
        self._holds = holds_on(lot_ids, now=now)

    def each(self, listing: Listing, lots: Sequence[Lot]) -> Iterator[BoardLot]:
        recipient = self._on(self._day(listing))
        leg = leg_between(listing.point, recipient.point)
        couriers = anybody(listing.road_group, now=self._now, until_at=self._now + HORIZON)
        for lot in lots:
            facts = lot_facts(lot, listing, left_g=lot.available_g, now=self._now)
            answer = may_receive(facts, recipient, leg, now=self._now, couriers=couriers)
            if isinstance(answer, Reason):
                yield BoardLot(lot, lot.available_g, 0, None, answer)
            else:
                fits_g = reservable_g(facts, recipient)
                yield self._unless_held(BoardLot(lot, lot.available_g, fits_g, answer.transport))

    def _unless_held(self, lot: BoardLot) -> BoardLot:
        """What could be taken, unless it waits for others who got less."""
        hold = self._holds.get(lot.lot.pk)
        if hold is None:
            return lot
        reason = held_back(hold, self._facts.programme_id, now=self._now)
        held = replace(lot, held_until_at=hold.until_at)
        return replace(held, takeable_g=0, transport=None, reason=reason) if reason else held

    def _day(self, listing: Listing) -> date:
        """The day whose room counts: the first on which it could come."""
        return local_date(max(self._now, listing.pickup_from_at), self._zone)

    def _on(self, day: date) -> RecipientFacts:
        if day not in self._by_day:
            room_g = self._room[self._location_id, day]
            self._by_day[day] = replace(self._facts, capacity_g=dict(room_g))
        return self._by_day[day]
