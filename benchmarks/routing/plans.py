"""What a method's routes are as a plan of our own, checked by the product's checker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from benchmarks.routing.method import Routes
from logistics.domain.checker import check
from logistics.domain.compiled import Compiled
from logistics.domain.feasibility import candidates
from logistics.domain.problem import Problem
from logistics.domain.schedule import InfeasibleRoute, planned_route
from logistics.domain.solution import Cost, Reason, Route, Solution


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan with its times, or what is wrong with it."""

    solution: Solution | None
    faults: tuple[str, ...] = ()


def judged(problem: Problem, routes: Routes) -> Judged:
    """Times every route and checks the whole."""
    try:
        timed = timed_routes(problem, routes)
    except InfeasibleRoute as broken:
        return Judged(None, (f"infeasible route: {broken}",))
    plan = as_solution(problem, timed)
    found = tuple(violation.code for violation in check(problem, plan))
    return Judged(None if found else plan, found)


def timed_routes(problem: Problem, routes: Routes) -> list[Route]:
    compiled = Compiled(problem)
    return [
        planned_route(compiled, compiled.car_of[vehicle], [compiled.node(task) for task in tasks])
        for vehicle, tasks in routes
        if tasks
    ]


def as_solution(problem: Problem, routes: Sequence[Route]) -> Solution:
    """The plan whose other shipments stay out: impossible alone, or because of the others."""
    hopeless = hopeless_shipments(problem)
    served = {task.shipment_id for route in routes for task in route.tasks}
    out = [one for one in problem.shipments if one.id not in served]
    left = Cost(
        unserved=sum(one.prize or 0 for one in out),
        missed=sum(one.prize is None for one in out),
    )
    return Solution(
        routes=tuple(routes),
        unassigned={one.id: hopeless.get(one.id, Reason.NO_ROOM_LEFT) for one in out},
        cost=reduce(add, (route.cost for route in routes), left),
        engine="benchmark",
        seed=0,
    )


def hopeless_shipments(problem: Problem) -> dict[str, Reason]:
    """Shipments that no vehicle could carry even alone."""
    compiled = Compiled(problem)
    hopeless = candidates(compiled).hopeless
    return {compiled.shipments[request].id: reason for request, reason in hopeless.items()}


def servable(problem: Problem) -> Problem:
    """Without what no vehicle could carry even alone, which some peers cannot leave out."""
    hopeless = hopeless_shipments(problem)
    left = tuple(one for one in problem.shipments if one.id not in hopeless)
    return replace(problem, shipments=left)


@dataclass(frozen=True, slots=True)
class Worth:
    """A plan in the figures that people compare; `value` is the sum of prizes served."""

    value: int
    left_out: int
    vehicles: int
    metres: int

    @property
    def key(self) -> tuple[int, int]:
        """Smaller is better: value first, then metres."""
        return -self.value, self.metres


def worth(problem: Problem, plan: Solution) -> Worth:
    return Worth(
        value=sum(one.prize or 0 for one in problem.shipments if one.id not in plan.unassigned),
        left_out=len(plan.unassigned),
        vehicles=len(plan.routes),
        metres=sum(route.distance_m for route in plan.routes),
    )
