"""Placing what is left of one lot: whole or in portions, each where it is worth most now."""

from collections.abc import Iterable
from heapq import nlargest
from typing import Final

from matching.domain.solver.state import State

#: How many of the best options are worth a closer look.
SHORTLIST: Final = 10
Share = tuple[int, int]


def place(state: State, supply: int, portions: Iterable[int]) -> float:
    """Adds shares of a lot in the best way of those tried; returns what they are worth.

    `portions`: into how many equal parts to cut what is left, each number tried on its own. Nothing
    is placed that is not worth its trip.
    """
    if not state.left_g[supply] or not state.options[supply]:
        return 0.0
    parts = sorted(set(portions))
    shortlist = _shortlist(state, supply, parts[-1])
    best_worth, best_shares = 0.0, list[Share]()
    for count in parts:
        worth, shares = _try(state, supply, shortlist, count)
        if worth > best_worth:
            best_worth, best_shares = worth, shares
    for which, mass_g in best_shares:
        state.add(supply, which, mass_g)
    return best_worth


def _shortlist(state: State, supply: int, most_parts: int) -> list[int]:
    """Options that look best for all that is left, for a portion of it, or that are in use."""
    portion_g = _portion_g(state, supply, most_parts)
    chosen = set(state.shares[supply])
    whole, part = [], []
    for which in range(len(state.options[supply])):
        fits_g = state.fits_g(supply, which)
        if fits_g:
            whole.append((state.value(supply, which, fits_g), -which))
            part.append((state.value(supply, which, min(fits_g, portion_g)), -which))
    for ranked in (whole, part):
        chosen.update(-negative for _, negative in nlargest(SHORTLIST, ranked))
    return sorted(chosen)


def _portion_g(state: State, supply: int, count: int) -> int:
    """An equal part of what is left, in whole steps and rounded up."""
    step_g = state.case.supplies[supply].lot.step_g
    steps = -(-state.left_g[supply] // (step_g * count))
    return min(state.left_g[supply], steps * step_g)


def _try(state: State, supply: int, shortlist: list[int], count: int) -> tuple[float, list[Share]]:
    """What cutting into so many parts is worth; the state is left as it was."""
    portion_g = _portion_g(state, supply, count)
    worth, added = 0.0, list[Share]()
    while state.left_g[supply]:
        gain, which, mass_g = _best(state, supply, shortlist, portion_g)
        if gain <= 0:
            break
        state.add(supply, which, mass_g)
        worth += gain
        added.append((which, mass_g))
    for which, mass_g in reversed(added):
        state.remove(supply, which, mass_g)
    return worth, added


def _best(
    state: State, supply: int, shortlist: list[int], portion_g: int
) -> tuple[float, int, int]:
    best = 0.0, -1, 0
    for which in shortlist:
        mass_g = state.fits_g(supply, which)
        mass_g = min(mass_g, portion_g)
        if mass_g:
            gain = state.value(supply, which, mass_g)
            if gain > best[0]:
                best = gain, which, mass_g
    return best
