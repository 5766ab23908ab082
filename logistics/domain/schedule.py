"""When a vehicle does its tasks in a given order: exact, also for time on board and breaks.

Every rule is of the form "this starts at least so long after that", or "starts inside one of these
windows". Such a system has a least solution, found by raising starts until nothing moves, and a
greatest one with a given end, found by lowering them (Dechter, Meiri, Pearl 1991, for one window;
several windows keep both closed under minimum and maximum).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, cycle, pairwise
from operator import gt
from typing import Final

from logistics.domain.compiled import NEVER, Car, Compiled, Windows
from logistics.domain.problem import Break, Problem, Task
from logistics.domain.solution import Cost, PlannedTask, Route

OVER: Final = NEVER // 2


class InfeasibleRoute(ValueError):
    """This vehicle cannot do these tasks in this order; `code` says which limit binds."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Times:
    """Departure, starts of service and arrival at the end; `rest_s` when the break starts."""

    departs_s: int
    starts_s: list[int]
    ends_s: int
    rest_s: int | None = None


@dataclass(slots=True)
class _Chain:
    """Variables 0 (departure), 1..n (starts), n + 1 (end).

    x[k + 1] >= x[k] + gaps[k]; x[k] in windows[k]; for (i, j, most) in lags x[j] - x[i] <= most.
    """

    gaps: list[int]
    windows: list[Windows]
    lags: list[tuple[int, int, int]]


def schedule(problem: Problem, vehicle_id: str, tasks: Sequence[Task]) -> Route:
    """The route with the earliest end, and among those the latest departure, started early.

    Waiting is moved to before the departure where that delays nothing. Raises `InfeasibleRoute`.
    """
    compiled = Compiled(problem)
    car = compiled.car_of[vehicle_id]
    return planned_route(compiled, car, [compiled.node(task) for task in tasks])


def planned_route(compiled: Compiled, car: Car, nodes: Sequence[int]) -> Route:
    """As `schedule`, on compiled nodes; checks load and lengths as well as times."""
    refused = load_or_length_refusal(compiled, car, nodes)
    if refused is not None:
        raise InfeasibleRoute(refused)
    times = timetable(compiled, car, nodes)
    if times is None:
        raise InfeasibleRoute("times")
    return _route(compiled, car, nodes, times)


def load_or_length_refusal(compiled: Compiled, car: Car, nodes: Sequence[int]) -> str | None:
    """Which limit other than time a sequence breaks, if any."""
    if any(map(gt, chain.from_iterable(loads(compiled, car, nodes)), cycle(car.capacity))):
        return "capacity"
    return length_refusal(compiled, car, nodes)


def length_refusal(compiled: Compiled, car: Car, nodes: Sequence[int]) -> str | None:
    """Which limit on distance or stops a sequence breaks, if any."""
    vehicle = car.vehicle
    if vehicle.max_route_m is not None and distance_m(compiled, car, nodes) > vehicle.max_route_m:
        return "max_route_m"
    if vehicle.max_stops is not None and visits(compiled, nodes) > vehicle.max_stops:
        return "max_stops"
    return None


def loads(compiled: Compiled, car: Car, nodes: Sequence[int]) -> list[tuple[int, ...]]:
    """The load at departure and after each node."""
    load = list(car.load)
    after = [tuple(load)]
    for node in nodes:
        sign = -1 if node % 2 else 1
        for dimension, amount in enumerate(compiled.amounts[node // 2]):
            load[dimension] += sign * amount
        after.append(tuple(load))
    return after


def stations(compiled: Compiled, car: Car, nodes: Sequence[int]) -> list[int]:
    """The points in order, start and (if there is one) end included."""
    between = [compiled.point[node] for node in nodes]
    end = [] if car.end is None else [car.end]
    return [car.vehicle.start, *between, *end]


def distance_m(compiled: Compiled, car: Car, nodes: Sequence[int]) -> int:
    points = stations(compiled, car, nodes)
    return sum(car.metres[a][b] for a, b in pairwise(points))


def driving_s(compiled: Compiled, car: Car, nodes: Sequence[int]) -> int:
    points = stations(compiled, car, nodes)
    return sum(car.drive[a][b] for a, b in pairwise(points))


def visits(compiled: Compiled, nodes: Sequence[int]) -> int:
    """Consecutive tasks at one point are one visit."""
    points = [compiled.point[node] for node in nodes]
    return sum(here != before for before, here in zip([None, *points], points, strict=False))


def leg_s(compiled: Compiled, car: Car, before: int | None, after: int) -> int:
    """Driving and set-up from a node (None: the start point) to the next."""
    there = compiled.point[after]
    if before is None:
        return car.first_legs[there]
    return car.legs[compiled.point[before]][there]


def timetable(compiled: Compiled, car: Car, nodes: Sequence[int]) -> Times | None:
    """Exact times for a sequence, or None when no times keep every rule."""
    links = _chain(compiled, car, nodes)
    if max(links.gaps) >= OVER or _too_long_apart(links):
        return None
    rest = car.vehicle.rest
    if rest is None:
        return _solved(links)
    return _rested(links, [0, *(compiled.service[node] for node in nodes)], rest)


def _rested(links: _Chain, service: list[int], rest: Break) -> Times | None:
    """Times with the break where it delays the end least, then where it keeps away least."""
    tries: list[tuple[int, int, _Chain]] = []
    for gap in _gaps_for_rest(links, service, rest):
        chained = _with_rest(links, gap, service, rest)
        early = _earliest(chained, -NEVER)
        if early is not None:
            tries.append((early[-1], gap, chained))
    soonest = min((end for end, _, _ in tries), default=None)
    best: Times | None = None
    for end, gap, chained in tries:
        found = _solved(chained) if end == soonest else None
        if found is not None and (best is None or found.departs_s > best.departs_s):
            best = _resting(found, gap, service, rest.window.from_s)
    return best


def opening(windows: Windows, soonest: int) -> int:
    """The first moment from `soonest` on at which service may start; NEVER when all is over."""
    for first, last in windows:
        if soonest <= last:
            return max(soonest, first)
    return NEVER


def closing(windows: Windows, latest: int) -> int:
    """The last moment up to `latest` at which service may start; -NEVER when none."""
    for first, last in reversed(windows):
        if latest >= first:
            return min(latest, last)
    return -NEVER


def _too_long_apart(links: _Chain) -> bool:
    """The way between two tasks alone takes longer than they may lie apart."""
    away = list(accumulate(links.gaps, initial=0))
    return any(away[j] - away[i] > most for i, j, most in links.lags)


def _chain(compiled: Compiled, car: Car, nodes: Sequence[int]) -> _Chain:
    shift = ((car.first_s, car.last_s),)
    gaps: list[int] = []
    windows: list[Windows] = [shift]
    lags: list[tuple[int, int, int]] = []
    place: dict[int, int] = {}
    before: int | None = None
    for at, node in enumerate(nodes, start=1):
        done = 0 if before is None else compiled.service[before]
        gaps.append(done + leg_s(compiled, car, before, node))
        windows.append(compiled.windows[node])
        request, longest = node // 2, compiled.lag[node // 2]
        place[node] = at
        if longest is not None and node % 2:
            _limit_time_on_board(compiled, car, request, (place, windows, lags))
        before = node
    gaps.append(_way_home(compiled, car, before))
    windows.append(shift)
    if car.vehicle.max_route_s is not None:
        lags.append((0, len(nodes) + 1, car.vehicle.max_route_s))
    return _Chain(gaps, windows, lags)


def _limit_time_on_board(
    compiled: Compiled,
    car: Car,
    request: int,
    links: tuple[dict[int, int], list[Windows], list[tuple[int, int, int]]],
) -> None:
    place, windows, lags = links
    pickup, delivery = 2 * request, 2 * request + 1
    longest = compiled.lag[request] or 0
    if request in car.aboard:
        most = car.aboard[request] + longest - compiled.service[pickup]
        windows[-1] = _clipped(windows[-1], -NEVER, most)
    elif pickup in place:
        lags.append((place[pickup], place[delivery], longest))


def _way_home(compiled: Compiled, car: Car, last: int | None) -> int:
    if last is None:
        return 0 if car.end is None else car.drive[car.vehicle.start][car.end]
    return compiled.service[last] + car.home_s[compiled.point[last]]


def _clipped(windows: Windows, low: int, high: int) -> Windows:
    cut = ((max(first, low), min(last, high)) for first, last in windows)
    return tuple((first, last) for first, last in cut if first <= last)


def _gaps_for_rest(links: _Chain, service: list[int], rest: Break) -> list[int]:
    """Where the break can be at all, judged by times without it: see `_with_rest`."""
    end = len(links.gaps)
    early = _earliest(_Chain(links.gaps, links.windows, []), -NEVER)
    if early is None:
        return []
    last_s, first_s = rest.window.until_s - 1, rest.window.from_s + rest.duration_s
    latest = links.windows[end][-1][1]
    fitting = [end] if early[end] <= last_s else []
    for gap in range(end - 1, -1, -1):
        if early[gap] + service[gap] <= last_s and latest >= first_s:
            fitting.append(gap)
        latest = closing(links.windows[gap], latest - links.gaps[gap])
    return [*fitting, -1] if latest >= first_s else fitting


def _with_rest(links: _Chain, gap: int, service: list[int], rest: Break) -> _Chain:
    """The chain with the break in one gap: -1 before departure, the last one after the end."""
    opens, closes, length = rest.window.from_s, rest.window.until_s - 1, rest.duration_s
    gaps, windows = list(links.gaps), list(links.windows)
    if gap == len(gaps):
        windows[gap] = _clipped(windows[gap], -NEVER, closes)
    else:
        windows[gap + 1] = _clipped(windows[gap + 1], opens + length, NEVER)
    if 0 <= gap < len(gaps):
        gaps[gap] += length
        windows[gap] = _clipped(windows[gap], -NEVER, closes - service[gap])
    return _Chain(gaps, windows, links.lags)


def _resting(times: Times, gap: int, service: list[int], opens: int) -> Times:
    moments = [times.departs_s, *times.starts_s, times.ends_s]
    free = opens if gap < 0 else moments[gap] + ([*service, 0][gap])
    return Times(times.departs_s, times.starts_s, times.ends_s, max(opens, free))


def _solved(links: _Chain) -> Times | None:
    early = _earliest(links, -NEVER)
    if early is None:
        return None
    if early[-1] - early[0] > sum(links.gaps):
        early = _earliest(links, _latest_departure(links, early[-1])) or early
    return Times(early[0], early[1:-1], early[-1])


def _earliest(links: _Chain, from_s: int) -> list[int] | None:
    """The least solution that departs no earlier than `from_s`."""
    starts = [-NEVER] * len(links.windows)
    starts[0] = from_s
    for _ in range(_most_rounds(links)):
        soonest = starts[0]
        for k, windows in enumerate(links.windows):
            soonest = max(soonest, starts[k])
            for first, last in windows:
                if soonest <= last:
                    starts[k] = soonest = max(soonest, first)
                    break
            else:
                return None
            if k < len(links.gaps):
                soonest += links.gaps[k]
        if not _raise_by_lags(links, starts):
            return starts
    return None


def _raise_by_lags(links: _Chain, starts: list[int]) -> bool:
    moved = False
    for i, j, most in links.lags:
        if starts[j] - most > starts[i]:
            starts[i] = starts[j] - most
            moved = True
    return moved


def _latest_departure(links: _Chain, end_s: int) -> int:
    """The departure of the greatest solution that ends by `end_s`; one is known to exist."""
    starts = [NEVER] * len(links.windows)
    starts[-1] = end_s
    moved = True
    while moved:
        latest = NEVER
        for k in range(len(links.windows) - 1, -1, -1):
            latest = min(latest, starts[k])
            fitting = (
                min(latest, last) for first, last in reversed(links.windows[k]) if latest >= first
            )
            starts[k] = latest = next(fitting)
            latest -= links.gaps[k - 1] if k else 0
        moved = _lower_by_lags(links, starts)
    return starts[0]


def _lower_by_lags(links: _Chain, starts: list[int]) -> bool:
    moved = False
    for i, j, most in links.lags:
        if starts[j] > starts[i] + most:
            starts[j] = starts[i] + most
            moved = True
    return moved


def _most_rounds(links: _Chain) -> int:
    """Each round that moves anything closes a path or passes a window; more means a cycle."""
    return (len(links.windows) + 1) * sum(map(len, links.windows)) + 1


def _route(compiled: Compiled, car: Car, nodes: Sequence[int], times: Times) -> Route:
    vehicle = car.vehicle
    metres = distance_m(compiled, car, nodes)
    away_s = times.ends_s - times.departs_s
    driving = driving_s(compiled, car, nodes)
    planned = _planned(compiled, car, nodes, times)
    setup_s = compiled.problem.setup_s
    busy = sum(compiled.service[node] for node in nodes) + sum(
        setup_s[one.point]
        for before, one in zip([None, *planned], planned, strict=False)
        if before is None or before.point != one.point
    )
    return Route(
        vehicle_id=vehicle.id,
        tasks=planned,
        start_s=times.departs_s,
        end_s=times.ends_s,
        rest_s=times.rest_s,
        distance_m=metres,
        driving_s=driving,
        waiting_s=away_s - driving - busy,
        cost=Cost(
            distance=metres * vehicle.cost_per_m,
            time=away_s * vehicle.cost_per_s,
            fixed=vehicle.fixed_cost,
        ),
    )


def _planned(
    compiled: Compiled, car: Car, nodes: Sequence[int], times: Times
) -> tuple[PlannedTask, ...]:
    after = loads(compiled, car, nodes)[1:]
    planned: list[PlannedTask] = []
    rest, rested_s = car.vehicle.rest, times.rest_s or 0
    here, free_s = car.vehicle.start, times.departs_s
    for node, start_s, load in zip(nodes, times.starts_s, after, strict=True):
        task, point = compiled.task(node), compiled.point[node]
        arrival_s = free_s + car.drive[here][point]
        if rest is not None and free_s <= rested_s < arrival_s:
            arrival_s += rest.duration_s
        here, free_s = point, start_s + compiled.service[node]
        planned.append(
            PlannedTask(task.shipment_id, task.kind, point, arrival_s, start_s, free_s, load)
        )
    return tuple(planned)
