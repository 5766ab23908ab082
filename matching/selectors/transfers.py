"""Agreements between counties, the record of what was sent, and who could take a lot there."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

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
from matching.domain.transfers import Carriage, Terms
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
    """A programme of a county that agreed, with what it got for each person, in grams."""

    programme: Programme
    agreement: TransferAgreement
    got_g_per_person: float


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


def quota_left_g(agreement: TransferAgreement, *, week: date) -> int:
    """What may still be sent in the week that begins on this Monday."""
    used = TransferUse.objects.filter(agreement=agreement, week=week)
    return agreement.quota_g - (used.values_list("used_g", flat=True).first() or 0)


def takers_elsewhere(lot: Lot, *, now: datetime) -> list[Taker]:
    """Programmes of counties that agreed to take such food from the lot's, those that got least
    first. The lot comes with its listing, place and chosen recipients.
    """
    agreements = _agreements_for(lot, now)
    programmes = list(with_hours(receivers(location__county_code__in=agreements.keys())))
    facts = lot_facts(lot, lot.listing, left_g=lot.available_g, now=now)
    able = [
        each for each in programmes if _stands(facts, recipient_on(each, now=now, on=None), now)
    ]
    positions = positions_g(able, now=now)
    takers = [
        Taker(
            programme=each,
            agreement=agreements[each.location.county_code],
            got_g_per_person=positions[each.pk] / each.people_per_week,
        )
        for each in able
    ]
    return sorted(takers, key=lambda each: each.got_g_per_person)[:MOST_TAKERS]


def recipient_on(programme: Programme, *, now: datetime, on: date | None) -> RecipientFacts:
    """What the rules know of a programme, with the room of its place on the day."""
    day = on or local_date(now, pack().zone)
    room_g = dict(room_left([programme.location_id], on=day)[programme.location_id])
    return recipient_facts(programme, room_g=room_g, now=now, until_at=now + HORIZON)


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


def _stands(lot: LotFacts, recipient: RecipientFacts, now: datetime) -> bool:
    reasons = (rule.check(lot, recipient, now) for rule in STANDING_RULES)
    return all(reason is None or reason in _LATER for reason in reasons)


def _agreements_for(lot: Lot, now: datetime) -> dict[str, TransferAgreement]:
    """By the county that takes it."""
    today, group = local_date(now, pack().zone), pack().categories[lot.category].group
    active = TransferAgreement.objects.filter(
        from_county=lot.listing.county_code, status=AgreementStatus.ACTIVE
    ).filter(Q(until_date__isnull=True) | Q(until_date__gte=today))
    return {
        each.to_county: each
        for each in active
        if not each.category_groups or group in each.category_groups
    }
