"""Checks of the ledgers that must hold at every instant, written against the tables alone."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from backend.claims.domain.lifecycle import OPEN, ClaimStatus
from backend.claims.models import LINE_BUCKETS, Claim, ClaimLine
from backend.listings.domain.ledger import CACHED, Bucket
from backend.listings.models import Lot, MassMovement
from backend.needs.models import CapacityUse

Place = tuple[UUID, str, date]


def assert_balanced(*, held_room: Mapping[Place, int] | None = None) -> None:
    """All ledgers of the database; `held_room` is the capacity that open offers hold."""
    for lot in Lot.objects.all():
        assert_lot_is_its_movements(lot)
        assert_lines_add_up(lot)
    assert_ended_claims_reserve_nothing()
    assert_room_is_what_was_promised(held_room or {})


def assert_lot_is_its_movements(lot: Lot) -> None:
    """The cached sums are what replaying the movements gives; nothing was ever negative."""
    replayed: Counter[str] = Counter()
    for movement in MassMovement.objects.filter(lot=lot).order_by("id"):
        replayed[movement.from_bucket] -= movement.mass_g
        replayed[movement.to_bucket] += movement.mass_g
        assert all(replayed[bucket] >= 0 for bucket in CACHED), (lot.pk, movement.pk)
    cached = {str(bucket): getattr(lot, f"{bucket}_g") for bucket in CACHED}
    assert cached == {str(bucket): replayed[bucket] for bucket in CACHED}
    assert -replayed[Bucket.SOURCE] == lot.declared_g + lot.adjusted_g


def assert_lines_add_up(lot: Lot) -> None:
    """What a lot has promised is what its claim lines were promised, bucket by bucket."""
    lines = ClaimLine.objects.filter(lot=lot)
    for bucket in LINE_BUCKETS:
        if bucket != "released":
            promised_g = sum(getattr(line, f"{bucket}_g") for line in lines)
            assert promised_g == getattr(lot, f"{bucket}_g"), (lot.pk, bucket)


def assert_ended_claims_reserve_nothing() -> None:
    for claim in Claim.objects.prefetch_related("lines"):
        reserved_g = sum(line.reserved_g for line in claim.lines.all())
        if ClaimStatus(claim.status) not in OPEN:
            assert reserved_g == 0, (claim.pk, claim.status)
            assert claim.ended_at is not None


def assert_room_is_what_was_promised(held_room: Mapping[Place, int]) -> None:
    """Used capacity is what lines did not release plus what offers hold."""
    promised: Counter[Place] = Counter(held_room)
    for line in ClaimLine.objects.select_related("claim", "lot"):
        claim = line.claim
        place = (claim.location_id, line.lot.storage_class, claim.receive_date)
        promised[place] += line.mass_g - line.released_g
    used = {
        (use.location_id, use.storage_class, use.local_date): use.used_g
        for use in CapacityUse.objects.all()
    }
    assert {place: g for place, g in used.items() if g} == {
        place: g for place, g in promised.items() if g
    }
