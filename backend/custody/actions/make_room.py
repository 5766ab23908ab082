"""Finds the mass in a lot that a recorded fact needs, from whoever was promised it since."""

from datetime import datetime

from django.db import transaction

from backend.claims.actions.cut_line import cut_line
from backend.claims.models import ClaimLine
from backend.common.actor import Actor
from backend.common.models import Row
from backend.events import audiences
from backend.events.record import record
from backend.listings.actions.move_mass import move_mass
from backend.listings.domain.ledger import Bucket
from backend.listings.models import Lot


@transaction.atomic
def make_room(*, line: ClaimLine, mass_g: int, cause: Row, by: Actor, now: datetime) -> None:
    """Makes at least `mass_g` of the line's lot available: the holder keeps what it holds.

    First what had been written off as expired or withdrawn comes back, then all other claims of the
    lot are cut, the newest first, also those older than this one. What is missing even then is held
    by open offers: it is booked as found, and `lot.overdrawn` tells matching to take that much out
    of its offers. The caller holds those claims and the lot (`lock_claim`).
    """
    lot = Lot.objects.select_for_update().get(pk=line.lot_id)
    short_g = mass_g - lot.available_g
    for bucket in (Bucket.EXPIRED, Bucket.WITHDRAWN):
        if short_g <= 0:
            return
        back_g = min(short_g, getattr(lot, f"{bucket}_g"))
        if back_g:
            _move(lot, bucket, back_g, cause=cause, now=now)
            short_g -= back_g
    short_g -= _cut_others(line, short_g, cause=cause, by=by, now=now)
    if short_g > 0:
        _move(lot, Bucket.SOURCE, short_g, cause=cause, now=now)
        _tell_overdrawn(lot, short_g, by=by, now=now)


def _move(lot: Lot, bucket: Bucket, mass_g: int, *, cause: Row, now: datetime) -> None:
    move_mass(
        lot_id=lot.pk,
        from_bucket=bucket,
        to_bucket=Bucket.AVAILABLE,
        mass_g=mass_g,
        cause=cause,
        now=now,
    )


def _cut_others(line: ClaimLine, short_g: int, *, cause: Row, by: Actor, now: datetime) -> int:
    cut_g = 0
    others = ClaimLine.objects.filter(lot_id=line.lot_id, reserved_g__gt=0).exclude(pk=line.pk)
    newest_first = others.order_by("-claim__reserved_at", "-pk")
    for other in newest_first.select_related("claim__listing", "lot"):
        if cut_g >= short_g:
            break
        part_g = min(short_g - cut_g, other.reserved_g)
        cut_line(line=other, mass_g=part_g, cause=cause, by=by, now=now)
        cut_g += part_g
    return cut_g


def _tell_overdrawn(lot: Lot, short_g: int, *, by: Actor, now: datetime) -> None:
    listing = lot.listing
    record(
        "lot.overdrawn",
        subject=lot,
        by=by,
        now=now,
        audiences=[
            audiences.organization(listing.organization_id),
            audiences.county(listing.county_code),
        ],
        payload={"listing_id": str(listing.pk), "short_g": short_g},
    )
