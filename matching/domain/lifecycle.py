"""The lives of an offer, a round and a transfer agreement: which steps are allowed."""

from enum import StrEnum

from backend.common import lifecycle


class OfferStatus(StrEnum):
    """Where an offer stands."""

    SUGGESTED = "suggested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


S = OfferStatus

#: A suggestion may lapse unoffered when its food runs out of time. A standing consent accepts by
#: way of offered. An offer is superseded only when safety or a cancellation takes its food away.
NEXT = {
    S.SUGGESTED: {S.OFFERED, S.SUPERSEDED, S.LAPSED},
    S.OFFERED: {S.ACCEPTED, S.DECLINED, S.LAPSED, S.SUPERSEDED},
    S.ACCEPTED: set(),
    S.DECLINED: set(),
    S.LAPSED: set(),
    S.SUPERSEDED: set(),
}

#: A later round may move these.
MOVABLE = frozenset({S.SUGGESTED})
#: These hold mass and capacity until they are answered.
HOLDING = frozenset({S.OFFERED})


def advance(here: OfferStatus, there: OfferStatus) -> OfferStatus:
    """`there`, when an offer may go there from `here`; raises IllegalTransition otherwise."""
    return lifecycle.advance(NEXT, here, there)


class RoundStatus(StrEnum):
    """Where a round stands."""

    RUNNING = "running"
    TRIED = "tried"
    APPLIED = "applied"
    FAILED = "failed"


#: A trial waits to be compared, and runs once more when somebody commits it.
ROUND_NEXT = {
    RoundStatus.RUNNING: {RoundStatus.APPLIED, RoundStatus.FAILED, RoundStatus.TRIED},
    RoundStatus.TRIED: {RoundStatus.RUNNING},
    RoundStatus.APPLIED: set[RoundStatus](),
    RoundStatus.FAILED: set[RoundStatus](),
}


class AgreementStatus(StrEnum):
    """Where an agreement between two counties stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


A = AgreementStatus

#: Either side may end it; only the other side may agree.
AGREEMENT_NEXT = {
    A.PROPOSED: {A.ACTIVE, A.DECLINED, A.ENDED},
    A.ACTIVE: {A.ENDED},
    A.DECLINED: set[AgreementStatus](),
    A.ENDED: set[AgreementStatus](),
}


def advance_agreement(here: AgreementStatus, there: AgreementStatus) -> AgreementStatus:
    """`there`, when an agreement may go there; raises IllegalTransition otherwise."""
    return lifecycle.advance(AGREEMENT_NEXT, here, there)
