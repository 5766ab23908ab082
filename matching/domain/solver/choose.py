"""One entry for every size of problem: greedy for one fresh lot, the flow for a round."""

from math import inf

from matching.domain.candidates import options_of
from matching.domain.case import Case
from matching.domain.problem import Problem
from matching.domain.solution import Limits, Solution
from matching.domain.solver.bound import Auction
from matching.domain.solver.flow import best_flow, grams_by_option, node_prices
from matching.domain.solver.improve import improve, settle, shake
from matching.domain.solver.network import Network
from matching.domain.solver.place import place
from matching.domain.solver.report import solution_of
from matching.domain.solver.rounding import refill, straighten, take_flow
from matching.domain.solver.state import State

#: How a single lot is cut when it is placed on its own.
SINGLE_PORTIONS = (1, 2, 3, 6, 12)
#: Up to so many lots there is time to search widely.
SMALL_ROUND = 200


def solve(problem: Problem, *, limits: Limits | None = None, seed: int = 0) -> Solution:
    """The best plan found within the limits; the same for the same problem, limits and seed.

    Never fails on a valid problem: what cannot be placed is reported with its reason.
    """
    return solve_case(Case(problem), limits=limits or Limits(), seed=seed)[0]


def solve_case(case: Case, *, limits: Limits, seed: int) -> tuple[Solution, State]:
    """The plan, and the state that explains it."""
    state = State(case, options_of(case, limits))
    if len(case.supplies) == 1:
        bound, truncated = _place_single(state), False
    else:
        bound, truncated = _plan_round(state, limits, seed)
    return solution_of(state, bound=bound, truncated=truncated), state


def _place_single(state: State) -> float:
    place(state, 0, SINGLE_PORTIONS)
    straighten(state)
    settle(state)
    return Auction(state.case, state.options).worth


def _plan_round(state: State, limits: Limits, seed: int) -> tuple[float, bool]:
    bound, grams = _price_out(state, limits)
    take_flow(state, grams)
    refill(state)
    work = limits.evaluations
    truncated = improve(state, passes=limits.passes, evaluations=work, seed=seed)
    truncated |= shake(state, times=_shakes(state, limits), evaluations=work, seed=seed)
    straighten(state)
    return bound, settle(state) or truncated


def _shakes(state: State, limits: Limits) -> int:
    """Small rounds are shaken in full; larger ones less, so that the time stays about the same."""
    lots = len(state.case.supplies)
    return limits.shakes if lots <= SMALL_ROUND else limits.shakes * SMALL_ROUND // lots


def _price_out(state: State, limits: Limits) -> tuple[float, list[list[int]]]:
    """The best bound and the last flow; programmes that outbid the candidates join the options."""
    bound = inf
    for _ in range(limits.pricing + 1):
        network = Network(state.case, state.options)
        flows = best_flow(network)
        auction = Auction(state.case, state.options, network, node_prices(network, flows))
        bound = min(bound, auction.worth)
        grams = grams_by_option(network, flows)
        if not any(auction.newcomers):
            break
        for options, row, newcomers in zip(state.options, grams, auction.newcomers, strict=True):
            options.extend(newcomers)
            row.extend(0 for _ in newcomers)
    return bound, grams
