"""How likely a plan is to be kept: its routes driven many times over with times that vary.

A courier leaves as planned, keeps the order, waits for windows, and takes the break where the plan
has it. Every route draws from a seed of its own, so its figures depend on no other route.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from logistics.domain.matrix import Matrix
from logistics.domain.problem import Problem, Shipment, Task, TaskKind, TimeWindow, Vehicle
from logistics.domain.service_times import Spread
from logistics.domain.solution import PlannedTask, Route, Solution

#: Shares are then right within 0.016 (one standard error) at worst.
SAMPLES: Final = 1_000
Moments = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Roads:
    """How driving differs from plan: by lognormal factors around `median`, one for each leg.

    `shared` is the part of their variance that all legs of a route have in common: rain, a holiday.
    """

    median: float = 1.0
    sigma: float = 0.0
    shared: float = 0.5


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What varies. A task without a spread takes exactly what the problem says."""

    services: Mapping[Task, Spread] = field(default_factory=dict)
    roads: Roads = field(default_factory=Roads)


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Shares from 0 to 1 of all samples: `tasks` that start within a window of theirs; by vehicle,
    `routes` of which every task does.
    """

    tasks: Mapping[Task, float]
    routes: Mapping[str, float]


def simulate(
    problem: Problem,
    solution: Solution,
    uncertainty: Uncertainty,
    *,
    seed: int,
    samples: int = SAMPLES,
) -> Punctuality:
    """How often each task and each route of the plan is on time; the same for the same seed."""
    shipments = {one.id: one for one in problem.shipments}
    tasks: dict[Task, float] = {}
    routes: dict[str, float] = {}
    for route in solution.routes:
        starts = simulated_starts(problem, route, uncertainty, seed=seed, samples=samples)
        whole = np.ones(samples, dtype=bool)
        for planned, begun in zip(route.tasks, starts, strict=True):
            windows = shipments[planned.shipment_id].handling(planned.kind).windows
            kept = begun < windows[-1].until_s
            tasks[planned.task] = float(kept.mean())
            whole &= kept
        routes[route.vehicle_id] = float(whole.mean())
    return Punctuality(tasks, routes)


def simulated_starts(
    problem: Problem, route: Route, uncertainty: Uncertainty, *, seed: int, samples: int
) -> list[Moments]:
    """When the service of each task starts in each sample; past its last window when too late."""
    return list(_Drive(problem, route, uncertainty, seed, samples).starts())


class _Drive:
    """One route, driven in all samples at once."""

    def __init__(
        self, problem: Problem, route: Route, uncertainty: Uncertainty, seed: int, samples: int
    ) -> None:
        self.route = route
        self.uncertainty = uncertainty
        self.setup_s = problem.setup_s
        self.vehicle: Vehicle = problem.vehicle(route.vehicle_id)
        self.matrix: Matrix = problem.matrix(self.vehicle.profile)
        wanted = {task.shipment_id for task in route.tasks}
        self.shipments = {one.id: one for one in problem.shipments if one.id in wanted}
        draws = np.random.default_rng(_seed_of(seed, route.vehicle_id))
        self.luck = draws.standard_normal((len(route.tasks), samples))
        self.traffic = draws.standard_normal((len(route.tasks) + 1, samples))

    def starts(self) -> Iterator[Moments]:
        rested_after = _tasks_before_rest(self.vehicle, self.route)
        here, visit = self.vehicle.start, 0
        free: Moments = np.full(self.luck.shape[1], float(self.route.start_s))
        for at, planned in enumerate(self.route.tasks):
            if at == 0 or planned.point != here:
                visit = at
            ready = free + self._way_s(at, here, planned.point, is_new=visit == at)
            if at == rested_after:
                ready = self._rested(ready)
            start = self._begun(planned, ready)
            yield start
            free = start + self._service_s(planned, self.luck[visit])
            here = planned.point

    def _way_s(self, at: int, here: int, there: int, *, is_new: bool) -> Moments | float:
        """Driving, and set-up once per visit."""
        setup_s = float(self.setup_s[there]) if is_new else 0.0
        if here == there:
            return setup_s
        roads = self.uncertainty.roads
        swings = (
            roads.shared**0.5 * self.traffic[0] + (1 - roads.shared) ** 0.5 * (self.traffic[at + 1])
        )
        factor: Moments = roads.median * np.exp(roads.sigma * swings)
        return self.matrix.durations_s[here][there] * factor + setup_s

    def _rested(self, ready: Moments) -> Moments:
        """The break lies on the way here: it may not begin before its window."""
        rest = self.vehicle.rest
        if rest is None:
            return ready
        return np.maximum(ready + rest.duration_s, rest.window.from_s + rest.duration_s)

    def _begun(self, planned: PlannedTask, ready: Moments) -> Moments:
        shipment = self.shipments[planned.shipment_id]
        if _must_not_wait_on_board(shipment, planned):
            ready = np.maximum(ready, planned.start_s)
        return _opened(shipment.handling(planned.kind).windows, ready)

    def _service_s(self, planned: PlannedTask, luck: Moments) -> Moments | float:
        """One visit goes well or badly as a whole: its tasks share their luck."""
        spread = self.uncertainty.services.get(planned.task)
        if spread is None:
            return float(planned.departure_s - planned.start_s)
        factor: Moments = spread.median_s * np.exp(spread.sigma * luck)
        return factor


def _must_not_wait_on_board(shipment: Shipment, planned: PlannedTask) -> bool:
    """Such a pickup may have been put off on purpose: nobody makes it earlier than planned."""
    return planned.kind is TaskKind.PICKUP and shipment.max_on_board_s is not None


def _opened(windows: tuple[TimeWindow, ...], ready: Moments) -> Moments:
    """The first moment of a window from `ready` on; `ready` itself when all are over."""
    start = ready
    for window in reversed(windows):
        start = np.where(ready < window.until_s, np.maximum(ready, window.from_s), start)
    return start


def _tasks_before_rest(vehicle: Vehicle, route: Route) -> int | None:
    """After how many tasks the plan has the break; None before the departure, or without one."""
    if vehicle.rest is None or route.rest_s is None or route.rest_s < route.start_s:
        return None
    return sum(task.departure_s <= route.rest_s for task in route.tasks)


def _seed_of(seed: int, vehicle_id: str) -> int:
    """A number of the route's own, the same in every process."""
    return int.from_bytes(hashlib.sha256(f"{seed} {vehicle_id}".encode()).digest()[:16])
