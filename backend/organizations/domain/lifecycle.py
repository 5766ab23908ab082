"""The life of an organization's verification: which steps are allowed."""

from enum import StrEnum

from backend.common import lifecycle


class OrganizationStatus(StrEnum):
    """Where an organization stands with those who vouch for it."""

    APPLIED = "applied"
    VERIFIED = "verified"
    RECERTIFICATION_DUE = "recertification_due"
    SUSPENDED = "suspended"
    REJECTED = "rejected"


S = OrganizationStatus

#: Beyond the main line: a verified organization is suspended at once when something is wrong (food
#: safety does not wait for the next check); one that is due and passes is verified again without a
#: suspension in between; and one that was rejected may apply again, since most are rejected for a
#: missing paper.
NEXT = {
    S.APPLIED: {S.VERIFIED, S.REJECTED},
    S.VERIFIED: {S.RECERTIFICATION_DUE, S.SUSPENDED},
    S.RECERTIFICATION_DUE: {S.VERIFIED, S.SUSPENDED},
    S.SUSPENDED: {S.VERIFIED},
    S.REJECTED: {S.APPLIED},
}

#: Those who may give, receive and be planned for: being due for a check stops nobody by itself.
ACTIVE = frozenset({S.VERIFIED, S.RECERTIFICATION_DUE})


def advance(here: OrganizationStatus, there: OrganizationStatus) -> OrganizationStatus:
    """`there`, when an organization may go there; raises IllegalTransition otherwise."""
    return lifecycle.advance(NEXT, here, there)
