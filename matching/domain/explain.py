"""Why this programme, why not the others: additive terms and the reason each runner-up lost.

Codes and numbers only; `sentences` holds the words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Final

import numpy as np

from matching.domain.case import KILOGRAM_G
from matching.domain.feasibility import MEANINGS
from matching.domain.solver.state import State

ALTERNATIVES: Final = 3


class Why(StrEnum):
    """What decided against a runner-up."""

    FARTHER = "farther"
    BETTER_SUPPLIED = "better_supplied"
    COUNTY_BETTER_SUPPLIED = "county_better_supplied"
    NOT_ASKED_FOR = "not_asked_for"
    NOT_SUGGESTED_BEFORE = "not_suggested_before"
    LESS_RELIABLE = "less_reliable"
    FULL = "full"
    CARRIES_LESS = "carries_less"
    FAILED_RULE = "failed_rule"
    EQUAL = "equal"
    SEARCH_ENDED = "search_ended"
    ASKED_FIRST = "asked_first"


_BY_TERM: Final = {
    "distance": Why.FARTHER,
    "recipient_need": Why.BETTER_SUPPLIED,
    "county_need": Why.COUNTY_BETTER_SUPPLIED,
    "preference": Why.NOT_ASKED_FOR,
    "stickiness": Why.NOT_SUGGESTED_BEFORE,
    "no_show": Why.LESS_RELIABLE,
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """A programme that did not get the share. Without a score when a hard rule forbids it."""

    programme_id: str
    score: float
    terms: Mapping[str, float]
    why: str
    facts: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One share: what it is worth, given all others, and the best alternatives for all of it."""

    lot_id: str
    programme_id: str
    mass_g: int
    score: float
    terms: Mapping[str, float]
    alternatives: tuple[Alternative, ...]


def explain(state: State) -> Iterator[Explanation]:
    """An explanation per share, in the order of the solution's assignments."""
    for supply, option, mass_g in state.chosen():
        yield _explain_share(state, supply, option, mass_g)


def _explain_share(state: State, supply: int, winner: int, mass_g: int) -> Explanation:
    """Takes the share out, compares who could have it, and puts it back as it was."""
    state.change(supply, winner, -mass_g)
    terms = state.terms(supply, winner, mass_g)
    best = [
        _possible(state, supply, other, mass_g, takes_g, winner=winner, won=terms)
        for other, takes_g in _runners_up(state, supply, mass_g, winner)
    ]
    best += _impossible(state, supply, ALTERNATIVES - len(best))
    state.change(supply, winner, mass_g)
    return Explanation(
        lot_id=state.case.supplies[supply].id,
        programme_id=state.case.demands[state.demand(winner)].id,
        mass_g=mass_g,
        score=sum(terms.values()),
        terms=terms,
        alternatives=tuple(best),
    )


def _runners_up(state: State, supply: int, mass_g: int, winner: int) -> list[tuple[int, int]]:
    """The best other options for this much, and how much each takes."""
    worths, takes_g = state.values(supply, mass_g)
    begin = state.options(supply).start
    worths[winner - begin] = -inf
    order = np.argsort(-worths, kind="stable")[:ALTERNATIVES].tolist()
    return [(begin + row, int(takes_g[row])) for row in order if begin + row != winner]


def _possible(
    state: State,
    supply: int,
    other: int,
    mass_g: int,
    takes_g: int,
    *,
    winner: int,
    won: Mapping[str, float],
) -> Alternative:
    terms = state.terms(supply, other, mass_g)
    score = sum(terms.values())
    behind = sum(won.values()) - score
    if behind <= 0:
        why, facts = _in_the_way(
            state, supply, other, mass_g=mass_g, takes_g=takes_g, behind=behind
        )
    else:
        worst = max(_BY_TERM, key=lambda name: won[name] - terms[name])
        why, facts = _BY_TERM[worst], _facts(state, supply, other, winner, worst)
    return Alternative(
        programme_id=state.case.demands[state.demand(other)].id,
        score=score,
        terms=terms,
        why=why,
        facts=facts,
    )


def _in_the_way(
    state: State, supply: int, other: int, *, mass_g: int, takes_g: int, behind: float
) -> tuple[Why, dict[str, float | str]]:
    """For one that would have been better: what stood in its way."""
    room_g = max(0, state.room_g(other))
    needs: dict[str, float | str] = {"needs_kg": mass_g / KILOGRAM_G}
    if room_g < mass_g:
        storage = state.case.supplies[supply].lot.storage_class
        return Why.FULL, needs | {"storage": storage, "room_kg": room_g / KILOGRAM_G}
    if takes_g < mass_g:
        return Why.CARRIES_LESS, needs | {"carries_kg": takes_g / KILOGRAM_G}
    return (Why.EQUAL if behind == 0 else Why.SEARCH_ENDED), {}


def _facts(state: State, supply: int, other: int, winner: int, term: str) -> dict[str, float | str]:
    """The figures behind a term: how far, how well supplied."""
    case = state.case
    theirs, winners = state.demand(other), state.demand(winner)
    if term == "distance":
        return {"km": (state.distance_m(other) - state.distance_m(winner)) / 1_000}
    if term == "recipient_need":
        return _percents(state.level(theirs), state.level(winners))
    if term == "county_need":
        counties = case.county_of[theirs], case.county_of[winners]
        return _percents(*(state.county_level(county) for county in counties))
    if term == "no_show":
        return _percents(case.demands[theirs].reliability, case.demands[winners].reliability)
    return {"group": case.supplies[supply].lot.category_group} if term == "preference" else {}


def _percents(theirs: float, winners: float) -> dict[str, float | str]:
    return {"percent": round(100 * theirs, 1), "winner_percent": round(100 * winners, 1)}


def _impossible(state: State, supply: int, wanted: int) -> list[Alternative]:
    """The nearest programmes that a rule keeps from the lot."""
    if wanted < 1:
        return []
    case = state.case
    codes = case.feasibility.codes(supply)
    metres = case.feasibility.metres(supply)
    barred = np.flatnonzero(codes)
    far = np.where(metres[barred] < 0, np.iinfo(np.int64).max, metres[barred])
    return [
        Alternative(
            programme_id=case.demands[demand].id,
            score=0.0,
            terms={},
            why=Why.FAILED_RULE,
            facts={"reason": MEANINGS[codes[demand]]},
        )
        for demand in barred[np.argsort(far, kind="stable")][:wanted].tolist()
    ]
