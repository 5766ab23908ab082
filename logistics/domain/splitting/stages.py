"""A large plan in stages: parts apart, the plan put together, and again with other borders.

Who solves the parts, how many at a time and in which order makes no difference to the plan.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from logistics.domain.compiled import Car, Compiled
from logistics.domain.dispatch import Dispatch
from logistics.domain.feasibility import Candidates, can_take, cars_for
from logistics.domain.insertion import Quote
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem
from logistics.domain.schedule import planned_route
from logistics.domain.solution import Reason, Route, Solution, left_out
from logistics.domain.solver.construct import lay_routes, locked_draft, nodes_of
from logistics.domain.splitting.borders import items_of, neighbourhoods
from logistics.domain.splitting.parts import Part, cut_out

PART_SIZE: Final = 320
"""Shipments that a part should have."""

SPLIT_ABOVE: Final = 500
"""Shipments, of two stops each, up to which a problem stays whole."""

STEPS_PER_SHIPMENT: Final = 100
"""About as many as the largest problem that stays whole has."""

STAGES: Final = (0.2, 0.15, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1)
"""What share of the steps each stage takes; many short ones bring more than a few long ones."""

UNTOUCHED: Final = "insertion"
"""What a part says of its engine when it keeps what it started from."""

SolveParts = Callable[[Sequence[Part]], Sequence[Solution | None]]
"""An answer for each part, in their order; None where there is none."""


def is_large(problem: Problem) -> bool:
    """Whether the problem should be solved in parts."""
    return len(problem.shipments) > SPLIT_ABOVE


def solve_in_parts(
    problem: Problem,
    solve_parts: SolveParts,
    *,
    limits: Limits,
    seed: int,
    start: Sequence[Route] = (),
    is_over: Callable[[], bool] = lambda: False,
    size: int | None = None,
) -> Solution:
    """A plan for the whole problem, never worse than what its parts find, nor than `start`.

    The steps of `limits` are dealt out among stages and parts, its seconds hold for each part. A
    part without an answer, or with a bad one, stays as it was, and what it left out is tried again
    by the next stage. Between two stages `is_over` is asked whether this was the last. `size` is
    how many shipments a part should have, `PART_SIZE` if not given.
    """
    compiled = Compiled(problem)
    work = Work(_begun(compiled, start))
    for stage, share in enumerate(STAGES):
        if stage and is_over():
            work.truncated = True
            break
        parts = _parts(compiled, work.routes, _Stage(stage, share, size or PART_SIZE, limits, seed))
        for part, answer in zip(parts, solve_parts(parts), strict=True):
            if answer is not None and part.is_answered_by(answer):
                work.take(compiled, part, answer)
            else:
                work.count({"parts_unanswered": 1})
        work.count({"parts": len(parts)})
    return _finished(compiled, work, seed)


@dataclass(slots=True)
class Work:
    """The routes so far by car, and how they were found."""

    routes: dict[int, Route]
    engines: set[str] = field(default_factory=set)
    truncated: bool = False
    figures: dict[str, int] = field(default_factory=dict)

    def take(self, compiled: Compiled, part: Part, answer: Solution) -> None:
        """The part's vehicles drive as the answer says; one without a route stays where it is."""
        for vehicle in part.problem.vehicles:
            self.routes.pop(compiled.car_of[vehicle.id].index, None)
        for route in answer.routes:
            car = compiled.car_of[route.vehicle_id].index
            self.routes[car] = part.in_the_whole(route)
        self.engines.add(answer.engine)
        self.truncated |= answer.truncated
        self.count(answer.figures)

    def count(self, figures: Mapping[str, int]) -> None:
        for name, number in figures.items():
            self.figures[name] = self.figures.get(name, 0) + number

    @property
    def engine(self) -> str:
        improving = sorted(self.engines - {UNTOUCHED})
        return "+".join(improving) or UNTOUCHED


@dataclass(frozen=True, slots=True)
class _Stage:
    number: int
    share: float
    size: int
    limits: Limits
    seed: int

    def limits_of(self, shipments: int, of: int) -> Limits:
        """The part's share of the steps; at least one where there is anything to search."""
        if self.limits.constructs_only:
            return self.limits
        steps = self.limits.iterations or STEPS_PER_SHIPMENT * of
        return Limits(max(1, round(steps * self.share * shipments / of)), self.limits.wall_s)


def _parts(compiled: Compiled, routes: Mapping[int, Route], stage: _Stage) -> list[Part]:
    """Parts in which there is something to do."""
    lots = np.random.default_rng((stage.seed, stage.number))
    groups = neighbourhoods(
        compiled,
        items_of(compiled, routes),
        stage.size,
        (lambda below: int(lots.integers(below))) if stage.number else None,
    )
    parts = []
    for number, group in enumerate(groups):
        work = sum(len(item.requests) for item in group)
        if work:
            limits = stage.limits_of(work, len(compiled.shipments))
            seed = stage.seed + number + stage.number * len(compiled.shipments)
            parts.append(cut_out(compiled, group, routes, limits=limits, seed=seed))
    return parts


def _begun(compiled: Compiled, start: Sequence[Route]) -> dict[int, Route]:
    """What vehicles are bound to, and of `start` what still holds."""
    cars: list[list[Car]] = [[] for _ in compiled.requests]
    hopeless: dict[int, Reason] = {}
    for request in sorted(compiled.bound_to):
        cars[request], reason = cars_for(compiled, request)
        if reason is not None:
            hopeless[request] = reason
    draft = locked_draft(compiled, Candidates(cars, hopeless))
    nodes = nodes_of(compiled, start)
    for car, sequence in zip(compiled.cars, nodes, strict=True):
        for request in {node // 2 for node in sequence} - compiled.bound_to.keys():
            if can_take(compiled, request, car):
                draft.able.cars[request] = [car]
    lay_routes(draft, nodes)
    return {
        track.car.index: planned_route(compiled, track.car, track.nodes)
        for track in draft.tracks
        if track.nodes
    }


def _finished(compiled: Compiled, work: Work, seed: int) -> Solution:
    """With a last try for what no part has served, each at its cheapest place anywhere."""
    dispatch = Dispatch(compiled.problem, tuple(work.routes.values()))
    served = {task.shipment_id for route in work.routes.values() for task in route.tasks}
    left = [one for one in compiled.shipments if one.id not in served]
    unassigned: dict[str, Reason] = {}
    for one in sorted(left, key=lambda one: (one.prize is not None, -(one.prize or 0))):
        reason = _last_try(compiled, dispatch, one.id, one.prize)
        if reason is not None:
            unassigned[one.id] = reason
    driven = {route.vehicle_id: route for route in dispatch.routes}
    routes = tuple(driven[v.id] for v in compiled.problem.vehicles if v.id in driven)
    prizes = (one.prize for one in left if one.id in unassigned)
    return Solution(
        routes=routes,
        unassigned=unassigned,
        cost=sum((route.cost for route in routes), left_out(prizes)),
        engine=work.engine,
        seed=seed,
        truncated=work.truncated,
        figures=work.figures,
    )


def _last_try(
    compiled: Compiled, dispatch: Dispatch, shipment_id: str, prize: int | None
) -> Reason | None:
    """Why the shipment stays out; None when it has found a place.

    What a vehicle was bound to and cannot do first is not done later.
    """
    request = compiled.request_of[shipment_id]
    if request in compiled.bound_to:
        return cars_for(compiled, request)[1] or Reason.NO_ROOM_LEFT
    quote = dispatch.quote(shipment_id)
    if not isinstance(quote, Quote):
        return quote
    if prize is not None and quote.extra_cost > prize:
        return Reason.NOT_WORTH_THE_WAY
    dispatch.accept(quote)
    return None
