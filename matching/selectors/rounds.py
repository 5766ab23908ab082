"""Rounds of matching as coordinators see them, and why food stayed without a taker."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from backend.common.actor import Actor
from backend.common.choices import StorageClass
from backend.listings.models import Lot
from backend.organizations.models import Location, Programme
from backend.organizations.selectors import counties_of, visible_programmes
from backend.regions.packs import pack
from matching.domain.codec import from_json
from matching.domain.sentences import SHORT_SENTENCES
from matching.domain.shortages import Short, Shortage
from matching.domain.what_if import Changes, Measured, Shift
from matching.models import Offer, Round
from matching.selectors.explanations import in_words
from matching.selectors.offers import visible_offers


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What nobody was offered of a lot, and why: a code, and its sentence for the reader; `short`
    where only a driver is missing.
    """

    lot: Lot
    mass_g: int
    reason: str
    sentence: str
    short: Shortage | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeShift:
    """A programme that the viewer sees, and the grams it would get before and after."""

    programme: Programme
    before_g: int
    after_g: int

    @property
    def more_g(self) -> int:
        return self.after_g - self.before_g


@dataclass(frozen=True, slots=True)
class TrialDetail:
    """A trial beside what is: the figures of both plans, and who would get more or less.

    `others_g` is what programmes that the viewer does not see would get more, in sum.
    """

    changes: Changes
    before: Measured
    after: Measured
    shifts: tuple[ProgrammeShift, ...]
    others_g: int


@dataclass(frozen=True, slots=True)
class RoundDetail:
    """A round with its offers and what was left, as far as they touch the viewer's counties."""

    round: Round
    offers: tuple[Offer, ...]
    left_over: tuple[LeftOver, ...]
    trial: TrialDetail | None = None

    @property
    def gap(self) -> float | None:
        return gap_of(self.round)


def gap_of(round_: Round) -> float | None:
    """How far the plan may be from the best, as a share of the bound; None without a plan."""
    if round_.bound_mg is None or round_.objective_mg is None:
        return None
    return max(0.0, 1 - round_.objective_mg / round_.bound_mg) if round_.bound_mg > 0 else 0.0


def areas_of(viewer: Actor) -> frozenset[str]:
    """The road groups that lie, in part at least, in the viewer's counties."""
    return road_groups(counties_of(viewer))


def road_groups(county_codes: Iterable[str]) -> frozenset[str]:
    """The road groups of these counties' townships."""
    wanted = frozenset(county_codes)
    townships = pack().townships.values()
    return frozenset(each.road_group for each in townships if each.county_code in wanted)


def counties_touched(area: str) -> frozenset[str]:
    """The counties of which the road group holds a part."""
    townships = pack().townships.values()
    return frozenset(each.county_code for each in townships if each.road_group == area)


def rounds_of(viewer: Actor) -> QuerySet[Round]:
    """Rounds over the viewer's areas, the latest first, without their inputs."""
    rounds = Round.objects.defer("inputs").order_by("-started_at", "-id")
    return rounds if viewer.is_system else rounds.filter(area__in=areas_of(viewer))


def round_detail(viewer: Actor, round_id: UUID) -> RoundDetail | None:
    """One round in words; None when there is none that the viewer may see."""
    found = rounds_of(viewer).filter(pk=round_id).first()
    if found is None:
        return None
    offers = visible_offers(viewer).filter(round=found).order_by("made_at", "pk")
    left_over = tuple(_left_over(viewer, found))
    return RoundDetail(found, tuple(offers), left_over, _trial(viewer, found))


def as_left_over(lot: Lot, facts: Mapping[str, Any]) -> LeftOver:
    """What a round stored of a lot that stayed, in words. The lot comes with its listing."""
    short = from_json(Shortage, facts["short"], "short") if "short" in facts else None
    sentence = _short_of(lot, short) if short else in_words(facts["reason"])
    return LeftOver(lot, facts["mass_g"], facts["reason"], sentence, short)


def _short_of(lot: Lot, short: Shortage) -> str:
    """What is short, where the food is and while it can be fetched."""
    region = pack()
    from_at, until_at = (at.astimezone(region.zone) for at in (short.from_at, short.until_at))
    is_one_day = from_at.date() == until_at.date()
    return gettext(SHORT_SENTENCES[Short(short.of)]) % {
        "county": region.counties[lot.listing.county_code].names.in_language(get_language() or ""),
        "from": _day_and_time(from_at),
        "until": date_format(until_at, "H:i") if is_one_day else _day_and_time(until_at),
        "minutes": -(-short.needs_s // 60),
        "storage": StorageClass(lot.storage_class).label,
    }


def _day_and_time(at: datetime) -> str:
    day = date_format(at, pgettext("date format: day and month", "j M"))
    return gettext("%(day)s %(time)s") % {"day": day, "time": date_format(at, "H:i")}


def receiving_places(viewer: Actor) -> QuerySet[Location]:
    """Places in the viewer's counties that can receive: those that a trial may change."""
    places = Location.objects.in_use().filter(
        programmes__closed_at__isnull=True, capacities__limit_g__gt=0
    )
    if not viewer.is_system:
        places = places.filter(county_code__in=counties_of(viewer))
    return places.select_related("organization").distinct().order_by("name", "pk")


def _trial(viewer: Actor, round_: Round) -> TrialDetail | None:
    """How a trial compares, once it is solved."""
    stored = round_.comparison
    if not stored:
        return None
    shifts = [from_json(Shift, each, "shifts") for each in stored["shifts"]]
    ids = [UUID(each.programme_id) for each in shifts]
    seen = Programme.objects.select_related("location__organization").in_bulk(ids)
    if not viewer.is_system:
        known = set(visible_programmes(viewer).filter(pk__in=ids).values_list("pk", flat=True))
        seen = {pk: programme for pk, programme in seen.items() if pk in known}
    return TrialDetail(
        changes=from_json(Changes, round_.changes["changes"], "changes"),
        before=from_json(Measured, stored["before"], "before"),
        after=from_json(Measured, stored["after"], "after"),
        shifts=tuple(
            ProgrammeShift(seen[pk], each.before_g, each.after_g)
            for pk, each in zip(ids, shifts, strict=True)
            if pk in seen
        ),
        others_g=sum(
            each.after_g - each.before_g
            for pk, each in zip(ids, shifts, strict=True)
            if pk not in seen
        ),
    )


def _left_over(viewer: Actor, round_: Round) -> list[LeftOver]:
    """Lots of the viewer's counties that stayed, heaviest first."""
    lots = Lot.objects.filter(pk__in=round_.unassigned).select_related("listing__organization")
    if not viewer.is_system:
        lots = lots.filter(listing__county_code__in=counties_of(viewer))
    left = [as_left_over(lot, round_.unassigned[str(lot.pk)]) for lot in lots.order_by("pk")]
    return sorted(left, key=lambda each: -each.mass_g)
