"""Slope passes: take a lot back and place it anew, as long as the plan gets better."""

from random import Random

from matching.domain.solver.place import place
from matching.domain.solver.state import State

PORTIONS = (1, 2, 4)
#: At most so many lots are taken back together.
RIVALS = 6
#: Less than this many kilograms of score is no improvement but rounding.
LEAST_GAIN = 1e-9


def improve(state: State, *, passes: int, evaluations: int, seed: int) -> bool:
    """Pass over all lots in random order until none changes; returns whether work ran out first."""
    order = [supply for supply, options in enumerate(state.options) if options]
    random = Random(seed)  # noqa: S311 - not a secret: it breaks ties
    for _ in range(passes):
        random.shuffle(order)
        changed = 0
        for supply in order:
            if state.evaluations >= evaluations:
                return True
            changed += replace_lot(state, supply)
        if not changed:
            return False
    return False


def replace_lot(state: State, supply: int) -> bool:
    """Take back a lot's shares and place it anew; keeps the old ones unless that is better."""
    return replace_lots(state, [supply])


def replace_lots(state: State, supplies: list[int]) -> bool:
    """The same for several lots at once, placed anew in the order in which they are given."""
    before = [(supply, list(state.shares[supply].items())) for supply in supplies]
    lost = sum(_give_back(state, supply, which) for supply, shares in before for which, _ in shares)
    gained = sum(place(state, supply, PORTIONS) for supply in supplies)
    if gained > lost + LEAST_GAIN:
        return True
    for supply in supplies:
        for which in list(state.shares[supply]):
            state.remove(supply, which)
    for supply, shares in before:
        for which, mass_g in shares:
            state.add(supply, which, mass_g)
    return False


def shake(state: State, *, times: int, evaluations: int, seed: int) -> bool:
    """Take back a few lots that compete for one store and place them in another order.

    This is what frees a full store for the lot that needs it most. Returns whether work ran out.
    """
    random = Random(seed)  # noqa: S311 - not a secret: it varies the search
    rivals = _rivals(state)
    stores = [store for store in rivals if len(rivals[store]) > 1]
    for _ in range(times if stores else 0):
        if state.evaluations >= evaluations:
            return True
        lots = rivals[random.choice(stores)]
        replace_lots(state, random.sample(lots, min(len(lots), random.randint(2, RIVALS))))
    return False


def _rivals(state: State) -> dict[tuple[str, str], list[int]]:
    """For each store, the lots that could go there."""
    rivals: dict[tuple[str, str], list[int]] = {}
    for supply, options in enumerate(state.options):
        for store in dict.fromkeys(option.store for option in options):
            rivals.setdefault(store, []).append(supply)
    return rivals


def settle(state: State, *, passes: int = 10) -> bool:
    """Move whole shares to where they are worth more until none is; tells whether passes ran out.

    Afterwards every share can be explained: no programme with room for it would have been better.
    """
    for _ in range(passes):
        moved = 0
        for supply, shares in enumerate(state.shares):
            for which in sorted(shares):
                moved += _move(state, supply, which)
        if not moved:
            return False
    return True


def _move(state: State, supply: int, which: int) -> bool:
    """Give one share to the programme where all of it is worth most now."""
    mass_g = state.remove(supply, which)
    best, best_worth = which, state.value(supply, which, mass_g) + LEAST_GAIN
    for other in range(len(state.options[supply])):
        if state.takes_g(supply, other) >= mass_g:
            worth = state.value(supply, other, mass_g)
            if worth > best_worth:
                best, best_worth = other, worth
    state.add(supply, best, mass_g)
    return best != which


def _give_back(state: State, supply: int, which: int) -> float:
    """Removes a share and returns what it was worth."""
    mass_g = state.remove(supply, which)
    return state.value(supply, which, mass_g)
