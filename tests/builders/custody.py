"""Hand-overs for tests: everything that a claim promised, at once."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from backend.claims.models import Claim, ClaimLine
from backend.common.actor import Actor, system
from backend.custody.actions.record_hand_over import record_hand_over
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import Submission, SubmittedLine
from backend.custody.models import HandOver

BUILDER = system("tests.builder")


def line_of(line: ClaimLine, accepted_g: int | None = None, **fields: Any) -> SubmittedLine:
    """All that was promised of the line, unless told otherwise."""
    return SubmittedLine(line.pk, line.mass_g if accepted_g is None else accepted_g, **fields)


def lines_of(
    claim: Claim, accepted_g: int | None = None, **fields: Any
) -> tuple[SubmittedLine, ...]:
    """Every line of the claim; `accepted_g` is of each."""
    return tuple(line_of(line, accepted_g, **fields) for line in claim.lines.all())


def submission(
    claim: Claim,
    kind: Kind = Kind.DELIVERED,
    *,
    at: datetime,
    accepted_g: int | None = None,
    client_id: UUID | None = None,
    line: dict[str, Any] | None = None,
    **fields: Any,
) -> Submission:
    """What a device submits about the whole claim."""
    return Submission(
        client_id=client_id or uuid4(),
        kind=kind,
        claim_id=claim.pk,
        at=at,
        **({"lines": lines_of(claim, accepted_g, **(line or {}))} | fields),
    )


def hand_over(
    claim: Claim,
    kind: Kind = Kind.DELIVERED,
    *,
    at: datetime,
    by: Actor = BUILDER,
    now: datetime | None = None,
    **fields: Any,
) -> HandOver:
    """A recorded hand-over; recorded when it happened unless told otherwise."""
    sent = submission(claim, kind, at=at, **fields)
    return record_hand_over(submission=sent, by=by, now=now or at)
