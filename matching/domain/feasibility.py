"""Which pairs are possible, with the first failing reason kept for every pair that is not."""

from collections import Counter
from collections.abc import Hashable, Iterable
from enum import StrEnum
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.claims.domain.eligibility import STANDING_RULES, StandingRule, find_trip
from backend.claims.domain.facts import CourierFacts
from backend.claims.domain.reasons import Reason, gettext_noop
from backend.claims.domain.trips import Trip
from matching.domain.problem import Problem
from matching.domain.roads import Roads

Codes = NDArray[np.uint8]


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

#: What a cell of the matrix means; 0 is possible, or not looked at.
MEANINGS: Final[tuple[str, ...]] = ("", *Reason, *Soft)
_CODE: Final = {meaning: code for code, meaning in enumerate(MEANINGS)}


class Feasibility:
    """The matrix of reasons, a row per supply; trips are looked at one by one, on demand."""

    def __init__(self, problem: Problem, roads: Roads) -> None:
        self._problem = problem
        self._roads = roads
        self._couriers = _by_road_group(problem.couriers)
        self._trips: dict[tuple[int, int], Trip] = {}
        self.codes = standing_codes(problem)
        unknown = ~np.isfinite(roads.metres) & (self.codes == 0)
        self.codes[unknown] = _CODE[Soft.NO_WAY_KNOWN]
        self._close_asked()

    def _close_asked(self) -> None:
        """Whoever did not take an offer of a lot is not asked again."""
        rows = {supply.id: index for index, supply in enumerate(self._problem.supplies)}
        columns = {demand.id: index for index, demand in enumerate(self._problem.demands)}
        for one in self._problem.asked:
            pair = rows[one.lot_id], columns[one.programme_id]
            if not self.codes[pair]:
                self.codes[pair] = _CODE[Soft.ASKED_BEFORE]

    def trip(self, supply: int, demand: int) -> Trip | None:
        """The best trip between the two, or None, with the reason kept in the matrix."""
        pair = supply, demand
        if self.codes[pair]:
            return None
        if pair not in self._trips:
            lot = self._problem.supplies[supply].lot
            found = find_trip(
                lot,
                self._problem.demands[demand].recipient,
                self._roads.leg(supply, demand),
                now=self._problem.now,
                couriers=self._couriers.get(lot.road_group, ()),
            )
            if isinstance(found, Reason):
                self.codes[pair] = _CODE[found]
                return None
            self._trips[pair] = found
        return self._trips[pair]

    def reason(self, supply: int, demand: int) -> str:
        """Why the pair is impossible; empty when it is possible."""
        self.trip(supply, demand)
        return MEANINGS[int(self.codes[supply, demand])]

    def tally(self, supply: int) -> dict[str, int]:
        """How many programmes each reason keeps from this lot, most frequent first."""
        codes, counts = np.unique(self.codes[supply], return_counts=True)
        tally = Counter({MEANINGS[c]: int(n) for c, n in zip(codes, counts, strict=True) if c})
        return dict(tally.most_common())


def standing_codes(problem: Problem) -> Codes:
    """First failing standing rule of each pair; every rule is asked once per kind of pair."""
    codes = np.zeros((len(problem.supplies), len(problem.demands)), dtype=np.uint8)
    if not codes.size:
        return codes
    for rule in STANDING_RULES:
        found = _codes_of(rule, problem)
        np.copyto(codes, found, where=(codes == 0) & (found > 0))
    return codes


def _codes_of(rule: StandingRule, problem: Problem) -> Codes:
    lots = [supply.lot for supply in problem.supplies]
    recipients = [demand.recipient for demand in problem.demands]
    lot_kind, lot_samples = _kinds(lots, rule.lot_fields)
    recipient_kind, recipient_samples = _kinds(recipients, rule.recipient_fields)
    answers = np.array(
        [
            [
                _CODE.get(rule.check(lots[a], recipients[b], problem.now) or "", 0)
                for b in recipient_samples
            ]
            for a in lot_samples
        ],
        dtype=np.uint8,
    )
    return answers[np.ix_(lot_kind, recipient_kind)]


def _kinds(things: Iterable[object], names: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """The kind of each thing, told apart by the named facts, and a sample of each kind."""
    kinds: dict[Hashable, int] = {}
    samples: list[int] = []
    of_each: list[int] = []
    read = attrgetter(*names) if names else lambda thing: ()
    for index, thing in enumerate(things):
        kind = kinds.setdefault(read(thing), len(kinds))
        if kind == len(samples):
            samples.append(index)
        of_each.append(kind)
    return of_each, samples


def _by_road_group(couriers: Iterable[CourierFacts]) -> dict[str, list[CourierFacts]]:
    groups: dict[str, list[CourierFacts]] = {}
    for courier in sorted(couriers, key=lambda each: (each.window, -each.mass_g)):
        groups.setdefault(courier.road_group, []).append(courier)
    return groups
