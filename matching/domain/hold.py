"""Whom a contested lot waits for: the third that got least, for half an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from backend.claims.domain.hold import Hold

HELD_FOR: Final = timedelta(minutes=30)
#: Food with less life than this waits for nobody.
SHORTEST_LIFE: Final = timedelta(hours=3)
#: With fewer who could take it there is no third to wait for.
FEWEST_CONTENDERS: Final = 3
#: One in so many is among those who got least.
PART: Final = 3


@dataclass(frozen=True, slots=True)
class Contender:
    """A programme that could claim the lot: what it got so far for each person, and how much of the
    lot it could take.
    """

    programme_id: str
    got_g_per_person: float
    takeable_g: int


def hold_for(
    contenders: Sequence[Contender], *, left_g: int, opened_at: datetime, ends_at: datetime
) -> Hold | None:
    """Who may claim the lot first, or None when it waits for nobody.

    A lot is contested when three or more could together take more than there is. Whoever got as
    little as the last of the least-served third counts as one of them; where that is everybody,
    nobody has to wait.
    """
    able = [each for each in contenders if each.takeable_g > 0]
    contested = len(able) >= FEWEST_CONTENDERS and sum(c.takeable_g for c in able) > left_g
    if not contested or ends_at - opened_at < SHORTEST_LIFE:
        return None
    amounts = sorted(each.got_g_per_person for each in able)
    most = amounts[-(-len(amounts) // PART) - 1]
    first = frozenset(each.programme_id for each in able if each.got_g_per_person <= most)
    return Hold(opened_at + HELD_FOR, first) if len(first) < len(able) else None
