"""Problems for the compiled search with every rule mixed, and what a search on them gives."""

from dataclasses import replace
from random import Random

from hypothesis import assume

from logistics.domain.compiled import Compiled
from logistics.domain.feasibility import candidates
from logistics.domain.limits import Limits
from logistics.domain.problem import (
    UNREACHABLE,
    Lock,
    Matrix,
    OnBoard,
    Problem,
    TaskKind,
)
from logistics.domain.schedule import planned_route
from logistics.domain.solution import Solution
from logistics.domain.solver.construct import Draft, lay_routes, locked_draft
from logistics.domain.solver.kernel import building
from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.engine import Team
from logistics.domain.solver.kernel.lanes import Budget
from logistics.domain.solver.solve import solve
from tests.logistics.domain.cities import drawn_problem


def without_metric(one: Problem, rnd: Random) -> Problem:
    """Detours are often quicker than the direct way, and some ways do not exist."""
    [matrix] = one.matrices

    def changed(seconds: int) -> int:
        if seconds == 0 or rnd.random() < 0.5:
            return seconds
        return UNREACHABLE if rnd.random() < 0.1 else rnd.randint(1, 200)

    times = tuple(tuple(map(changed, row)) for row in matrix.durations_s)
    metres = tuple(
        tuple(UNREACHABLE if s == UNREACHABLE else m for s, m in zip(*rows, strict=True))
        for rows in zip(times, matrix.distances_m, strict=True)
    )
    return replace(one, matrices=(Matrix(matrix.profile, times, metres),))


def on_the_road(one: Problem, plan: Solution, rnd: Random) -> Problem:
    """The first tasks of each route are done or locked."""
    locks = []
    for route in plan.routes:
        done = rnd.randint(0, len(route.tasks))
        gone, rest = route.tasks[:done], route.sequence[done:]
        over = {task.shipment_id for task in gone if task.kind is TaskKind.DELIVERY}
        aboard = [OnBoard(t.shipment_id, t.departure_s) for t in gone if t.shipment_id not in over]
        locked = tuple(rest[: rnd.randint(0, len(rest))])
        if not over:
            locks.append(Lock(route.vehicle_id, locked, tuple(aboard)))
    return replace(one, locks=tuple(locks))


def drawn(seed: int) -> Problem:
    """Every rule mixed, often with locks or times that are no metric."""
    rnd = Random(seed)  # noqa: S311
    one = drawn_problem(rnd, rnd.randint(1, 12), rnd.randint(1, 4))
    if rnd.random() < 0.5:
        one = without_metric(one, rnd)
    if rnd.random() < 0.4:
        one = on_the_road(one, solve(one, limits=Limits(iterations=0), seed=1), rnd)
    return one


def draft_of(one: Problem) -> Draft:
    compiled = Compiled(one)
    return locked_draft(compiled, candidates(compiled))


def searched(one: Problem, seed: int, steps: int = 60) -> tuple[Draft, Team]:
    """A finished search, and its routes after our own check."""
    draft = draft_of(one)
    held = building.fixed(draft)
    assume(held.free)
    facts = building.facts(draft.compiled, draft.able, held)
    team = Team(draft, facts, held, seed, Budget(steps, None, None))
    team.run()
    routes = [tuple(map(int, row[1 : row[0] + 1])) for row in team.best]
    lay_routes(draft, routes)
    assert draft.routes == routes
    return draft, team


def true_cost(draft: Draft) -> tuple[int, int]:
    """Of the exact schedule: mandatory requests missed, and all cost."""
    missed, prizes = draft.price_of(draft.out)
    used = [track for track in draft.tracks if track.nodes]
    routes = [planned_route(draft.compiled, track.car, track.nodes) for track in used]
    return missed, prizes + sum(route.cost.total for route in routes)


def claimed(team: Team) -> tuple[int, int]:
    """As `true_cost`, by the search's own account."""
    missed, cost = divmod(team.least, col.MISSED)
    return missed + team.given_up[0], cost + team.given_up[1]
