"""Offers as their recipients and coordinators see them, and how a programme stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Sum, When

from backend.claims.selectors.facts import leg_between
from backend.common.actor import Actor
from backend.listings.models import Lot
from backend.organizations.models import Programme
from backend.organizations.selectors import counties_of, organizations_of
from matching.domain.fairness import decayed_g
from matching.models import FairnessEntry, Offer, OfferStatus, Proposal
from matching.selectors.fairness import received_by_day
from matching.selectors.reliability import Reliability, reliability_of

#: With fewer programmes in a county the average would tell what a single one got.
FEWEST_COMPARED = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Grams a person served, as the past still weighs: one's own, and the county's average; and how
    what was accepted is kept.

    The county's figures are None where too few programmes share them.
    """

    own_g: float
    county_g: float | None
    reliability: Reliability

    @property
    def county_reliability(self) -> float | None:
        return None if self.county_g is None else self.reliability.mean


def visible_offers(viewer: Actor) -> QuerySet[Offer]:
    """Offers to the viewer's organizations and to those in the counties it watches over."""
    offers = _whole()
    if viewer.is_system:
        return offers
    return offers.filter(
        Q(location__organization__in=organizations_of(viewer).values("pk"))
        | Q(location__county_code__in=list(counties_of(viewer)))
    )


def offers_received(viewer: Actor) -> QuerySet[Offer]:
    """Offers to the viewer's own charities."""
    return _whole().filter(location__organization__in=organizations_of(viewer).values("pk"))


def offers_of(viewer: Actor) -> QuerySet[Offer]:
    """Offers to the viewer's own charities: open ones first, the most urgent on top, then those
    that are over, the latest on top.
    """
    open_until_at = Case(When(status=OfferStatus.OFFERED, then=F("answer_by_at")))
    return offers_received(viewer).order_by(
        open_until_at.asc(nulls_last=True), F("answer_by_at").desc(), "pk"
    )


@dataclass(frozen=True, slots=True)
class OfferedLot:
    """One lot's part of an offer; `mass_g` is what was offered, `held_g` what still is."""

    lot: Lot
    mass_g: int
    held_g: int


@dataclass(frozen=True, slots=True)
class OfferCard:
    """What a ticket shows of an offer. `left` is the time to answer, zero when it is over;
    `distance_m` is the way by road from the donor's place, guessed along the straight line.
    """

    offer: Offer
    lots: tuple[OfferedLot, ...]
    left: timedelta
    distance_m: int

    @property
    def is_open(self) -> bool:
        return self.left > timedelta(0)

    @property
    def mass_g(self) -> int:
        return sum(each.mass_g for each in self.lots)

    @property
    def transport(self) -> str:
        return self.offer.transport


def card(offer: Offer, *, now: datetime) -> OfferCard:
    """The offer, from one of the querysets of this module, with its figures."""
    proposals = offer.proposals.all()
    waits = offer.status == OfferStatus.OFFERED
    return OfferCard(
        offer=offer,
        lots=tuple(OfferedLot(each.lot, each.mass_g, each.held_g) for each in proposals),
        left=max(timedelta(0), offer.answer_by_at - now) if waits else timedelta(0),
        distance_m=leg_between(offer.listing.point, offer.location.point).distance_m,
    )


def unanswered(offers: QuerySet[Offer], *, now: datetime) -> QuerySet[Offer]:
    """Those that can still be answered, the most urgent first."""
    waiting = offers.filter(status=OfferStatus.OFFERED, answer_by_at__gt=now)
    return waiting.order_by("answer_by_at", "pk")


def in_waiting(offers: QuerySet[Offer], *, now: datetime) -> QuerySet[Offer]:
    """Those that are made as soon as somebody else does not take the food."""
    waiting = offers.filter(status=OfferStatus.SUGGESTED, listing__pickup_until_at__gt=now)
    return waiting.order_by("listing__pickup_until_at", "pk")


def standing_of(viewer: Actor, programme: Programme, *, now: datetime) -> Standing | None:
    """How a programme of the viewer's stands against its county; None for anybody else's."""
    reliability = reliability_of(viewer, programme, now=now)
    if reliability is None:
        return None
    county_code = programme.location.county_code
    weighed = _weighed(county_code, now=now)
    own_g = weighed.get(programme.pk, 0.0) / programme.people_per_week
    county = Programme.objects.filter(
        location__county_code=county_code, closed_at__isnull=True, location__closed_at__isnull=True
    ).aggregate(people=Sum("people_per_week", default=0), count=Count("pk"))
    if county["count"] < FEWEST_COMPARED or not county["people"]:
        return Standing(own_g, None, reliability)
    return Standing(own_g, sum(weighed.values()) / county["people"], reliability)


def _weighed(county_code: str, *, now: datetime) -> Mapping[UUID, float]:
    """What each programme of the county got, as it still weighs."""
    entries = FairnessEntry.objects.filter(county_code=county_code)
    return {
        programme_id: sum(decayed_g(mass_g, at=at, now=now) for mass_g, at in days)
        for programme_id, days in received_by_day(entries, now=now).items()
    }


def _whole() -> QuerySet[Offer]:
    """With all that an offer shows, in a constant number of queries."""
    proposals = Proposal.objects.select_related("lot").order_by("rank", "pk")
    return Offer.objects.select_related(
        "listing__organization", "listing__location", "location__organization", "programme"
    ).prefetch_related(Prefetch("proposals", queryset=proposals))
