"""The stations of a claim, as donor, charity and coordinator read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend.claims.models import Claim, ClaimStatus
from backend.claims.selectors import visible_claims
from backend.common.actor import Actor
from backend.custody.models import Attempt, HandOver, HandOverKind, LineOutcome


class Stage(StrEnum):
    """What happened at a station; the kinds of hand-overs keep their names."""

    OFFERED = "offered"
    PROMISED = "promised"
    COLLECTED = "collected"
    TRANSFERRED = "transferred"
    STOCKED = "stocked"
    DELIVERED = "delivered"
    RETURNED = "returned"
    DISPOSED = "disposed"
    ATTEMPTED = "attempted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Station:
    """One station: `mass_g` of this claim passed then; None where no mass is meant.

    `refused_g` was not taken there. `temperature_dc` is the warmest that was measured. `reason` is
    a code: of an attempt, or why the claim ended. `waits`: the record lacks an earlier one.
    """

    stage: Stage
    at: datetime
    mass_g: int | None = None
    refused_g: int = 0
    temperature_dc: int | None = None
    reason: str = ""
    breach_codes: tuple[str, ...] = ()
    waits: bool = False
    hand_over_id: UUID | None = None


def timeline(viewer: Actor, claim_id: UUID) -> list[Station]:
    """The claim's stations in the order in which they happened; empty for strangers."""
    claim = visible_claims(viewer).filter(pk=claim_id).first()
    if claim is None:
        return []
    stations = [*_before(claim), *_hand_overs(claim), *_attempts(claim), *_end(claim)]
    return sorted(stations, key=lambda station: (station.at, list(Stage).index(station.stage)))


def _before(claim: Claim) -> Iterator[Station]:
    opened_at = claim.listing.opened_at
    lines = list(claim.lines.all())
    if opened_at is not None:
        offered_g = sum(line.lot.declared_g + line.lot.adjusted_g for line in lines)
        yield Station(Stage.OFFERED, opened_at, offered_g)
    yield Station(Stage.PROMISED, claim.reserved_at, sum(line.mass_g for line in lines))


def _hand_overs(claim: Claim) -> Iterator[Station]:
    rows = HandOver.objects.filter(claim=claim).prefetch_related("lines")
    for row in rows.order_by("at", "id"):
        parts = list(row.lines.all())
        warmth = [part.temperature_dc for part in parts if part.temperature_dc is not None]
        yield Station(
            stage=Stage(HandOverKind(row.kind).value),
            at=row.at,
            mass_g=sum(p.mass_g for p in parts if p.outcome == LineOutcome.ACCEPTED),
            refused_g=sum(p.mass_g for p in parts if p.outcome == LineOutcome.REFUSED),
            temperature_dc=max(warmth, default=None),
            breach_codes=tuple(row.breach_codes),
            waits=row.status == "unmatched",
            hand_over_id=row.pk,
        )


def _attempts(claim: Claim) -> Iterator[Station]:
    for row in Attempt.objects.filter(claim=claim):
        yield Station(Stage.ATTEMPTED, row.at, reason=row.reason)


def _end(claim: Claim) -> Iterator[Station]:
    """Only an end that no hand-over says: a cancelled or lapsed claim."""
    if claim.ended_at is not None and claim.status in (ClaimStatus.CANCELLED, ClaimStatus.LAPSED):
        yield Station(Stage.ENDED, claim.ended_at, reason=claim.end_reason)
