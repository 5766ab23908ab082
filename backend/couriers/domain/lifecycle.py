"""The lives of a courier and of a shift: which steps are allowed."""

from enum import StrEnum

from backend.common import lifecycle


class CourierStatus(StrEnum):
    """Whether a courier may be planned for."""

    APPLIED = "applied"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class ShiftStatus(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"


C = CourierStatus

#: One who ended may apply again, and is then approved again.
NEXT = {
    C.APPLIED: {C.ACTIVE, C.ENDED},
    C.ACTIVE: {C.PAUSED, C.ENDED},
    C.PAUSED: {C.ACTIVE, C.ENDED},
    C.ENDED: {C.APPLIED},
}
SHIFT_NEXT: dict[ShiftStatus, set[ShiftStatus]] = {
    ShiftStatus.PLANNED: {ShiftStatus.CANCELLED},
    ShiftStatus.CANCELLED: set(),
}


def advance(here: CourierStatus, there: CourierStatus) -> CourierStatus:
    """`there`, when a courier may go there from `here`; raises IllegalTransition otherwise."""
    return lifecycle.advance(NEXT, here, there)


def advance_shift(here: ShiftStatus, there: ShiftStatus) -> ShiftStatus:
    """`there`, when a shift may go there from `here`; raises IllegalTransition otherwise."""
    return lifecycle.advance(SHIFT_NEXT, here, there)
