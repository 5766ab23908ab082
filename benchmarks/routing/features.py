"""A plain instance with one more part of our problem each, chosen so that its best plan stays.

What binds nowhere leaves the same set of plans. What binds still allows the plan that was found for
the plain instance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from logistics.domain.problem import (
    Handling,
    Lock,
    Matrix,
    Problem,
    Shipment,
    TaskKind,
    TimeWindow,
    Vehicle,
)
from logistics.domain.solution import Solution

Change = Callable[[Problem, Solution], Problem]
"""From a problem and the plan found for it to the same problem with a feature more."""

PART: Final = 1.25
"""How many times the plain case's time a step may take with any part of the problem, ..."""

WITH_TIME_ON_BOARD: Final = 1.5
"""... and with a longest time on board."""

PRIZE_IN_DETOURS: Final = 10
LOOSER: Final = 1.2
"""A longest time on board that binds, over the longest in the plan found for the plain instance."""

OTHER_WAYS: Final = ((2, 3), (5, 7))
"""To and from a point that nobody visits, by profile: keeps matrices from being the same."""


@dataclass(frozen=True, slots=True)
class Feature:
    """`at_most`: how many times longer than in the plain case a step may take; None: any."""

    name: str
    change: Change
    at_most: float | None = PART


def three_dimensions(problem: Problem, plan: Solution) -> Problem:
    """Load, its double and its treble: each binds exactly where the first does."""
    return replace(
        problem,
        dimensions=tuple(f"{name} {n}" for n in (1, 2, 3) for name in problem.dimensions),
        shipments=tuple(replace(s, amounts=_thrice(s.amounts)) for s in problem.shipments),
        vehicles=tuple(replace(v, capacity=_thrice(v.capacity)) for v in problem.vehicles),
    )


def _thrice(amounts: Sequence[int]) -> tuple[int, ...]:
    return tuple(n * amount for n in (1, 2, 3) for amount in amounts)


def own_start_points(problem: Problem, plan: Solution) -> Problem:
    """Every vehicle starts and ends at a point of its own, all where they were."""
    starts = [vehicle.start for vehicle in problem.vehicles]
    points = [*range(problem.points), *starts]
    matrices = tuple(
        Matrix(
            one.profile,
            _picked(one.durations_s, points),
            _picked(one.distances_m, points),
        )
        for one in problem.matrices
    )
    vehicles = tuple(
        replace(vehicle, start=own, end=None if vehicle.end is None else own)
        for own, vehicle in enumerate(problem.vehicles, problem.points)
    )
    setup_s = tuple(problem.setup_s[point] for point in points)
    return replace(problem, setup_s=setup_s, matrices=matrices, vehicles=vehicles)


def _picked(rows: Sequence[Sequence[int]], points: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(rows[here][there] for there in points) for here in points)


def skills(problem: Problem, plan: Solution) -> Problem:
    """Every other shipment needs a skill that all vehicles have."""
    needed = frozenset({"cold"})
    shipments = tuple(
        replace(one, skills=needed) if number % 2 else one
        for number, one in enumerate(problem.shipments)
    )
    vehicles = tuple(replace(one, skills=needed) for one in problem.vehicles)
    return replace(problem, skills=needed, shipments=shipments, vehicles=vehicles)


def two_windows(problem: Problem, plan: Solution) -> Problem:
    """The second opens in the moment the first closes, so that together they are the one."""

    def split(handling: Handling) -> Handling:
        halves = [half for window in handling.windows for half in _halves(window)]
        return replace(handling, windows=tuple(halves))

    return _with_shipments(
        problem, lambda one: replace(one, pickup=split(one.pickup), delivery=split(one.delivery))
    )


def _halves(window: TimeWindow) -> list[TimeWindow]:
    middle = (window.from_s + window.until_s) // 2
    if middle == window.from_s:
        return [window]
    return [replace(window, until_s=middle), replace(window, from_s=middle)]


def prizes(problem: Problem, plan: Solution) -> Problem:
    """Shipments may be left out, at a price far above a vehicle and all its way for one of them."""
    longest_m = max(max(map(max, one.distances_m)) for one in problem.matrices)
    alone = max(v.fixed_cost + 3 * longest_m * v.cost_per_m for v in problem.vehicles)
    return _with_shipments(problem, lambda one: replace(one, prize=PRIZE_IN_DETOURS * alone))


def two_profiles(problem: Problem, plan: Solution) -> Problem:
    """Every other vehicle has matrices of its own, other only at a point that nobody visits."""
    (one,) = problem.matrices
    names = one.profile, f"other {one.profile}"
    matrices = tuple(
        Matrix(name, _one_point_more(one.durations_s, ways), _one_point_more(one.distances_m, ways))
        for name, ways in zip(names, OTHER_WAYS, strict=True)
    )
    vehicles = tuple(
        replace(vehicle, profile=names[number % 2])
        for number, vehicle in enumerate(problem.vehicles)
    )
    setup_s = (*problem.setup_s, 0)
    return replace(problem, setup_s=setup_s, matrices=matrices, vehicles=vehicles)


def _one_point_more(
    rows: Sequence[Sequence[int]], ways: tuple[int, int]
) -> tuple[tuple[int, ...], ...]:
    to, back = (1 + way * max(map(max, rows)) for way in ways)
    return *((*row, to) for row in rows), (*[back] * len(rows), 0)


def route_limits(problem: Problem, plan: Solution) -> Problem:
    """As long as the shift, as far as a way from everywhere, as many stops as there are tasks."""
    furthest_m = max(sum(map(max, one.distances_m)) for one in problem.matrices)
    return _with_vehicles(
        problem,
        lambda one: replace(
            one,
            max_route_s=_shift_s(one),
            max_route_m=furthest_m + 1,
            max_stops=2 * len(problem.shipments),
        ),
    )


def loose_time_on_board(problem: Problem, plan: Solution) -> Problem:
    """As long as a shift."""
    return _on_board_at_most(problem, max(map(_shift_s, problem.vehicles)))


def tight_time_on_board(problem: Problem, plan: Solution) -> Problem:
    """Somewhat longer than the longest in the plan found without."""
    return _on_board_at_most(problem, round(LOOSER * longest_on_board_s(plan)))


def longest_on_board_s(plan: Solution) -> int:
    """From the end of a pickup's service to the start of its delivery's; 0 without a route."""
    longest = 0
    for route in plan.routes:
        loaded_at = {
            task.shipment_id: task.departure_s
            for task in route.tasks
            if task.kind is TaskKind.PICKUP
        }
        waits = (
            task.start_s - loaded_at[task.shipment_id]
            for task in route.tasks
            if task.kind is TaskKind.DELIVERY
        )
        longest = max(longest, *waits)
    return longest


def locked_prefixes(problem: Problem, plan: Solution) -> Problem:
    """The first task of each route in the plan is bound to its vehicle."""
    locks = tuple(Lock(route.vehicle_id, route.sequence[:1]) for route in plan.routes)
    return replace(problem, locks=locks)


def _on_board_at_most(problem: Problem, seconds: int) -> Problem:
    return _with_shipments(problem, lambda one: replace(one, max_on_board_s=seconds))


def _shift_s(vehicle: Vehicle) -> int:
    return vehicle.shift.until_s - vehicle.shift.from_s


def _with_shipments(problem: Problem, change: Callable[[Shipment], Shipment]) -> Problem:
    return replace(problem, shipments=tuple(map(change, problem.shipments)))


def _with_vehicles(problem: Problem, change: Callable[[Vehicle], Vehicle]) -> Problem:
    return replace(problem, vehicles=tuple(map(change, problem.vehicles)))


def _all_of(*changes: Change) -> Change:
    def change(problem: Problem, plan: Solution) -> Problem:
        return reduce(lambda grown, one: one(grown, plan), changes, problem)

    return change


NOT_BINDING: Final = (
    Feature("three dimensions", three_dimensions),
    Feature("own start points", own_start_points),
    Feature("skills", skills),
    Feature("two windows", two_windows),
    Feature("prizes", prizes),
    Feature("two profiles", two_profiles),
    Feature("route limits", route_limits),
)

PLAIN: Final = Feature("plain again", lambda problem, plan: problem, None)

FEATURES: Final = (
    *NOT_BINDING,
    Feature("all of these", _all_of(*(one.change for one in NOT_BINDING))),
    Feature("locked prefixes", locked_prefixes),
    Feature("time on board, loose", loose_time_on_board, WITH_TIME_ON_BOARD),
    Feature("time on board, tight", tight_time_on_board, WITH_TIME_ON_BOARD),
    Feature(
        "all, time on board tight",
        _all_of(*(one.change for one in NOT_BINDING), tight_time_on_board),
        WITH_TIME_ON_BOARD,
    ),
)
