"""The lives of an offer and of a round: which steps are allowed."""

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
