"""Why this programme, why not the others: additive terms and the reason each runner-up lost.

Codes and numbers only; `sentences` holds the words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from matching.domain.case import KILOGRAM_G, Option
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
    for supply, shares in enumerate(state.shares):
        step_g = state.case.supplies[supply].lot.step_g
        for which in sorted(shares, key=lambda w: (shares[w] % step_g > 0, -shares[w], w)):
            yield _explain_share(state, supply, which)


def _explain_share(state: State, supply: int, which: int) -> Explanation:
    """Takes the share out, compares who could have it, and puts it back as it was."""
    order = list(state.shares[supply])
    mass_g = state.remove(supply, which)
    winner = state.options[supply][which]
    terms = state.terms(winner, mass_g)
    possible = [
        _possible(state, supply, other, mass_g, winner)
        for other in range(len(state.options[supply]))
        if other != which
    ]
    best = sorted(possible, key=lambda each: -each.score)[:ALTERNATIVES]
    best += _impossible(state, supply, ALTERNATIVES - len(best))
    state.add(supply, which, mass_g)
    state.shares[supply] = {each: state.shares[supply][each] for each in order}
    return Explanation(
        lot_id=state.case.supplies[supply].id,
        programme_id=state.case.demands[winner.demand].id,
        mass_g=mass_g,
        score=sum(terms.values()),
        terms=terms,
        alternatives=tuple(best),
    )


def _possible(state: State, supply: int, other: int, mass_g: int, winner: Option) -> Alternative:
    option = state.options[supply][other]
    terms = state.terms(option, mass_g)
    won = state.terms(winner, mass_g)
    why, facts = _why(state, supply, other, mass_g, terms=terms, won=won, winner=winner)
    return Alternative(
        programme_id=state.case.demands[option.demand].id,
        score=sum(terms.values()),
        terms=terms,
        why=why,
        facts=facts,
    )


def _why(
    state: State,
    supply: int,
    other: int,
    mass_g: int,
    *,
    terms: Mapping[str, float],
    won: Mapping[str, float],
    winner: Option,
) -> tuple[Why, dict[str, float | str]]:
    """The term that cost most; or, for one that would have been better, what stood in its way."""
    option = state.options[supply][other]
    behind = sum(won.values()) - sum(terms.values())
    if behind <= 0:
        return _in_the_way(state, supply, other, mass_g, behind)
    worst = max(_BY_TERM, key=lambda name: won[name] - terms[name])
    return _BY_TERM[worst], _facts(state, option, winner, worst)


def _in_the_way(
    state: State, supply: int, other: int, mass_g: int, behind: float
) -> tuple[Why, dict[str, float | str]]:
    option = state.options[supply][other]
    room_g = max(0, state.room_g(option))
    needs: dict[str, float | str] = {"needs_kg": mass_g / KILOGRAM_G}
    if room_g < mass_g:
        return Why.FULL, needs | {"storage": option.store[1], "room_kg": room_g / KILOGRAM_G}
    carried_g = state.takes_g(supply, other)
    if carried_g < mass_g:
        return Why.CARRIES_LESS, needs | {"carries_kg": carried_g / KILOGRAM_G}
    return (Why.EQUAL if behind == 0 else Why.SEARCH_ENDED), {}


def _facts(state: State, option: Option, winner: Option, term: str) -> dict[str, float | str]:
    """The figures behind a term: how far, how well supplied."""
    case = state.case
    if term == "distance":
        farther_m = option.trip.leg.distance_m - winner.trip.leg.distance_m
        return {"km": farther_m / 1_000}
    if term == "recipient_need":
        return _percents(state.level(option.demand), state.level(winner.demand))
    if term == "county_need":
        return _percents(state.county_level(option.county), state.county_level(winner.county))
    if term == "no_show":
        reliable = case.demands[option.demand].reliability, case.demands[winner.demand].reliability
        return _percents(*reliable)
    return {"group": option.need[1]} if term == "preference" else {}


def _percents(theirs: float, winners: float) -> dict[str, float | str]:
    return {"percent": round(100 * theirs, 1), "winner_percent": round(100 * winners, 1)}


def _impossible(state: State, supply: int, wanted: int) -> list[Alternative]:
    """The nearest programmes that a rule keeps from the lot."""
    case = state.case
    codes = case.feasibility.codes[supply]
    metres = case.roads.metres[supply]
    barred = [demand for demand in range(len(case.demands)) if codes[demand]]
    nearest = sorted(barred, key=lambda demand: (metres[demand], demand))[: max(0, wanted)]
    return [
        Alternative(
            programme_id=case.demands[demand].id,
            score=0.0,
            terms={},
            why=Why.FAILED_RULE,
            facts={"reason": case.feasibility.reason(supply, demand)},
        )
        for demand in nearest
    ]
