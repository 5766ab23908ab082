"""From grams that flow freely to shares that can be handed over."""

from matching.domain.solver.place import place
from matching.domain.solver.state import State

#: What is left after rounding is tried whole and in so many parts.
REFILL_PORTIONS = (1, 3)


def take_flow(state: State, grams: list[list[int]]) -> None:
    """Take the flow's largest shares of each lot, in whole steps, as far as they are worth it."""
    for supply, row in enumerate(grams):
        largest = sorted((-mass_g, which) for which, mass_g in enumerate(row) if mass_g)
        for negative_g, which in largest:
            _take(state, supply, which, -negative_g)


def _take(state: State, supply: int, which: int, wanted_g: int) -> None:
    fits_g = state.fits_g(supply, which)
    mass_g = fits_g if wanted_g >= fits_g else wanted_g - wanted_g % _step_g(state, supply)
    if mass_g and state.value(supply, which, mass_g) > 0:
        state.add(supply, which, mass_g)


def refill(state: State) -> None:
    """Place what is left, the food with the least time first and the larger lots before others."""
    urgency = state.case.urgency
    order = sorted(range(len(state.left_g)), key=lambda s: (-urgency[s], -state.left_g[s], s))
    for supply in order:
        place(state, supply, REFILL_PORTIONS)


def straighten(state: State) -> None:
    """Where some of a lot is left, all its shares must be whole steps: trim the one that is not."""
    for supply, left_g in enumerate(state.left_g):
        if not left_g:
            continue
        for which, mass_g in list(state.shares[supply].items()):
            odd_g = mass_g % _step_g(state, supply)
            if odd_g:
                state.remove(supply, which, odd_g)


def _step_g(state: State, supply: int) -> int:
    return state.case.supplies[supply].lot.step_g
