"""Agreements between counties, the record of what was sent, and who could take a lot there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Least

from backend.claims.domain.eligibility import STANDING_RULES
from backend.claims.domain.facts import LotFacts, RecipientFacts
from backend.claims.domain.reasons import Reason
from backend.claims.models import ClaimLine
from backend.claims.selectors.board import HORIZON
from backend.claims.selectors.facts import lot_facts, recipient_facts, with_hours
from backend.common.actor import Actor
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Lot
from backend.needs.selectors import room_left
from backend.organizations.models import Programme
from backend.organizations.selectors import counties_of
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from matching.domain.transfers import Carriage, Terms, week_of
from matching.models import (
    AgreementStatus,
    Offer,
    OfferStatus,
    Transfer,
    TransferAgreement,
    TransferUse,
)
from matching.selectors.positions import positions_g
from matching.selectors.receivers import receivers

MOST_TAKERS: Final = 60
#: No road, no room of today: the leg and the day of arrival decide about these.
_LATER = frozenset({Reason.OTHER_ROAD_GROUP, Reason.OVER_CAPACITY})


@dataclass(frozen=True, slots=True)
class Taker:
    """A programme of a county that agreed, with what it got for each person, in grams.

    `most_g`: what of the lot the quota still lets go there, in whole steps.
    """

    programme: Programme
    agreement: TransferAgreement
    got_g_per_person: float
    most_g: int


@dataclass(frozen=True, slots=True)
class Sendable:
    """A lot, and the counties where an agreement lets it go and a programme could take it."""

    lot: Lot
    counties: tuple[str, ...]


def agreements_of(viewer: Actor) -> QuerySet[TransferAgreement]:
    """Agreements from or to the viewer's counties."""
    agreements = TransferAgreement.objects.all()
    if viewer.is_system:
        return agreements
    own = list(counties_of(viewer))
    return agreements.filter(Q(from_county__in=own) | Q(to_county__in=own))


def transfers_of(viewer: Actor) -> QuerySet[Transfer]:
    """The record of what was sent from or to the viewer's counties."""
    transfers = Transfer.objects.select_related(
        "agreement", "offer__listing__organization", "offer__location__organization"
    )
    if viewer.is_system:
        return transfers
    return transfers.filter(agreement__in=agreements_of(viewer).order_by().values("pk"))


def lots_to_send(viewer: Actor, *, now: datetime) -> QuerySet[Lot]:
    """What is left of open listings in the viewer's counties."""
    lots = Lot.objects.filter(
        listing__status=ListingStatus.OPEN,
        listing__pickup_until_at__gt=now,
        safe_until_at__gt=now,
        available_g__gt=0,
    ).select_related("listing__location", "listing__organization")
    if not viewer.is_system:
        lots = lots.filter(listing__county_code__in=list(counties_of(viewer)))
    return lots.prefetch_related("listing__chosen_recipients").order_by("safe_until_at", "pk")


def lots_that_may_go(viewer: Actor, *, now: datetime) -> list[Sendable]:
    """Of `lots_to_send` what a carrier may fetch and an agreement covers with a share left of this
    week's quota, where a programme of the other county could take it; what ends first first.

    The number of queries does not depend on how much there is.
    """
    agreements = list(_in_force(agreements_of(viewer), now))
    if not agreements:
        return []
    left_g = _left_g(agreements, now)
    there = _recipients_in({each.to_county for each in agreements}, now)
    ends_at = Least("safe_until_at", "listing__pickup_until_at")
    lots = lots_to_send(viewer, now=now).filter(listing__allows_courier=True)
    found = []
    for lot in lots.order_by(ends_at, "pk"):
        facts = lot_facts(lot, lot.listing, left_g=lot.available_g, now=now)
        counties = tuple(
            each.to_county
            for each in agreements
            if _lets_go(each, lot, facts, left_g)
            and any(_stands(facts, one, now) for one in there[each.to_county])
        )
        if counties:
            found.append(Sendable(lot, counties))
    return found


def quotas_left_g(agreements: Collection[TransferAgreement], *, week: date) -> dict[UUID, int]:
    """What may still be sent under each in the week that begins on this Monday."""
    uses = TransferUse.objects.filter(agreement__in=agreements, week=week)
    used_g = dict(uses.values_list("agreement_id", "used_g"))
    return {each.pk: each.quota_g - used_g.get(each.pk, 0) for each in agreements}


def takers_elsewhere(lot: Lot, *, now: datetime) -> list[Taker]:
    """Programmes of counties that agreed to take such food from the lot's and have a share left of
    this week's quota, those that got least first. The lot comes with its listing, place and chosen
    recipients.
    """
    facts = lot_facts(lot, lot.listing, left_g=lot.available_g, now=now)
    agreements = _agreements_for(lot, facts, now)
    programmes = _programmes_in(agreements.keys())
    recipients = _recipients(programmes, now=now, on=local_date(now, pack().zone))
    able = [
        programme
        for programme, recipient in zip(programmes, recipients, strict=True)
        if _stands(facts, recipient, now)
    ]
    positions = positions_g(able, now=now)
    takers = []
    for each in able:
        agreement, left_g = agreements[each.location.county_code]
        got_g = positions[each.pk] / each.people_per_week
        takers.append(Taker(each, agreement, got_g, most_g=facts.largest_g(left_g)))
    return sorted(takers, key=lambda each: each.got_g_per_person)[:MOST_TAKERS]


def recipient_on(programme: Programme, *, now: datetime, on: date) -> RecipientFacts:
    """What the rules know of a programme, with the room of its place on the day."""
    [facts] = _recipients([programme], now=now, on=on)
    return facts


def terms_of(agreement: TransferAgreement) -> Terms:
    """An agreement as its rules look at it."""
    return Terms(
        from_county=agreement.from_county,
        to_county=agreement.to_county,
        groups=frozenset(agreement.category_groups),
        until_date=agreement.until_date,
        is_active=agreement.status == AgreementStatus.ACTIVE,
    )


def counted_now_g(offer: Offer) -> int:
    """What of a transfer's offer still stands: held, or claimed and not given back."""
    if offer.status == OfferStatus.OFFERED:
        return int(offer.proposals.aggregate(total=Sum("held_g", default=0))["total"])
    lines = ClaimLine.objects.filter(claim__offer_id=offer.pk)
    return int(lines.aggregate(total=Sum(F("mass_g") - F("released_g"), default=0))["total"])


def carriage_of(offer_id: UUID) -> Carriage | None:
    """The leg that was arranged for an offer; None for one that needs none."""
    transfer = Transfer.objects.filter(offer=offer_id).first()
    if transfer is None:
        return None
    return Carriage(transfer.departs_at, transfer.arrives_at, transfer.keeps_cold)


def _programmes_in(counties: Collection[str]) -> list[Programme]:
    return list(with_hours(receivers(location__county_code__in=list(counties))))


def _recipients_in(counties: Collection[str], now: datetime) -> dict[str, list[RecipientFacts]]:
    """By county what the rules know of its programmes today."""
    there: dict[str, list[RecipientFacts]] = {county: [] for county in counties}
    programmes = _programmes_in(counties)
    recipients = _recipients(programmes, now=now, on=local_date(now, pack().zone))
    for programme, recipient in zip(programmes, recipients, strict=True):
        there[programme.location.county_code].append(recipient)
    return there


def _recipients(
    programmes: Sequence[Programme], *, now: datetime, on: date
) -> list[RecipientFacts]:
    room_g = room_left({each.location_id for each in programmes}, on=on)
    return [
        recipient_facts(
            each, room_g=dict(room_g[each.location_id]), now=now, until_at=now + HORIZON
        )
        for each in programmes
    ]


def _stands(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> bool:
    reasons = (rule.check(lot, recipient, now) for rule in STANDING_RULES)
    return all(reason is None or reason in _LATER for reason in reasons)


def _agreements_for(
    lot: Lot, facts: LotFacts, now: datetime
) -> dict[str, tuple[TransferAgreement, int]]:
    """By the county that takes it, with the grams of its quota that are left."""
    agreements = TransferAgreement.objects.filter(from_county=lot.listing.county_code)
    in_force = list(_in_force(agreements, now))
    left_g = _left_g(in_force, now)
    return {
        each.to_county: (each, left_g[each.pk])
        for each in in_force
        if _lets_go(each, lot, facts, left_g)
    }


def _left_g(agreements: Collection[TransferAgreement], now: datetime) -> dict[UUID, int]:
    """What may still be sent under each this week."""
    return quotas_left_g(agreements, week=week_of(local_date(now, pack().zone)))


def _lets_go(
    agreement: TransferAgreement, lot: Lot, facts: LotFacts, left_g: Mapping[UUID, int]
) -> bool:
    """Whether an agreement covers a share of the lot, with quota left for it."""
    groups = agreement.category_groups
    is_meant = not groups or pack().categories[lot.category].group in groups
    is_from_here = agreement.from_county == lot.listing.county_code
    return is_meant and is_from_here and facts.smallest_g <= left_g[agreement.pk]


def _in_force(
    agreements: QuerySet[TransferAgreement], now: datetime
) -> QuerySet[TransferAgreement]:
    today = local_date(now, pack().zone)
    active = agreements.filter(status=AgreementStatus.ACTIVE)
    return active.filter(Q(until_date__isnull=True) | Q(until_date__gte=today))
