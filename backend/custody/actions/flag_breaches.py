"""Compares a claim's hand-overs with the rules and opens incidents for what they broke."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.claims.models import Claim, ClaimStatus
from backend.common.actor import Actor
from backend.common.choices import StorageClass
from backend.couriers.models import Vehicle
from backend.custody.domain.breaches import (
    MORE_THAN_HELD,
    NOTHING_TO_HAND_OVER,
    PASSED_ON,
    TIME_ORDER,
    HandOverFacts,
    breaches,
    judged_at,
)
from backend.custody.domain.replay import LinePosition
from backend.custody.models import (
    HandOver,
    HandOverLine,
    Incident,
    IncidentStatus,
    LineOutcome,
)
from backend.events import audiences
from backend.events.record import record
from backend.regions.domain.food_safety import (
    local_date,
    longest_out_of_cold_s,
    temperature_breach,
)
from backend.regions.packs import pack

#: The vehicles of every courier who carried something of the claim.
Vehicles = Mapping[UUID, Sequence[Vehicle]]


@transaction.atomic
def flag_breaches(
    *, claim: Claim, positions: Mapping[UUID, LinePosition], by: Actor, now: datetime
) -> list[Incident]:
    """Stores the codes on each hand-over and opens an incident for each new one; returns those."""
    by_fold = _found_by_fold(positions.values())
    opened = []
    hand_overs = claim.hand_overs.prefetch_related("lines__lot", "lines__claim_line")
    vehicles = _vehicles(hand_overs)
    for hand_over in hand_overs:
        codes = set(hand_over.breach_codes) - by_fold.keys()
        codes |= {code for code, ids in by_fold.items() if hand_over.pk in ids}
        for line in hand_over.lines.all():
            codes.update(breaches(_facts(hand_over, line, claim, positions, vehicles)))
        if sorted(codes) != hand_over.breach_codes:
            HandOver.objects.filter(pk=hand_over.pk).update(breach_codes=sorted(codes))
        _resolve_incidents(hand_over, codes, claim, by=by, now=now)
        opened += _open_incidents(hand_over, codes, claim, by=by, now=now)
    return opened


def _found_by_fold(positions: Collection[LinePosition]) -> dict[str, set[UUID]]:
    """Hand-overs by the code of what only the fold knows; gone again once a record explains it."""
    return {
        NOTHING_TO_HAND_OVER: {one for each in positions for one in each.unmatched},
        TIME_ORDER: {one for each in positions for one in each.out_of_order},
        MORE_THAN_HELD: {one for each in positions for one in each.more_than_held},
    }


def _facts(
    hand_over: HandOver,
    line: HandOverLine,
    claim: Claim,
    positions: Mapping[UUID, LinePosition],
    vehicles: Vehicles,
) -> HandOverFacts:
    lot, rules_of_region, zone = line.lot, pack().rules, pack().zone
    at = judged_at(hand_over.at, clock_offset_s=hand_over.clock_offset_s)
    day, accepted = local_date(at, zone), line.outcome == LineOutcome.ACCEPTED
    breach = None
    if line.temperature_dc is not None and accepted:
        breach = temperature_breach(lot.storage_class, line.temperature_dc, rules_of_region, on=day)
    position = positions.get(line.claim_line_id) if line.claim_line_id else None
    holder_id = hand_over.from_courier_id
    since = position.on_board_since.get(holder_id) if position and holder_id else None
    return HandOverFacts(
        at=at,
        recorded_at=hand_over.recorded_at,
        safe_until_at=lot.safe_until_at,
        mass_g=line.mass_g,
        promised_g=line.claim_line.mass_g if line.claim_line else line.mass_g,
        is_passed_on=hand_over.kind in PASSED_ON and accepted and line.mass_g > 0,
        claim_was_live=claim.ended_at is None or at < claim.ended_at or _settled(claim),
        temperature_breach=breach,
        collected_at=since + (at - hand_over.at) if since else None,
        longest_out_s=(
            None
            if _has_box(hand_over, lot.storage_class, vehicles)
            else longest_out_of_cold_s(lot.storage_class, rules_of_region, on=day)
        ),
    )


def _settled(claim: Claim) -> bool:
    """Claims that ended by being handed over were live until then."""
    return claim.status not in (ClaimStatus.CANCELLED, ClaimStatus.LAPSED)


def _vehicles(hand_overs: Iterable[HandOver]) -> Vehicles:
    couriers = {one.from_courier_id for one in hand_overs if one.from_courier_id}
    by_courier = defaultdict(list)
    for vehicle in Vehicle.objects.filter(courier__in=couriers) if couriers else ():
        by_courier[vehicle.courier_id].append(vehicle)
    return by_courier


def _has_box(hand_over: HandOver, storage_class: str, vehicles: Vehicles) -> bool:
    """Whether the courier who carried it had a vehicle with room of that class at the time."""
    if hand_over.from_courier_id is None or storage_class == StorageClass.AMBIENT:
        return True
    return any(
        getattr(vehicle, f"{storage_class}_ml") > 0
        and (vehicle.retired_at is None or vehicle.retired_at > hand_over.at)
        for vehicle in vehicles.get(hand_over.from_courier_id, ())
    )


def _resolve_incidents(
    hand_over: HandOver, codes: set[str], claim: Claim, *, by: Actor, now: datetime
) -> None:
    """Closes what a record that came in later has explained."""
    explained = hand_over.incidents.filter(status=IncidentStatus.OPEN).exclude(code__in=codes)
    for incident in explained:
        Incident.objects.filter(pk=incident.pk).update(
            status=IncidentStatus.RESOLVED, decided_at=now, version=F("version") + 1
        )
        incident.refresh_from_db()
        _tell("incident.resolved", incident, claim, by=by, now=now)


def _open_incidents(
    hand_over: HandOver, codes: set[str], claim: Claim, *, by: Actor, now: datetime
) -> list[Incident]:
    """One for each code, once; what was explained before and is broken again is open again."""
    again = hand_over.incidents.filter(status=IncidentStatus.RESOLVED, code__in=codes)
    opened = list(again)
    again.update(status=IncidentStatus.OPEN, decided_at=None, version=F("version") + 1)
    known = set(hand_over.incidents.values_list("code", flat=True))
    opened += [
        Incident.objects.create(
            hand_over=hand_over, code=code, county_code=hand_over.county_code, opened_at=now
        )
        for code in sorted(codes - known)
    ]
    for incident in opened:
        incident.refresh_from_db()
        _tell("incident.opened", incident, claim, by=by, now=now)
    return opened


def _tell(event: str, incident: Incident, claim: Claim, *, by: Actor, now: datetime) -> None:
    record(
        event,
        subject=incident,
        by=by,
        now=now,
        audiences=[
            audiences.county(incident.county_code),
            audiences.organization(claim.organization_id),
            audiences.organization(claim.listing.organization_id),
        ],
        payload={"hand_over_id": str(incident.hand_over_id), "code": incident.code},
    )
