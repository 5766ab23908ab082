"""Best insertion of one request into one route, and the live answer for a new shipment.

A scan over all places uses earliest and latest starts kept per route and constant-time checks. It
is exact for load, windows and shift; breaks, time on board and route limits are settled by the
exact timetable, on the cheapest places first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add, le, sub
from typing import Final

from logistics.domain.compiled import NEVER, Car, Compiled, Row
from logistics.domain.feasibility import cars_for
from logistics.domain.problem import Problem
from logistics.domain.schedule import (
    closing,
    distance_m,
    length_refusal,
    opening,
    planned_route,
)
from logistics.domain.solution import Reason, Route
from logistics.domain.span import span

MOST_EXACT_TRIES: Final = 20
"""Places per route that are tried exactly before the route counts as full."""

COMPARED_EXACTLY: Final = 3
"""Places whose true cost is compared where waiting costs money."""


@dataclass(frozen=True, slots=True)
class Place:
    """A request's best place in a route: the new sequence and what it adds to the cost."""

    extra: int
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer to "who could take this one too": the route with it, and the extra cost."""

    route: Route
    extra_cost: int


class Track:
    """A route under construction with what a scan needs per position; replaced when it changes."""

    def __init__(self, compiled: Compiled, car: Car, nodes: Sequence[int], held: int = 0) -> None:
        """The first `held` nodes are locked: nothing goes between them."""
        self.car = car
        self.nodes = tuple(nodes)
        self.held = held
        self.places: dict[int, Place | None] = {}
        self.points = [compiled.point[node] for node in nodes]
        self.spare = _spare(compiled, car, nodes)
        self.leg_rows = [car.first_legs, *(car.legs[point] for point in self.points)]
        self.metre_rows = [car.metres[car.vehicle.start], *(car.metres[p] for p in self.points)]
        self.cost = (sequence_cost(compiled, car, nodes) or 0) if nodes else 0
        self._limit_starts(compiled)

    def _limit_starts(self, compiled: Compiled) -> None:
        """Earliest moment to leave each position, latest start that keeps the rest on time."""
        car, nodes = self.car, self.nodes
        self.ready = [car.first_s]
        for row, point, node in zip(self.leg_rows, self.points, nodes, strict=False):
            start = opening(compiled.windows[node], self.ready[-1] + row[point])
            self.ready.append(start + compiled.service[node])
        self.latest = [car.last_s] * (len(nodes) + 1)
        after_s = car.home_s[self.points[-1]] if nodes else 0
        for at in range(len(nodes) - 1, -1, -1):
            node = nodes[at]
            room = self.latest[at + 1] - after_s - compiled.service[node]
            self.latest[at] = closing(compiled.windows[node], room)
            after_s = self.leg_rows[at][self.points[at]]


def _spare(compiled: Compiled, car: Car, nodes: Sequence[int]) -> list[tuple[int, ...]]:
    """Room left at departure and after each node; negative only where a locked plan overloads."""
    room = tuple(map(sub, car.capacity, car.load))
    spare = [room]
    for node in nodes:
        change = add if node % 2 else sub
        room = tuple(map(change, room, compiled.amounts[node // 2]))
        spare.append(room)
    return spare


def sequence_cost(compiled: Compiled, car: Car, nodes: Sequence[int]) -> int | None:
    """What a route costs, None when no times keep every rule."""
    away = span(compiled, car, nodes)
    if away is None:
        return None
    driven = _price(car, distance_m(compiled, car, nodes), away[1] - away[0])
    return driven + car.vehicle.fixed_cost


def best_place(compiled: Compiled, track: Track, request: int) -> Place | None:
    """The cheapest feasible place, None when there is none.

    Cost ties go to the earlier place. The full cost is compared for the `COMPARED_EXACTLY`
    cheapest by distance and busy time.
    """
    found: list[Place] = []
    enough = COMPARED_EXACTLY if track.car.vehicle.cost_per_s else 1
    ranked = sorted(_places(compiled, track, request))[:MOST_EXACT_TRIES]
    for _, at, until in ranked:
        nodes = _with(track, request, at, until)
        extra = _exact_extra(compiled, track, nodes)
        if extra is not None:
            found.append(Place(extra, nodes))
        if len(found) == enough:
            break
    return min(found, key=lambda place: place.extra, default=None)


def _exact_extra(compiled: Compiled, track: Track, nodes: tuple[int, ...]) -> int | None:
    if length_refusal(compiled, track.car, nodes) is not None:
        return None
    cost = sequence_cost(compiled, track.car, nodes)
    return None if cost is None else cost - track.cost


def _with(track: Track, request: int, at: int, until: int) -> tuple[int, ...]:
    """The sequence with the pickup before position `at` (-1: none) and the delivery at `until`."""
    nodes, delivery = track.nodes, 2 * request + 1
    if at < 0:
        return (*nodes[:until], delivery, *nodes[until:])
    return (*nodes[:at], 2 * request, *nodes[at:until], delivery, *nodes[until:])


def _places(compiled: Compiled, track: Track, request: int) -> Iterator[tuple[int, int, int]]:
    """(rough extra cost, pickup position or -1, delivery position) of places that fit in time."""
    pickup, end = 2 * request, len(track.nodes)
    if request in track.car.aboard or pickup in track.nodes:
        after = track.nodes.index(pickup) + 1 if pickup in track.nodes else 0
        for at in range(max(after, track.held), end + 1):
            yield from _delivery_alone(compiled, track, request, at)
        return
    for at in range(track.held, end + 1):
        yield from _pickup_at(compiled, track, request, at)


@dataclass(frozen=True, slots=True)
class _Front:
    """Where a walk along a route has got to: free to leave when, and the rows of ways onward."""

    free_s: int
    legs: list[int]
    metres: Row


def _delivery_alone(
    compiled: Compiled, track: Track, request: int, at: int
) -> Iterator[tuple[int, int, int]]:
    """The place for the delivery of what is on board by then, at one position."""
    here = compiled.point[2 * request + 1]
    front = _Front(track.ready[at], track.leg_rows[at], track.metre_rows[at])
    arrived = _step(compiled, 2 * request + 1, front, track.car)
    on_s, on_m = (ways[at] for ways in _ways_on(track, here))
    if arrived is None or arrived.free_s + on_s > track.latest[at]:
        return
    less_s, less_m = _direct(track, at)
    more_s, more_m = front.legs[here] + on_s - less_s, front.metres[here] + on_m - less_m
    yield _price(track.car, more_m, more_s), -1, at


def _pickup_at(
    compiled: Compiled, track: Track, request: int, at: int
) -> Iterator[tuple[int, int, int]]:
    """All delivery positions for one pickup position, walking on with the delay it causes."""
    front = _Front(track.ready[at], track.leg_rows[at], track.metre_rows[at])
    arrived = _step(compiled, 2 * request, front, track.car)
    if arrived is None or not all(map(le, compiled.amounts[request], track.spare[at])):
        return
    there = compiled.point[2 * request]
    less_s, less_m = _direct(track, at)
    more = _price(track.car, front.metres[there] - less_m, front.legs[there] - less_s)
    for until, price in _deliveries(compiled, track, request, at, arrived):
        yield more + price, at, until


def _deliveries(
    compiled: Compiled, track: Track, request: int, at: int, front: _Front
) -> Iterator[tuple[int, int]]:
    """(delivery position, price beyond the pickup) while the route stays on time and has room.

    The inner loop of everything: kept flat, on local names.
    """
    node, amounts, end = 2 * request + 1, compiled.amounts[request], len(track.nodes)
    here, service, windows = compiled.point[node], compiled.service, compiled.windows
    opens, closes = windows[node][0]
    per_m, per_s = track.car.vehicle.cost_per_m, track.car.vehicle.cost_per_s
    away_s, away_m = _ways_on(track, here)
    free_s, legs, metres, paid = front.free_s, front.legs, front.metres, 0
    for until in range(at, end + 1):
        start = free_s + legs[here]
        if not opens <= start <= closes:
            start = opening(windows[node], start)
        on_s = away_s[until]
        if start + service[node] + on_s <= track.latest[until]:
            less_s, less_m = _direct(track, until) if until > at else (0, 0)
            metre = metres[here] + away_m[until] - less_m
            yield until, paid + metre * per_m + (legs[here] + on_s - less_s) * per_s
        if until == end or not all(map(le, amounts, track.spare[until + 1])):
            return
        there, passed = track.points[until], track.nodes[until]
        if until == at:
            paid = metres[there] * per_m + legs[there] * per_s
        start = opening(windows[passed], free_s + legs[there])
        if start > track.latest[until]:
            return
        free_s, legs, metres = (
            start + service[passed],
            track.leg_rows[until + 1],
            track.metre_rows[until + 1],
        )


def _ways_on(track: Track, here: int) -> tuple[list[int], list[int]]:
    """Leg and distance from a point to every position of the route, the end last."""
    car = track.car
    legs, metres = car.legs[here], car.metres[here]
    points = track.points
    return (
        [*map(legs.__getitem__, points), car.home_s[here]],
        [*map(metres.__getitem__, points), car.home_m[here]],
    )


def _step(compiled: Compiled, node: int, front: _Front, car: Car) -> _Front | None:
    """Walk on to a node; None when all its windows are over by then."""
    there = compiled.point[node]
    start = opening(compiled.windows[node], front.free_s + front.legs[there])
    if start >= NEVER:
        return None
    return _Front(start + compiled.service[node], car.legs[there], car.metres[there])


def _direct(track: Track, at: int) -> tuple[int, int]:
    """Leg and distance into position `at` as the route is now; nothing for an empty route."""
    if not track.nodes:
        return 0, 0
    if at == len(track.nodes):
        last = track.points[-1]
        return track.car.home_s[last], track.car.home_m[last]
    there = track.points[at]
    return track.leg_rows[at][there], track.metre_rows[at][there]


def _price(car: Car, metres: int, seconds: int) -> int:
    return metres * car.vehicle.cost_per_m + seconds * car.vehicle.cost_per_s


def insert(problem: Problem, routes: Sequence[Route], shipment_id: str) -> Quote | Reason:
    """Who could take one more shipment, and at what cost, with everything else left as it is.

    `problem` already holds the shipment; `routes` are the running plan. Answers with the cheapest
    vehicle, empty ones included, or with the reason why none can.
    """
    compiled = Compiled(problem)
    request = compiled.request_of[shipment_id]
    able, reason = cars_for(compiled, request)
    if reason is not None:
        return reason
    running = {route.vehicle_id: route for route in routes}
    best: tuple[Place, Car] | None = None
    for car in able:
        place = best_place(compiled, running_track(compiled, car, running), request)
        if place is not None and (best is None or place.extra < best[0].extra):
            best = place, car
    if best is None:
        return Reason.NO_ROOM_LEFT
    return Quote(planned_route(compiled, best[1], best[0].nodes), best[0].extra)


def running_track(compiled: Compiled, car: Car, running: Mapping[str, Route]) -> Track:
    """The car's route as it runs; what is done first of its lock is held."""
    route = running.get(car.vehicle.id)
    nodes = [compiled.node(task) for task in route.sequence] if route else []
    held = sum(node in car.prefix for node in nodes)
    return Track(compiled, car, nodes, held)
