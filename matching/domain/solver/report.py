"""From the state of a plan to the solution that is stored: shares, leftovers, figures."""

from collections.abc import Iterator

from matching.domain.case import Option
from matching.domain.fairness import gini
from matching.domain.feasibility import Soft
from matching.domain.objective import score_terms
from matching.domain.solution import Assignment, Figures, Solution, Unassigned
from matching.domain.solver.state import State


def solution_of(state: State, *, bound: float, truncated: bool) -> Solution:
    """The plan as it stands, in the order in which the problem's supplies were sorted."""
    terms = score_terms(state.case, state.chosen())
    score = sum(terms.values())
    return Solution(
        assignments=tuple(assignments_of(state)),
        unassigned=tuple(_unassigned(state)),
        score=score,
        bound=max(bound, score),
        truncated=truncated,
        figures=_figures(state),
        terms=terms,
    )


def assignments_of(state: State) -> Iterator[Assignment]:
    """Shares lot by lot; within a lot whole steps first and larger before smaller."""
    for supply, shares in enumerate(state.shares):
        step_g = state.case.supplies[supply].lot.step_g
        order = sorted((mass_g % step_g > 0, -mass_g, which) for which, mass_g in shares.items())
        for _, negative_g, which in order:
            yield _assignment(state, state.options[supply][which], -negative_g)


def _assignment(state: State, option: Option, mass_g: int) -> Assignment:
    trip = option.trip
    return Assignment(
        lot_id=state.case.supplies[option.supply].id,
        programme_id=state.case.demands[option.demand].id,
        mass_g=mass_g,
        transport=trip.transport,
        distance_m=trip.leg.distance_m,
        travel_s=trip.leg.travel_s,
        departs_at=trip.departs_at,
        hands_over_at=trip.hands_over_at or trip.reaches_at,
    )


def _unassigned(state: State) -> Iterator[Unassigned]:
    for supply, left_g in enumerate(state.left_g):
        if left_g:
            tally = state.case.feasibility.tally(supply)
            yield Unassigned(
                lot_id=state.case.supplies[supply].id,
                mass_g=left_g,
                reason=_main_reason(state, supply, tally),
                tally=tally,
            )


def _main_reason(state: State, supply: int, tally: dict[str, int]) -> str:
    """Why the rest of a lot stays: the rule that most fail, or what the plan leaves no room for."""
    options = range(len(state.options[supply]))
    if options:
        fits = any(state.fits_g(supply, which) for which in options)
        return Soft.NOT_WORTH_THE_TRIP if fits else Soft.FULL_BY_THIS_PLAN
    return next(iter(tally), Soft.NO_RECIPIENTS)


def _figures(state: State) -> Figures:
    case = state.case
    chosen = list(state.chosen())
    assigned_g = sum(mass_g for _, mass_g in chosen)
    ways = {option.way: option.trip.leg.distance_m for option, _ in chosen}
    driven_m = sum(metres for way, metres in ways.items() if not case.trips[way])
    people = [float(demand.people) for demand in case.demands]
    per_head = [state.level_g(d) / demand.people for d, demand in enumerate(case.demands)]
    reached = {option.demand for option, _ in chosen}
    return Figures(
        offered_g=sum(supply.lot.left_g for supply in case.supplies),
        assigned_g=assigned_g,
        shares=len(chosen),
        trips=len(ways),
        driven_m=driven_m,
        km_per_100_kg=driven_m / assigned_g * 100 if assigned_g else 0.0,
        gini=gini(per_head, people),
        people_reached=sum(case.demands[demand].people for demand in reached),
        pairs=len(case.supplies) * len(case.demands),
        options=sum(len(row) for row in state.options),
        evaluations=state.evaluations,
    )
