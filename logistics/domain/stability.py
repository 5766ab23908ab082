"""Keeps routes that people were promised, unless changing them brings enough.

Routes that exchanged shipments belong together: all of them change, or none does.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from logistics.domain.checker import check
from logistics.domain.compiled import Compiled
from logistics.domain.invalid import Findings
from logistics.domain.problem import Problem, Task
from logistics.domain.schedule import InfeasibleRoute, planned_route
from logistics.domain.solution import Cost, Reason, Route, Solution, left_out

PERCENT: Final = 100
Promises = Mapping[str, Sequence[Task]]
"""By vehicle the tasks that its driver was told of, in their order. More may follow after them."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a change must bring: so many cost units for each promised route that it touches, and so
    many per cent of what the routes concerned cost before, whichever is more.
    """

    per_route: int = 0
    percent: int = 0

    def __post_init__(self) -> None:
        found = Findings()
        found.natural("per_route", self.per_route)
        found.natural("percent", self.percent)
        found.raise_if_any()

    def least_gain(self, *, touched: int, cost: int) -> int:
        """At least one unit, so that nothing changes for nothing."""
        if not touched:
            return 1
        return max(1, self.per_route * touched, -(-cost * self.percent // PERCENT))


def steady(
    problem: Problem,
    old: Solution,
    new: Solution,
    threshold: Threshold,
    *,
    promised: Promises | None = None,
) -> Solution:
    """The new plan where it is worth the change, the old one elsewhere.

    Both are valid plans of the problem. `promised` is what drivers were told, by default all routes
    of the old plan. Serving more of what must be served is always worth it, and serving less never.
    The same plans give the same result; one that fails the check is dropped for the old plan.
    """
    told = _sequences(old) if promised is None else promised
    mixed = _Mixing(problem, old, new, told)
    worth = [group for group in mixed.groups() if mixed.is_worth(group, threshold)]
    chosen = mixed.with_new(worth)
    return old if check(problem, chosen) else chosen


def touched(promised: Promises, plan: Solution, vehicles: Collection[str]) -> list[str]:
    """Those of the vehicles whose promise the plan does not keep, in order."""
    driven = _sequences(plan)
    return [
        name
        for name in sorted(vehicles)
        if name in promised and driven.get(name, ())[: len(promised[name])] != tuple(promised[name])
    ]


def replacements(promised: Promises, plan: Solution) -> list[tuple[str, ...]]:
    """Groups of vehicles that must change at once: those whose promises the plan does not keep,
    with those that take over what was promised.
    """
    broken = touched(promised, plan, promised)
    before = {task.shipment_id: name for name in broken for task in promised[name]}
    after = {one: name for one, name in _served_by(plan).items() if one in before}
    return _linked([*broken, *after.values()], before, after)


def reconsidered(
    problem: Problem,
    plan: Solution,
    solve: Callable[[Problem, Sequence[Route]], Solution],
    threshold: Threshold,
    promised: Promises,
) -> Solution | None:
    """What to do instead of a plan that kept every promise; None when the promises should stay.

    In `problem` the promises are open; `plan` may come from one in which they were locked. `solve`
    improves the plan that it is given to start from.
    """
    as_it_is = retimed(problem, plan)
    if as_it_is is None:
        return None
    better = solve(problem, as_it_is.routes)
    if check(problem, better):
        return None
    chosen = steady(problem, as_it_is, better, threshold, promised=promised)
    return chosen if touched(promised, chosen, promised) else None


def retimed(problem: Problem, plan: Solution) -> Solution | None:
    """The same sequences with the times and costs of another problem of the same shipments and
    vehicles; None where a route would break a rule there.
    """
    compiled = Compiled(problem)
    routes = []
    for route in plan.routes:
        nodes = [compiled.node(task) for task in route.sequence]
        try:
            routes.append(planned_route(compiled, compiled.car_of[route.vehicle_id], nodes))
        except InfeasibleRoute:
            return None
    there = _whole(problem, routes, plan.unassigned, plan)
    return None if check(problem, there) else there


class _Mixing:
    """Two plans of one problem, taken apart into groups of vehicles that can be chosen alone."""

    def __init__(self, problem: Problem, old: Solution, new: Solution, promised: Promises) -> None:
        self._problem = problem
        self._old, self._new = old, new
        self._promised = promised
        self._prizes = {shipment.id: shipment.prize for shipment in problem.shipments}
        self._old_at, self._new_at = _served_by(old), _served_by(new)

    def groups(self) -> list[tuple[str, ...]]:
        """Vehicles that drive differently, with those that they exchanged shipments with."""
        old, new = _sequences(self._old), _sequences(self._new)
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        before = {one: name for one, name in self._old_at.items() if name in changed}
        return _linked(changed, before, self._new_at)

    def is_worth(self, group: Sequence[str], threshold: Threshold) -> bool:
        before, after = self._cost(self._old, group), self._cost(self._new, group)
        if before.missed != after.missed:
            return after.missed < before.missed
        least = threshold.least_gain(
            touched=len(touched(self._promised, self._new, group)),
            cost=before.total - before.unserved,
        )
        return before.total - after.total >= least

    def with_new(self, groups: Iterable[Sequence[str]]) -> Solution:
        """The old plan with these groups as in the new one."""
        taken = {name for group in groups for name in group}
        routes = [r for r in self._old.routes if r.vehicle_id not in taken]
        routes += [r for r in self._new.routes if r.vehicle_id in taken]
        reasons = {**self._old.unassigned, **self._new.unassigned}
        return _whole(self._problem, routes, reasons, self._new)

    def _cost(self, plan: Solution, group: Sequence[str]) -> Cost:
        """Of the routes of a group, and of what of its shipments the plan leaves out."""
        routes = [route.cost for route in plan.routes if route.vehicle_id in group]
        left = [self._prizes[one] for one in self._shipments(group) if one in plan.unassigned]
        return sum(routes, left_out(left))

    def _shipments(self, group: Sequence[str]) -> Iterator[str]:
        """What either plan has on these vehicles."""
        for shipment_id in sorted({*self._old_at, *self._new_at}):
            places = self._old_at.get(shipment_id), self._new_at.get(shipment_id)
            if any(place in group for place in places):
                yield shipment_id


def _linked(
    names: Iterable[str], before: Mapping[str, str], after: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """The vehicles in groups: two that a shipment goes between belong together."""
    ordered = sorted(set(names))
    head = {name: name for name in ordered}

    def root(name: str) -> str:
        while head[name] != name:
            name = head[name]
        return name

    for shipment_id, origin in sorted(before.items()):
        first, second = sorted((root(origin), root(after.get(shipment_id, origin))))
        head[second] = first
    together: dict[str, list[str]] = {}
    for name in ordered:
        together.setdefault(root(name), []).append(name)
    return [tuple(group) for group in together.values()]


def _sequences(plan: Solution) -> dict[str, tuple[Task, ...]]:
    return {route.vehicle_id: route.sequence for route in plan.routes}


def _served_by(plan: Solution) -> dict[str, str]:
    return {task.shipment_id: route.vehicle_id for route in plan.routes for task in route.tasks}


def _whole(
    problem: Problem, routes: Iterable[Route], reasons: Mapping[str, Reason], like: Solution
) -> Solution:
    """A plan of these routes; `reasons` are known for at least what they leave out."""
    driven = {route.vehicle_id: route for route in routes}
    ordered = tuple(driven[each.id] for each in problem.vehicles if each.id in driven)
    served = {task.shipment_id for route in ordered for task in route.tasks}
    left = [shipment for shipment in problem.shipments if shipment.id not in served]
    return replace(
        like,
        routes=ordered,
        unassigned={each.id: reasons.get(each.id, Reason.NOT_WORTH_THE_WAY) for each in left},
        cost=sum((route.cost for route in ordered), left_out(each.prize for each in left)),
    )
