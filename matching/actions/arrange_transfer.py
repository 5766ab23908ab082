"""Sends part of a lot to a programme of another county that agreed to take it."""

import re
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.claims.actions.refuse_ineligible import refuse_ineligible
from backend.claims.domain.eligibility import first_failure, mass_failure
from backend.claims.domain.facts import CARRIER
from backend.claims.selectors.facts import lot_facts, with_hours
from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, NotFound
from backend.events import audiences
from backend.events.record import record
from backend.listings.models import Lot
from backend.organizations.models import Programme
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from matching.actions.make_offer import make_offer
from matching.actions.take_quota import take_quota
from matching.actions.tell_agreement import both_counties
from matching.domain.ladder import answer_window
from matching.domain.shares import LotShare, Share
from matching.domain.transfers import (
    SENTENCES,
    Carriage,
    Not,
    carriage_failure,
    carried_trip,
    terms_failure,
    week_of,
)
from matching.models import Transfer, TransferAgreement, TransferMode
from matching.selectors.transfers import recipient_on, terms_of

#: A code, never a name: the record of transfers is kept for ever.
WAYBILL = re.compile(r"[A-Za-z0-9 -]{0,40}")
#: Which field of the command a reason is about.
FIELD = {
    Not.OTHER_COUNTIES: "programme_id",
    Not.AGREEMENT_OVER: "agreement_id",
    Not.GROUP_NOT_AGREED: "lot_id",
    Not.ARRIVES_BEFORE_LEAVING: "arrives_at",
    Not.LEAVES_BEFORE_READY: "departs_at",
    Not.LEAVES_TOO_LATE: "departs_at",
}


@transaction.atomic
def arrange_transfer(
    *,
    agreement_id: UUID,
    lot_id: UUID,
    programme_id: UUID,
    mass_g: int,
    mode: TransferMode,
    waybill: str,
    carriage: Carriage,
    by: Actor,
    now: datetime,
) -> Transfer:
    """Takes the quota, the mass and the room, and asks the programme: it goes when that accepts.

    Raises NotFound, NotAllowed for others than the coordinators of the county that gives, Invalid
    naming the field, QuotaUsed, NothingLeft, CapacityFull, NotEligible with the rule's code.
    """
    agreement = TransferAgreement.objects.filter(pk=agreement_id).first()
    if agreement is None:
        raise NotFound()
    require(by, "matching.send", agreement)
    if not WAYBILL.fullmatch(waybill):
        message = _("A waybill number has letters, figures and dashes only, at most 40.")
        raise Invalid.field("waybill", "not_a_number", message)
    week = week_of(local_date(now, pack().zone))
    take_quota(agreement_id=agreement_id, week=week, mass_g=mass_g)
    lot, programme = _lot(lot_id), _programme(programme_id)
    _refuse_not_agreed(agreement, lot, programme, now=now)
    on = _judge(lot, programme, mass_g, carriage, now=now)
    share = _share(lot, programme, mass_g, carriage, on, now=now)
    offer = make_offer(round_=None, share=share, by=by, now=now)
    transfer = Transfer.objects.create(
        agreement=agreement,
        offer=offer,
        mode=mode,
        waybill=waybill,
        departs_at=carriage.departs_at,
        arrives_at=carriage.arrives_at,
        keeps_cold=carriage.keeps_cold,
        week=week,
        counted_g=mass_g,
        arranged_by_id=by.user_id,
        arranged_at=now,
    )
    _tell(transfer, mass_g, by=by, now=now)
    return transfer


def _lot(lot_id: UUID) -> Lot:
    lots = Lot.objects.select_related("listing__location", "listing__organization")
    lot = lots.prefetch_related("listing__chosen_recipients").filter(pk=lot_id).first()
    if lot is None:
        raise NotFound()
    return lot


def _programme(programme_id: UUID) -> Programme:
    open_ones = Programme.objects.filter(closed_at__isnull=True)
    programme = with_hours(open_ones).filter(pk=programme_id).first()
    if programme is None:
        raise NotFound()
    return programme


def _refuse_not_agreed(
    agreement: TransferAgreement, lot: Lot, programme: Programme, *, now: datetime
) -> None:
    _refuse(
        terms_failure(
            terms_of(agreement),
            group=pack().categories[lot.category].group,
            from_county=lot.listing.county_code,
            to_county=programme.location.county_code,
            on=local_date(now, pack().zone),
        )
    )


def _judge(
    lot: Lot, programme: Programme, mass_g: int, carriage: Carriage, *, now: datetime
) -> date:
    """All rules, by the room of the day on which it arrives; returns that day."""
    facts = lot_facts(lot, lot.listing, left_g=lot.available_g, now=now)
    _refuse(carriage_failure(carriage, facts, now=now))
    arrives_on = local_date(carriage.arrives_at, pack().zone)
    recipient = recipient_on(programme, now=now, on=arrives_on)
    trip = carried_trip(carriage, facts, recipient)
    refuse_ineligible(first_failure(facts, recipient, trip, now))
    refuse_ineligible(mass_failure(facts, recipient, mass_g))
    return local_date(trip.hands_over_at or trip.reaches_at, pack().zone)


def _refuse(reason: Not | None) -> None:
    if reason is not None:
        raise Invalid.field(FIELD[reason], reason.value, _(SENTENCES[reason]))


def _share(
    lot: Lot, programme: Programme, mass_g: int, carriage: Carriage, on: date, *, now: datetime
) -> Share:
    window = answer_window(now=now, latest_start_at=carriage.departs_at)
    part = LotShare(lot_id=lot.pk, mass_g=mass_g, storage_class=lot.storage_class)
    return Share(
        listing_id=lot.listing_id,
        programme_id=programme.pk,
        location_id=programme.location_id,
        transport=CARRIER,
        lots=(part,),
        answer_by_at=now + window,
        receive_date=on,
    )


def _tell(transfer: Transfer, mass_g: int, *, by: Actor, now: datetime) -> None:
    agreement, offer = transfer.agreement, transfer.offer
    record(
        "transfer.arranged",
        subject=transfer,
        by=by,
        now=now,
        audiences=[
            *both_counties(agreement),
            audiences.organization(offer.listing.organization_id),
            audiences.organization(offer.location.organization_id),
        ],
        payload={
            "agreement_id": str(agreement.pk),
            "offer_id": str(offer.pk),
            "mode": str(transfer.mode),
            "mass_g": mass_g,
            "departs_at": transfer.departs_at.isoformat(),
            "arrives_at": transfer.arrives_at.isoformat(),
        },
    )
