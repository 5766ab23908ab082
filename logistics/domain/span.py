"""Departure and end of a route, without the times between: what a search asks most often.

The same answer as `schedule.timetable`, in two walks along the route where no longest time binds
tasks to each other, and in a few more where there is a break to place.
"""

from collections.abc import Sequence
from itertools import pairwise

from logistics.domain.compiled import NEVER, Car, Compiled
from logistics.domain.problem import Break
from logistics.domain.schedule import closing, opening, timetable

Span = tuple[int, int]


def span(compiled: Compiled, car: Car, nodes: Sequence[int]) -> Span | None:
    """(departure, end) of a route that is not empty; None when no times keep every rule."""
    lagged = any(compiled.lag[node // 2] is not None for node in nodes)
    if lagged or car.vehicle.max_route_s is not None:
        times = timetable(compiled, car, nodes)
        return None if times is None else (times.departs_s, times.ends_s)
    walk = _Walk(compiled, car, nodes)
    if car.vehicle.rest is not None:
        return _rested(walk, car.vehicle.rest)
    end_s = walk.end(0, car.first_s)
    return None if end_s is None else (walk.departure(len(nodes), walk.done_by(end_s)), end_s)


class _Walk:
    """One sequence of nodes with its legs, walked forwards or backwards."""

    def __init__(self, compiled: Compiled, car: Car, nodes: Sequence[int]) -> None:
        points = compiled.point
        self.last_s = car.last_s
        self.first_s = car.first_s
        self.legs = [car.first_legs[points[nodes[0]]]]
        self.legs += [car.legs[points[a]][points[b]] for a, b in pairwise(nodes)]
        self.home_s = car.home_s[points[nodes[-1]]]
        self.windows = [compiled.windows[node] for node in nodes]
        self.service = [compiled.service[node] for node in nodes]

    def done_by(self, end_s: int) -> int:
        """When the last service must be over for this end."""
        return end_s - self.home_s

    def end(self, at: int, free_s: int) -> int | None:
        """The earliest end when free to leave for position `at`; None after the shift."""
        for k in range(at, len(self.legs)):
            free_s = opening(self.windows[k], free_s + self.legs[k]) + self.service[k]
        end_s = free_s + self.home_s
        return end_s if end_s <= self.last_s else None

    def free(self) -> list[int]:
        """Earliest moments of being free: at departure and after each service."""
        moments = [self.first_s]
        for leg, windows, service in zip(self.legs, self.windows, self.service, strict=True):
            moments.append(opening(windows, moments[-1] + leg) + service)
        return moments

    def departure(self, at: int, done_s: int) -> int:
        """The latest departure when the first `at` services must be over by then."""
        for k in range(at - 1, -1, -1):
            done_s = closing(self.windows[k], done_s - self.service[k]) - self.legs[k]
        return done_s


def _rested(walk: _Walk, rest: Break) -> Span | None:
    """The earliest end over all places for the break, then the latest departure for it."""
    free, count = walk.free(), len(walk.legs)
    opens, closes = rest.window.from_s, rest.window.until_s - 1
    best = _before_or_after(walk, rest, free[count])
    for gap in range(count + 1):
        if free[gap] > closes:
            break
        way_s = walk.legs[gap] if gap < count else walk.home_s
        reached_s = max(free[gap] + way_s, opens) + rest.duration_s
        if gap < count:
            start_s = opening(walk.windows[gap], reached_s)
            end_s = walk.end(gap + 1, start_s + walk.service[gap])
        else:
            end_s = reached_s if reached_s <= walk.last_s else None
        if end_s is None or (best is not None and end_s > best[1]):
            continue
        left_s = _latest_free(walk, gap, end_s) - rest.duration_s
        departs_s = walk.departure(gap, min(left_s, closes))
        if best is None or end_s < best[1] or departs_s > best[0]:
            best = departs_s, end_s
    return best


def _latest_free(walk: _Walk, gap: int, end_s: int) -> int:
    """When to be free at a gap, less the break, to end by then."""
    done_s = walk.done_by(end_s)
    for k in range(len(walk.legs) - 1, gap - 1, -1):
        done_s = closing(walk.windows[k], done_s - walk.service[k]) - walk.legs[k]
    return done_s


def _before_or_after(walk: _Walk, rest: Break, done_s: int) -> Span | None:
    """The break outside the route: before the departure, or after an end early enough."""
    found: list[Span] = []
    earliest = max(walk.first_s, rest.window.from_s + rest.duration_s)
    for from_s, by_s in ((earliest, walk.last_s), (walk.first_s, rest.window.until_s - 1)):
        end_s = walk.end(0, from_s) if done_s < NEVER else None
        if end_s is not None and end_s <= by_s:
            found.append((walk.departure(len(walk.legs), walk.done_by(end_s)), end_s))
    return min(found, key=lambda pair: (pair[1], -pair[0]), default=None)
