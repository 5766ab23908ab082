"""A second opinion on timing: every possible timing of a tiny route, tried one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from logistics.domain.problem import UNREACHABLE, Problem, Task, TaskKind, Vehicle
from logistics.domain.solution import Cost, PlannedTask, Route

PICKUP = TaskKind.PICKUP


@dataclass(frozen=True)
class Timing:
    departs_s: int
    starts_s: tuple[int, ...]
    ends_s: int
    rest_s: int | None


def every_timing(problem: Problem, van: Vehicle, tasks: Sequence[Task]) -> Iterator[Timing]:
    """All whole seconds in the shift, in every combination that does not run backwards."""
    seconds = range(van.shift.from_s, van.shift.until_s + 1)
    rest = van.rest
    rests = [None] if rest is None else list(range(rest.window.from_s, rest.window.until_s))

    def rising(length: int, least: int) -> Iterator[tuple[int, ...]]:
        if not length:
            yield ()
            return
        for second in seconds:
            if second >= least:
                for later in rising(length - 1, second):
                    yield (second, *later)

    for moments in rising(len(tasks) + 2, van.shift.from_s):
        for rest_s in rests:
            yield Timing(moments[0], moments[1:-1], moments[-1], rest_s)


def is_allowed(problem: Problem, van: Vehicle, tasks: Sequence[Task], timing: Timing) -> bool:
    """The rules of docs/concepts/routing.md, said once more and naively."""
    handlings = [problem.shipment(t.shipment_id).handling(t.kind) for t in tasks]
    done = [s + h.service_s for s, h in zip(timing.starts_s, handlings, strict=True)]
    for start, handling in zip(timing.starts_s, handlings, strict=True):
        if not any(w.from_s <= start < w.until_s for w in handling.windows):
            return False
    busy = list(zip(timing.starts_s, done, strict=True))
    if van.rest is not None and timing.rest_s is not None:
        over = timing.rest_s + van.rest.duration_s
        if any(max(a, timing.rest_s) < min(b, over) or timing.rest_s < a < over for a, b in busy):
            return False
    if _over_the_sea(problem, van, tasks) or not _ways_fit(problem, van, tasks, timing):
        return False
    if van.max_route_s is not None and timing.ends_s - timing.departs_s > van.max_route_s:
        return False
    since = {had.shipment_id: had.loaded_at_s for had in problem.lock(van.id).on_board}
    since |= {t.shipment_id: d for t, d in zip(tasks, done, strict=True) if t.kind is PICKUP}
    return _fresh_enough(problem, tasks, timing, since)


def _fresh_enough(
    problem: Problem, tasks: Sequence[Task], timing: Timing, since: Mapping[str, int]
) -> bool:
    for task, start_s in zip(tasks, timing.starts_s, strict=True):
        longest = problem.shipment(task.shipment_id).max_on_board_s
        aboard_s = start_s - since.get(task.shipment_id, start_s)
        if task.kind is TaskKind.DELIVERY and longest is not None and aboard_s > longest:
            return False
    return True


def _over_the_sea(problem: Problem, van: Vehicle, tasks: Sequence[Task]) -> bool:
    drive = problem.matrix(van.profile).durations_s
    points = [problem.shipment(t.shipment_id).handling(t.kind).point for t in tasks]
    stations = [van.start, *points, *([] if van.end is None else [van.end])]
    return any(drive[a][b] == UNREACHABLE for a, b in pairwise(stations))


def _ways_fit(problem: Problem, van: Vehicle, tasks: Sequence[Task], timing: Timing) -> bool:
    route = timed_route(problem, van, tasks, timing)
    moments = [timing.departs_s]
    for task in route.tasks:
        moments += [task.start_s, task.departure_s]
    moments.append(timing.ends_s)
    needs = _needs(problem, van, tasks)
    rest, rest_s = van.rest, timing.rest_s
    for need, left, begun in zip(needs, moments[::2], moments[1::2], strict=True):
        resting = 0
        if rest is not None and rest_s is not None:
            resting = max(0, min(begun, rest_s + rest.duration_s) - max(left, rest_s))
        if begun - left < need + resting:
            return False
    return True


def _needs(problem: Problem, van: Vehicle, tasks: Sequence[Task]) -> list[int]:
    """Driving and set-up before each task and before the end."""
    drive = problem.matrix(van.profile).durations_s
    points = [problem.shipment(t.shipment_id).handling(t.kind).point for t in tasks]
    first = drive[van.start][points[0]] + problem.setup_s[points[0]]
    inner = [0 if a == b else drive[a][b] + problem.setup_s[b] for a, b in pairwise(points)]
    return [first, *inner, 0 if van.end is None else drive[points[-1]][van.end]]


def _reached_s(van: Vehicle, timing: Timing, left_s: int, way_s: int) -> int:
    """When a way driven at once is over, the break counted out second by second."""
    resting: range | tuple[()] = ()
    if van.rest is not None and timing.rest_s is not None:
        resting = range(timing.rest_s, timing.rest_s + van.rest.duration_s)
    now_s = left_s
    while way_s > 0:
        way_s -= now_s not in resting
        now_s += 1
    return now_s


def timed_route(problem: Problem, van: Vehicle, tasks: Sequence[Task], timing: Timing) -> Route:
    """A route with these times and honest figures, whether they are allowed or not."""
    matrix = problem.matrix(van.profile)
    stations = [van.start]
    planned: list[PlannedTask] = []
    aboard = [problem.shipment(one).amounts for one in problem.lock(van.id).carried_ids()]
    load = [sum(amounts[d] for amounts in aboard) for d in range(len(problem.dimensions))]
    left_s, setup_s = timing.departs_s, 0
    for task, start_s in zip(tasks, timing.starts_s, strict=True):
        one = problem.shipment(task.shipment_id)
        place = one.handling(task.kind)
        if not planned or stations[-1] != place.point:
            setup_s += problem.setup_s[place.point]
        sign = 1 if task.kind is TaskKind.PICKUP else -1
        load = [a + sign * b for a, b in zip(load, one.amounts, strict=True)]
        reached_s = _reached_s(van, timing, left_s, matrix.durations_s[stations[-1]][place.point])
        left_s = start_s + place.service_s
        stations.append(place.point)
        planned.append(
            PlannedTask(
                task.shipment_id, task.kind, place.point, reached_s, start_s, left_s, tuple(load)
            )
        )
    stations += [] if van.end is None else [van.end]
    metres = sum(matrix.distances_m[a][b] for a, b in pairwise(stations))
    driving_s = sum(matrix.durations_s[a][b] for a, b in pairwise(stations))
    away_s = timing.ends_s - timing.departs_s
    served_s = sum(p.departure_s - p.start_s for p in planned)
    return Route(
        vehicle_id=van.id,
        tasks=tuple(planned),
        start_s=timing.departs_s,
        end_s=timing.ends_s,
        rest_s=timing.rest_s,
        distance_m=metres,
        driving_s=driving_s,
        waiting_s=away_s - driving_s - setup_s - served_s,
        cost=Cost(metres * van.cost_per_m, away_s * van.cost_per_s, van.fixed_cost),
    )
