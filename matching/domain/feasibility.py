"""Which pairs are possible, with the first failing reason of every pair that is not.

Nothing is kept per pair: a reason is worked out when it is asked for, from tables by kinds.
"""

from collections import Counter
from datetime import timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from backend.claims.domain.reasons import Reason
from backend.claims.domain.trips import Leg, Trip
from backend.common.translatable import gettext_noop
from matching.domain.kernel import columns as c
from matching.domain.kernel import pairs
from matching.domain.kernel.arrays import Codes, Ints
from matching.domain.kernel.tables import TRANSPORTS, Tables
from matching.domain.problem import Problem

_MICROSECOND: Final = timedelta(microseconds=1)


class Soft(StrEnum):
    """Why nothing more goes to someone who could take it by every hard rule."""

    NO_WAY_KNOWN = "no_way_known"
    ASKED_BEFORE = "asked_before"
    FULL_BY_THIS_PLAN = "full_by_this_plan"
    NOT_WORTH_THE_TRIP = "not_worth_the_trip"
    NO_RECIPIENTS = "no_recipients"


SOFT_SENTENCES: Final[dict[Soft, str]] = {
    Soft.NO_WAY_KNOWN: gettext_noop("No way there is known."),
    Soft.ASKED_BEFORE: gettext_noop("It was offered this before and did not take it."),
    Soft.FULL_BY_THIS_PLAN: gettext_noop("All that could take it are full."),
    Soft.NOT_WORTH_THE_TRIP: gettext_noop("The way costs more than the food brings."),
    Soft.NO_RECIPIENTS: gettext_noop("There is no recipient at all."),
}

#: What a code means; 0 is possible.
MEANINGS: Final[tuple[str, ...]] = ("", *Reason, *Soft)
_CODE: Final[dict[str, int]] = {meaning: code for code, meaning in enumerate(MEANINGS)}


class Feasibility:
    """Answers about pairs of the problem's supplies and demands, by index."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.tables = Tables(problem, _CODE)

    def codes(self, supply: int) -> Codes:
        """The first failing reason of every demand, as a code; 0 is possible."""
        codes = np.zeros(len(self._problem.demands), dtype=np.uint8)
        pairs.reasons(self.tables.world, supply, codes)
        return codes

    def metres(self, supply: int) -> Ints:
        """Road metres to every demand; -1 where no way is known."""
        metres = np.zeros(len(self._problem.demands), dtype=np.int64)
        pairs.distances(self.tables.world, supply, metres)
        return metres

    def trip(self, supply: int, demand: int) -> Trip | None:
        """The best trip between the two, or None when a rule forbids every one."""
        row = np.zeros(c.F_COLUMNS, dtype=np.int64)
        if pairs.pair(self.tables.world, supply, demand, row):
            return None
        return self.trip_of(row)

    def trips(self, supplies: Ints, demands: Ints) -> Ints:
        """Trips of pairs that are possible, a row each; pairs of one supply come together."""
        rows = np.zeros((len(supplies), c.F_COLUMNS), dtype=np.int64)
        pairs.trips_of(self.tables.world, supplies, demands, rows)
        return rows

    def trip_of(self, row: Ints) -> Trip:
        """A row of the kernel's as the trip that it means."""
        values = row.tolist()
        transport = TRANSPORTS[values[c.F_TRANSPORT]]
        return Trip(
            transport=transport,
            leg=Leg(
                distance_m=values[c.F_METRES],
                travel_s=values[c.F_TRAVEL_S],
                longest_m=self._problem.travel.longest_m,
            ),
            departs_at=self._problem.now + values[c.F_DEPARTS] * _MICROSECOND,
            reaches_at=self._problem.now + values[c.F_REACHES] * _MICROSECOND,
            hands_over_at=self._problem.now + values[c.F_HANDS_OVER] * _MICROSECOND,
            out_of_cold_s=values[c.F_OUT_OF_COLD_S],
            carry_g=None if values[c.F_SHIFT] == c.NO_TRIP else values[c.F_CARRY],
        )

    def reason(self, supply: int, demand: int) -> str:
        """Why the pair is impossible; empty when it is possible."""
        row = np.zeros(c.F_COLUMNS, dtype=np.int64)
        return MEANINGS[int(pairs.pair(self.tables.world, supply, demand, row))]

    def tally(self, supply: int) -> dict[str, int]:
        """How many programmes each reason keeps from this lot, most frequent first."""
        codes, counts = np.unique(self.codes(supply), return_counts=True)
        tally = Counter({MEANINGS[c]: int(n) for c, n in zip(codes, counts, strict=True) if c})
        return dict(tally.most_common())
