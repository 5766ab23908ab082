"""What a plan is worth in figures that people compare, and how punctual a day really was."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logistics.domain.problem import Problem, Task, TaskKind, TimeWindow
from logistics.domain.solution import Reason, Route, Solution

METRES_PER_KM = 1000
GRAMS_PER_KG = 1000


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sums over all routes; `delivered` is the sum of the first dimension of amounts (grams).

    `longest_on_board_s` counts from the end of a pickup to the start of its delivery, 0 for a plan
    without one. `least_slack_s` is how much later the tightest service could still have started.
    """

    routes: int
    stops: int
    served: int
    unassigned: Mapping[Reason, int]
    delivered: int
    distance_m: int
    driving_s: int
    waiting_s: int
    duration_s: int
    longest_on_board_s: int
    least_slack_s: int | None

    @property
    def kg_per_km(self) -> float | None:
        """Kilograms delivered per kilometre driven; None when nothing is driven."""
        if not self.distance_m:
            return None
        return (self.delivered / GRAMS_PER_KG) / (self.distance_m / METRES_PER_KM)

    @property
    def driving_share(self) -> float | None:
        """How much of the time away is driving; None when nobody is away."""
        return self.driving_s / self.duration_s if self.duration_s else None


def metrics(problem: Problem, solution: Solution) -> Metrics:
    """The figures of a plan."""
    amounts = {shipment.id: shipment.amounts for shipment in problem.shipments}
    routes = solution.routes
    served = [
        task.shipment_id
        for route in routes
        for task in route.tasks
        if task.kind is TaskKind.DELIVERY
    ]
    slacks = [slack for route in routes for slack in _slacks_s(problem, route)]
    return Metrics(
        routes=len(routes),
        stops=sum(map(stop_count, routes)),
        served=len(served),
        unassigned=dict(Counter(solution.unassigned.values())),
        delivered=sum(amounts[shipment_id][0] for shipment_id in served if amounts[shipment_id]),
        distance_m=sum(route.distance_m for route in routes),
        driving_s=sum(route.driving_s for route in routes),
        waiting_s=sum(route.waiting_s for route in routes),
        duration_s=sum(route.duration_s for route in routes),
        longest_on_board_s=max((_longest_s(problem, route) for route in routes), default=0),
        least_slack_s=min(slacks, default=None),
    )


def stop_count(route: Route) -> int:
    """Visits: consecutive tasks at one point are one."""
    points = [task.point for task in route.tasks]
    return sum(here != before for before, here in zip([None, *points], points, strict=False))


def _slacks_s(problem: Problem, route: Route) -> list[int]:
    slacks: list[int] = []
    for task in route.tasks:
        windows = problem.shipment(task.shipment_id).handling(task.kind).windows
        slacks += [
            w.until_s - 1 - task.start_s for w in windows if w.from_s <= task.start_s < w.until_s
        ]
    return slacks


def _longest_s(problem: Problem, route: Route) -> int:
    loaded = {had.shipment_id: had.loaded_at_s for had in problem.lock(route.vehicle_id).on_board}
    longest = 0
    for task in route.tasks:
        if task.kind is TaskKind.PICKUP:
            loaded[task.shipment_id] = task.departure_s
        else:
            longest = max(longest, task.start_s - loaded[task.shipment_id])
    return longest


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How real starts of service lay to the windows promised."""

    on_time: int
    late: int
    late_by_s: int

    @property
    def on_time_share(self) -> float | None:
        """None when nothing was done."""
        done = self.on_time + self.late
        return self.on_time / done if done else None


def punctuality(problem: Problem, actual_start_s: Mapping[Task, int]) -> Punctuality:
    """Compare what happened with what was promised; early service counts as on time."""
    late_by = [
        late_by_s(problem.shipment(task.shipment_id).handling(task.kind).windows, start_s)
        for task, start_s in actual_start_s.items()
    ]
    late = [seconds for seconds in late_by if seconds]
    return Punctuality(len(late_by) - len(late), len(late), sum(late))


def late_by_s(windows: Sequence[TimeWindow], start_s: int) -> int:
    """Seconds since the last window that had opened was over; 0 when service started in time.

    Half-open windows: a start at `until_s` is one second late. Source: docs/concepts/routing.md.
    """
    begun = [window.until_s for window in windows if window.from_s <= start_s]
    return max(0, start_s - begun[-1] + 1) if begun else 0
