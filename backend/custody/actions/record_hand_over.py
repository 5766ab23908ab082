"""Stores that custody passed, and lets claims and lots follow from it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.claims.actions.refresh_claim_status import refresh_claim_status
from backend.claims.models import Claim, ClaimLine, Transport
from backend.common.actor import Actor
from backend.common.permissions import may
from backend.common.refusals import Invalid, NotFound, Refusal
from backend.common.rest.limits import take
from backend.couriers.models import Courier
from backend.custody.actions.flag_breaches import flag_breaches
from backend.custody.actions.mark_unmatched import mark_unmatched
from backend.custody.actions.settle_claim import settle_claim
from backend.custody.actions.tell_hand_over import tell_hand_over
from backend.custody.domain.accept import implausible_mass, implausible_temperature
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import Submission, SubmittedLine
from backend.custody.models import HandOver, HandOverEvidence, HandOverLine, LineOutcome
from backend.custody.selectors.locking import lock_claim
from backend.custody.selectors.positions import carrying_courier_id
from backend.organizations.models import Location

#: Codes have six figures: so many wrong ones may be tried for one claim in ten minutes.
MOST_WRONG_CODES, WRONG_CODES_PER_S = 10, 600


CARRIED = (Transport.COURIER, Transport.CARRIER)


class WrongCode(Refusal):
    """The six figures are not the other side's."""

    code = "wrong_code"
    message = _("That code is not right. Ask the other side to show theirs again.")


class ClientIdReused(Refusal):
    """The same client id came with another content."""

    code = "client_id_reused"
    message = _("This was recorded before with other figures. Nothing was changed.")


@transaction.atomic
def record_hand_over(*, submission: Submission, by: Actor, now: datetime) -> HandOver:
    """Records the fact and posts what follows; a repetition returns the first record.

    Raises NotFound for a claim the actor has no part in, Invalid for figures that cannot be,
    WrongCode, ClientIdReused. A fact that breaks a rule is stored all the same, with an incident.
    """
    claim = _claim_of(submission, by)
    if (before := HandOver.objects.filter(client_id=submission.client_id).first()) is not None:
        return _same_or_refuse(before, submission)
    submission = _with_courier(submission, claim)
    lines = _check_lines(submission, claim)
    _check_code(submission, claim)
    try:
        with transaction.atomic():
            hand_over = _store(submission, claim, lines, by=by, now=now)
    except IntegrityError:
        before = HandOver.objects.get(client_id=submission.client_id)
        return _same_or_refuse(before, submission)
    positions = settle_claim(claim=claim, cause=hand_over, by=by, now=now)
    mark_unmatched(claim=claim, positions=positions, by=by, now=now)
    flag_breaches(claim=claim, positions=positions, by=by, now=now)
    refresh_claim_status(claim=claim, by=by, now=now)
    _tell(hand_over, claim, by=by, now=now)
    hand_over.refresh_from_db()
    return hand_over


def _with_courier(submission: Submission, claim: Claim) -> Submission:
    """What a driver fetched comes from the driver, also when somebody at the door records it."""
    onward = submission.kind in (Kind.DELIVERED, Kind.RETURNED, Kind.DISPOSED)
    if not onward or submission.courier_id or claim.transport not in CARRIED:
        return submission
    return replace(submission, courier_id=carrying_courier_id(claim))


def _same_or_refuse(before: HandOver, submission: Submission) -> HandOver:
    stored = {(row.claim_line_id, row.outcome): row.mass_g for row in before.lines.all()}
    wanted = {
        (line.claim_line_id, outcome): mass_g
        for line in submission.lines
        for outcome, mass_g in _parts(line)
    }
    same = before.claim_id == submission.claim_id and before.kind == submission.kind
    if not same or stored != wanted:
        raise ClientIdReused()
    return before


def _parts(line: SubmittedLine) -> list[tuple[LineOutcome, int]]:
    """The rows that a line is stored as: what was accepted, and what was refused."""
    parts = [(LineOutcome.ACCEPTED, line.accepted_g), (LineOutcome.REFUSED, line.refused_g)]
    return [part for part in parts if part[1]] or parts[:1]


def _claim_of(submission: Submission, by: Actor) -> Claim:
    claim = lock_claim(submission.claim_id)
    if claim is None:
        raise NotFound()
    if may(by, "custody.record", claim) or _carries(submission, by):
        return claim
    raise NotFound()


def _carries(submission: Submission, by: Actor) -> bool:
    """The courier themselves; that the visit is on their own route is for its owner to check."""
    ids = [one for one in (submission.courier_id, submission.to_courier_id) if one is not None]
    couriers = Courier.objects.filter(pk__in=ids)
    return submission.visit_id is not None and any(
        may(by, "custody.carry", courier) for courier in couriers
    )


def _check_lines(submission: Submission, claim: Claim) -> list[tuple[ClaimLine, SubmittedLine]]:
    own = {line.pk: line for line in claim.lines.select_related("lot")}
    if not submission.lines:
        raise Invalid.field("lines", "required", _("Say what was handed over."))
    if len({line.claim_line_id for line in submission.lines}) < len(submission.lines):
        raise Invalid.field("lines", "repeated", _("The same food is named twice."))
    for line in submission.lines:
        if line.claim_line_id not in own:
            raise Invalid.field("lines", "not_of_this_claim", _("That is not part of this claim."))
        masses = (line.accepted_g, line.refused_g, line.giver_mass_g or 0)
        if any(implausible_mass(mass_g) for mass_g in masses):
            raise Invalid.field("mass_g", "implausible", _("That mass cannot be right."))
        if implausible_temperature(line.temperature_dc):
            raise Invalid.field(
                "temperature_dc", "implausible", _("That temperature cannot be right.")
            )
    if not any(line.accepted_g or line.refused_g for line in submission.lines):
        raise Invalid.field("mass_g", "nothing", _("Nothing was handed over."))
    return [(own[line.claim_line_id], line) for line in submission.lines]


def _check_code(submission: Submission, claim: Claim) -> None:
    """Raises WrongCode, and TooMany for somebody who goes on guessing."""
    if submission.code and submission.code != _expected_code(submission, claim):
        take("wrong_code", str(claim.pk), limit=MOST_WRONG_CODES, per_s=WRONG_CODES_PER_S)
        raise WrongCode()


def _expected_code(submission: Submission, claim: Claim) -> str:
    """The code of whose door it is: the donor's where food is fetched, else the recipient's."""
    comes_itself = submission.courier_id is None and claim.transport == Transport.SELF_COLLECT
    at_donor = submission.kind is Kind.COLLECTED or comes_itself
    return claim.pickup_code if at_donor else claim.delivery_code


def _store(
    submission: Submission,
    claim: Claim,
    lines: list[tuple[ClaimLine, SubmittedLine]],
    *,
    by: Actor,
    now: datetime,
) -> HandOver:
    hand_over = HandOver.objects.create(
        client_id=submission.client_id,
        kind=submission.kind,
        claim=claim,
        visit_id=submission.visit_id,
        **_parties(submission, claim),
        at=submission.at,
        recorded_at=now,
        clock_offset_s=submission.clock_offset_s,
        recorded_by_id=by.user_id,
        code_matched=bool(submission.code),
        county_code=claim.county_code,
    )
    for claim_line, line in lines:
        _store_line(hand_over, claim_line, line)
    if submission.signer_name or submission.note:
        HandOverEvidence.objects.create(
            hand_over=hand_over, signer_name=submission.signer_name, note=submission.note
        )
    return hand_over


def _store_line(hand_over: HandOver, claim_line: ClaimLine, line: SubmittedLine) -> None:
    for outcome, mass_g in _parts(line):
        HandOverLine.objects.create(
            hand_over=hand_over,
            lot_id=claim_line.lot_id,
            claim_line=claim_line,
            mass_g=mass_g,
            giver_mass_g=line.giver_mass_g if outcome is LineOutcome.ACCEPTED else None,
            outcome=outcome,
            reason=line.reason,
            remainder=line.remainder,
            temperature_dc=line.temperature_dc,
        )


def _parties(submission: Submission, claim: Claim) -> dict[str, UUID | None]:
    """Who gave and who received, as columns of the hand-over."""
    courier, hub_id = submission.courier_id, submission.hub_location_id
    place_id = hub_id or claim.listing.location_id
    _check_parties(submission)
    if submission.kind is Kind.COLLECTED:
        return {"from_location_id": place_id, "to_courier_id": courier}
    giver_column = "from_courier_id" if courier else "from_location_id"
    receiver: dict[Kind, dict[str, UUID | None]] = {
        Kind.TRANSFERRED: {"to_courier_id": submission.to_courier_id},
        Kind.STOCKED: {"to_location_id": hub_id},
        Kind.DELIVERED: {"to_location_id": claim.location_id},
        Kind.RETURNED: {"to_location_id": claim.listing.location_id},
        Kind.DISPOSED: {},
    }
    return {giver_column: courier or place_id, **receiver[submission.kind]}


def _check_parties(submission: Submission) -> None:
    """Raises Invalid when the kind needs somebody who is not named."""
    kind, hub_id = submission.kind, submission.hub_location_id
    carried = kind in (Kind.COLLECTED, Kind.TRANSFERRED, Kind.STOCKED)
    if carried and submission.courier_id is None:
        raise Invalid.field("courier_id", "required", _("Say who carried it."))
    if kind is Kind.TRANSFERRED and submission.to_courier_id is None:
        raise Invalid.field("to_courier_id", "required", _("Say who took over."))
    if kind is Kind.STOCKED and hub_id is None:
        raise Invalid.field("hub_location_id", "required", _("Say where it is stored."))
    if hub_id is not None and not Location.objects.filter(pk=hub_id, is_hub=True).exists():
        raise Invalid.field("hub_location_id", "not_a_hub", _("That place does not store food."))


def _tell(hand_over: HandOver, claim: Claim, *, by: Actor, now: datetime) -> None:
    parts = list(hand_over.lines.all())
    tell_hand_over(
        f"custody.{hand_over.kind}",
        hand_over=hand_over,
        claim=claim,
        by=by,
        now=now,
        payload={
            "accepted_g": sum(p.mass_g for p in parts if p.outcome == LineOutcome.ACCEPTED),
            "refused_g": sum(p.mass_g for p in parts if p.outcome == LineOutcome.REFUSED),
        },
    )
