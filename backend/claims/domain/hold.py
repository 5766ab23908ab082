"""A contested lot waits a while for those who got least; until then others cannot claim it."""

from dataclasses import dataclass
from datetime import datetime

from backend.claims.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Hold:
    """Until `until_at` only these programmes may claim the lot by hand."""

    until_at: datetime
    programme_ids: frozenset[str]


def held_back(hold: Hold | None, programme_id: str, *, now: datetime) -> Reason | None:
    """Why a programme cannot claim the lot by hand yet, or None when it can."""
    if hold is None or now >= hold.until_at or programme_id in hold.programme_ids:
        return None
    return Reason.HELD_FOR_OTHERS
