"""Turns a claim that somebody must drive into shipments, one for each storage class."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from backend.claims.models import Claim, ClaimLine, ClaimStatus, Transport
from backend.common.actor import Actor
from backend.organizations.selectors import open_intervals
from backend.regions.domain.food_safety import local_date, longest_out_of_cold_s
from backend.regions.packs import pack
from logistics.actions.tell_shipment import tell_shipment
from logistics.domain.offering import prize_mg
from logistics.models import Shipment, ShipmentLine
from logistics.selectors.loads import volume_ml

#: Receivers' hours are stored so far beyond the pickup; nothing is on board for longer.
LONGEST_WAY = timedelta(hours=24)


@transaction.atomic
def make_shipments(*, claim: Claim, by: Actor, now: datetime) -> list[Shipment]:
    """The claim's shipments; those that exist already are left as they are.

    A claim that none of our drivers has to carry, or that has ended, gets none.
    """
    if claim.transport != Transport.COURIER or claim.status != ClaimStatus.RESERVED:
        return []
    if claim.shipments.exists():
        return list(claim.shipments.all())
    lines = claim.lines.select_related("lot").filter(reserved_g__gt=0).order_by("lot_id")
    by_class: dict[str, list[ClaimLine]] = {}
    for line in lines:
        by_class.setdefault(line.lot.storage_class, []).append(line)
    return [
        _make(claim, storage_class, parts, by=by, now=now)
        for storage_class, parts in sorted(by_class.items())
    ]


def _make(
    claim: Claim, storage_class: str, lines: Sequence[ClaimLine], *, by: Actor, now: datetime
) -> Shipment:
    listing, until_at = claim.listing, min(line.lot.safe_until_at for line in lines)
    mass_g, region = sum(line.reserved_g for line in lines), pack()
    shipment = Shipment.objects.create(
        claim=claim,
        storage_class=storage_class,
        mass_g=mass_g,
        volume_ml=sum(volume_ml(line) for line in lines),
        pickup_location=listing.location,
        delivery_location=claim.location,
        pickup_from_at=listing.pickup_from_at,
        pickup_until_at=listing.pickup_until_at,
        delivery_windows=delivery_windows(claim, deliver_until_at=until_at, now=now),
        deliver_until_at=until_at,
        longest_on_board_s=longest_out_of_cold_s(
            storage_class, region.rules, on=local_date(now, region.zone)
        ),
        prize_mg=prize_mg(mass_g=mass_g, longest_life_left_s=(until_at - now).total_seconds()),
        county_code=claim.county_code,
        road_group=claim.road_group,
        created_at=now,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, claim_line=line, lot_id=line.lot_id, mass_g=line.reserved_g)
        for line in lines
    )
    tell_shipment("shipment.waiting", shipment=shipment, by=by, now=now)
    return shipment


def delivery_windows(claim: Claim, *, deliver_until_at: datetime, now: datetime) -> list[list[str]]:
    """When the receiver is open while this food can come, as a shipment stores it."""
    until_at = min(deliver_until_at, claim.listing.pickup_until_at + LONGEST_WAY)
    return [
        [opens.isoformat(), closes.isoformat()]
        for opens, closes in open_intervals(claim.location, from_at=now, until_at=until_at)
    ]
