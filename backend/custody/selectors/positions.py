"""The facts about a claim line as the fold reads them, and where they leave its grams."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Sum

from backend.claims.models import Claim, ClaimLine
from backend.custody.domain.replay import Kind, LineFact, LinePosition, Remainder, replay
from backend.custody.models import HandOver, HandOverKind, HandOverLine, LineOutcome
from backend.listings.domain.ledger import Bucket
from backend.listings.models import MassMovement


def line_position(line: ClaimLine) -> LinePosition:
    """Where the line's grams are by its hand-overs and by what was released of it."""
    return replay(line.mass_g, line_facts(line), cut_g=cut_g(line))


def cut_g(line: ClaimLine) -> int:
    """Grams of the line that a command gave back: cancelled, lapsed, or cut for another holder.

    What its own hand-overs released is not among them: the fold derives that itself.
    """
    own = HandOver.objects.filter(claim=line.claim_id).values("pk")
    released = MassMovement.objects.filter(
        lot=line.lot_id,
        from_holder_id=line.pk,
        from_bucket=Bucket.RESERVED,
        to_bucket=Bucket.AVAILABLE,
    ).exclude(cause_id__in=own)
    total_g: int = released.aggregate(total=Sum("mass_g", default=0))["total"]
    return total_g


def line_facts(line: ClaimLine) -> list[LineFact]:
    """The facts about one line, as the fold reads them: accepted and refused mass side by side."""
    rows = HandOverLine.objects.filter(claim_line=line)
    by_hand_over: dict[UUID, list[HandOverLine]] = {}
    for row in rows.select_related("hand_over__claim__listing"):
        by_hand_over.setdefault(row.hand_over_id, []).append(row)
    return [_line_fact(parts[0].hand_over, parts) for parts in by_hand_over.values()]


def _line_fact(hand_over: HandOver, parts: Sequence[HandOverLine]) -> LineFact:
    accepted = [part for part in parts if part.outcome == LineOutcome.ACCEPTED]
    refused = [part for part in parts if part.outcome == LineOutcome.REFUSED]
    return LineFact(
        id=hand_over.pk,
        kind=Kind(hand_over.kind),
        at=hand_over.at,
        giver=_giver(hand_over),
        receiver=hand_over.to_courier_id or hand_over.to_location_id,
        accepted_g=sum(part.mass_g for part in accepted),
        refused_g=sum(part.mass_g for part in refused),
        remainder=Remainder(accepted[0].remainder if accepted else parts[0].remainder),
    )


def _giver(hand_over: HandOver) -> UUID | None:
    """Who held it before: a courier, a hub, or None for the donor's own place."""
    if hand_over.from_courier_id is not None:
        return hand_over.from_courier_id
    at_donor = hand_over.claim is None or hand_over.from_location_id in (
        None,
        hand_over.claim.listing.location_id,
    )
    if at_donor and hand_over.kind != HandOverKind.STOCKED:
        return None
    return hand_over.from_location_id


def carrying_courier_id(claim: Claim) -> UUID | None:
    """The courier who has the claim's food by the latest record; None when nobody fetched it."""
    carrying = (HandOverKind.COLLECTED, HandOverKind.TRANSFERRED)
    taken = [each for each in claim.hand_overs.all() if each.kind in carrying]
    latest = max(taken, key=lambda each: (each.at, each.pk), default=None)
    return latest.to_courier_id if latest else None
