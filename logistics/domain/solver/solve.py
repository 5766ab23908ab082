"""`solve`: from a problem to a plan, whichever engine improves it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import ne
from typing import Final

from logistics.domain.compiled import Compiled
from logistics.domain.feasibility import candidates
from logistics.domain.limits import Limits, OnProgress, Pace, Stop
from logistics.domain.problem import Problem
from logistics.domain.schedule import planned_route
from logistics.domain.solution import Reason, Route, Solution, left_out
from logistics.domain.solver.construct import (
    Draft,
    fill,
    lay_routes,
    locked_draft,
    nodes_of,
)
from logistics.domain.solver.engine import Engine, Improved
from logistics.domain.solver.kernel.engine import RuinAndRecreate
from logistics.domain.solver.routing_library import RoutingLibrary

INSERTION: Final = "insertion"
INSERTED_AT_MOST: Final = 100
"""Requests up to which a first plan is inserted here, even if the engine could build one itself."""

NEW_AT_MOST: Final = 0.1
"""Share of the requests that may be new where a plan goes on from a running one."""

DEFAULT_ENGINES: Final[tuple[Engine, ...]] = (RuinAndRecreate(), RoutingLibrary())


def solve(
    problem: Problem,
    *,
    limits: Limits,
    seed: int,
    start: Sequence[Route] | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
    pace: Pace | None = None,
    engines: Sequence[Engine] = DEFAULT_ENGINES,
) -> Solution:
    """A plan for the whole problem; never raises for what cannot be served, but says why.

    `start` are the routes now on the road or in a draft; they may be out of date. The same problem,
    limits, seed and start give the same plan on any machine, unless it says `truncated`: `stop`
    or the wall clock ended it. The first engine that answers with routes that hold improves the
    plan; none can make it worse. With a `pace`, time ends the search instead of work.
    """
    compiled = Compiled(problem)
    draft = locked_draft(compiled, candidates(compiled))
    loose = len(draft.out)
    lay_routes(draft, nodes_of(compiled, start or ()))
    draft.warm = len(draft.out) <= NEW_AT_MOST * loose
    work = Work(engine=INSERTION)
    searching = () if limits.constructs_only or not any(draft.able.cars) else engines
    for engine in searching:
        if not engine.builds or len(draft.out) <= INSERTED_AT_MOST:
            fill(draft)
        improved = engine.improve(
            draft, limits=limits, seed=seed, on_progress=on_progress, stop=stop, pace=pace
        )
        if improved is not None:
            draft, holds = _better(draft, improved, engine.name, work)
            if holds:
                break
    else:
        fill(draft)
    return _solution(draft, work, seed)


@dataclass(slots=True)
class Work:
    """What the engines did on the way to the plan."""

    engine: str
    truncated: bool = False
    bound: int | None = None
    figures: dict[str, int] = field(default_factory=dict)


def _better(draft: Draft, improved: Improved, name: str, work: Work) -> tuple[Draft, bool]:
    """The engine's plan after our own check where it is better; whether all its routes held."""
    work.truncated |= improved.truncated
    work.bound = improved.bound if improved.bound is not None else work.bound
    work.figures[f"{name}_iterations"] = improved.iterations
    trusted = locked_draft(draft.compiled, draft.able)
    lay_routes(trusted, improved.routes)
    holds = trusted.routes == improved.routes
    if not holds:
        work.figures[f"{name}_routes_refused"] = sum(map(ne, trusted.routes, improved.routes))
    fill(trusted)
    if trusted.key >= draft.key:
        return draft, holds
    work.engine = name
    return trusted, holds


def _solution(draft: Draft, work: Work, seed: int) -> Solution:
    compiled = draft.compiled
    routes = {
        track.car.vehicle.id: planned_route(compiled, track.car, track.nodes)
        for track in draft.tracks
        if track.nodes
    }
    ordered = tuple(routes[v.id] for v in compiled.problem.vehicles if v.id in routes)
    unassigned = _unassigned(draft)
    prizes = (one.prize for one in compiled.problem.shipments if one.id in unassigned)
    return Solution(
        routes=ordered,
        unassigned=unassigned,
        cost=sum((route.cost for route in ordered), left_out(prizes)),
        engine=work.engine,
        seed=seed,
        truncated=work.truncated,
        bound=work.bound,
        figures=work.figures,
    )


def _unassigned(draft: Draft) -> dict[str, Reason]:
    hopeless = draft.able.hopeless
    return {
        draft.compiled.shipments[request].id: hopeless.get(request) or _crowded_out(draft, request)
        for request in sorted(draft.out)
    }


def _crowded_out(draft: Draft, request: int) -> Reason:
    return Reason.NOT_WORTH_THE_WAY if request in draft.not_worth else Reason.NO_ROOM_LEFT
