"""Rounds of matching as coordinators see them, and why food stayed without a taker."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from backend.common.actor import Actor
from backend.listings.models import Lot
from backend.organizations.selectors import counties_of
from backend.regions.packs import pack
from matching.models import Offer, Round
from matching.selectors.explanations import in_words
from matching.selectors.offers import visible_offers


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What nobody was offered of a lot, and why: a code, and its sentence for the reader."""

    lot: Lot
    mass_g: int
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RoundDetail:
    """A round with its offers and what was left, as far as they touch the viewer's counties."""

    round: Round
    offers: tuple[Offer, ...]
    left_over: tuple[LeftOver, ...]

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
    return RoundDetail(found, tuple(offers), tuple(_left_over(viewer, found)))


def _left_over(viewer: Actor, round_: Round) -> list[LeftOver]:
    """Lots of the viewer's counties that stayed, heaviest first."""
    lots = Lot.objects.filter(pk__in=round_.unassigned).select_related("listing__organization")
    if not viewer.is_system:
        lots = lots.filter(listing__county_code__in=counties_of(viewer))
    left = [
        LeftOver(lot, facts["mass_g"], facts["reason"], in_words(facts["reason"]))
        for lot in lots.order_by("pk")
        for facts in (round_.unassigned[str(lot.pk)],)
    ]
    return sorted(left, key=lambda each: -each.mass_g)
