"""From the state of a plan to the solution that is stored: shares, leftovers, figures."""

from collections.abc import Iterator

import numpy as np

from backend.claims.domain.reasons import Reason
from matching.domain.fairness import gini
from matching.domain.feasibility import Soft
from matching.domain.kernel import columns as c
from matching.domain.objective import score_terms
from matching.domain.solution import Assignment, Figures, Solution, Unassigned
from matching.domain.solver.state import State


def solution_of(state: State, *, bound: float, truncated: bool) -> Solution:
    """The plan as it stands, in the order in which the problem's supplies were sorted."""
    chosen = list(state.chosen())
    terms = _terms(state, chosen)
    score = sum(terms.values())
    return Solution(
        assignments=tuple(_assignments(state, chosen)),
        unassigned=tuple(_unassigned(state)),
        score=score,
        bound=max(bound, score),
        truncated=truncated,
        figures=_figures(state, chosen),
        terms=terms,
    )


def _terms(state: State, chosen: list[tuple[int, int, int]]) -> dict[str, float]:
    return score_terms(
        state.case,
        ((s, state.demand(o), mass_g, state.distance_m(o)) for s, o, mass_g in chosen),
    )


def _assignments(state: State, chosen: list[tuple[int, int, int]]) -> Iterator[Assignment]:
    """Shares lot by lot; within a lot whole steps first and larger before smaller."""
    supplies = np.array([supply for supply, _, _ in chosen], dtype=np.int64)
    demands = np.array([state.demand(option) for _, option, _ in chosen], dtype=np.int64)
    trips = state.case.feasibility.trips(supplies, demands)
    for row, (supply, option, mass_g) in enumerate(chosen):
        times = state.driven.of_option.get(option, trips[row])
        trip = state.case.feasibility.trip_of(times)
        yield state.case.assignment(supply, state.demand(option), mass_g, trip)


def _unassigned(state: State) -> Iterator[Unassigned]:
    for supply in np.flatnonzero(state.left_g).tolist():
        tally = state.case.feasibility.tally(supply)
        yield Unassigned(
            lot_id=state.case.supplies[supply].id,
            mass_g=int(state.left_g[supply]),
            reason=_main_reason(state, supply, tally),
            tally=tally,
        )


def _main_reason(state: State, supply: int, tally: dict[str, int]) -> str:
    """Why the rest of a lot stays: the rule that most fail, or what the plan leaves no room for."""
    if len(state.undriven(supply)):
        return Reason.NO_COURIER_ON_SHIFT
    if len(state.options(supply)):
        step_g = state.case.supplies[supply].lot.step_g
        _, takes_g = state.values(supply, 1)
        fits = (takes_g >= min(step_g, int(state.left_g[supply]))).any()
        return Soft.NOT_WORTH_THE_TRIP if fits else Soft.FULL_BY_THIS_PLAN
    return next(iter(tally), Soft.NO_RECIPIENTS)


def _figures(state: State, chosen: list[tuple[int, int, int]]) -> Figures:
    case = state.case
    assigned_g = sum(mass_g for _, _, mass_g in chosen)
    ways = {int(state.offer.options.ways[option]): option for _, option, _ in chosen}
    driven_m = sum(state.distance_m(o) for way, o in ways.items() if not state.offer.made[way])
    people = [float(demand.people) for demand in case.demands]
    per_head = [state.level_g(d) / demand.people for d, demand in enumerate(case.demands)]
    reached = {state.demand(option) for _, option, _ in chosen}
    return Figures(
        offered_g=int(state.offer.lots[:, c.L_LEFT].sum()),
        assigned_g=assigned_g,
        shares=len(chosen),
        trips=len(ways),
        driven_m=driven_m,
        km_per_100_kg=driven_m / assigned_g * 100 if assigned_g else 0.0,
        gini=gini(per_head, people),
        people_reached=sum(case.demands[demand].people for demand in reached),
        pairs=len(case.supplies) * len(case.demands),
        options=len(state.offer.found.demands),
        evaluations=state.evaluations,
    )
