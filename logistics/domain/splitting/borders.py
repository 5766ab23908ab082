"""Where a large problem is cut: into neighbourhoods of like size, known by travel times alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from logistics.domain.compiled import Car, Compiled, Row
from logistics.domain.matrix import UNREACHABLE
from logistics.domain.solution import Route

FAR_S: Final = 10**7
"""Stands for the time of a way that does not exist."""

Draw = Callable[[int], int]
"""A whole number from 0 up to the given one, that one left out."""


@dataclass(frozen=True, slots=True)
class Item:
    """What stays together: a vehicle with all that it carries, or one shipment on no route.

    `points` are where it is: the stops of the route, else the vehicle's start and end.
    """

    car: int | None
    requests: tuple[int, ...]
    points: tuple[int, ...]


def items_of(compiled: Compiled, routes: Mapping[int, Route]) -> list[Item]:
    """Every car and every request exactly once, in the canonical order. `routes` are by car."""
    carried: list[set[int]] = [set() for _ in compiled.cars]
    for request, car in compiled.bound_to.items():
        carried[car].add(request)
    for car, route in routes.items():
        carried[car] |= {compiled.request_of[task.shipment_id] for task in route.tasks}
    taken = set[int]().union(*carried)
    items = []
    for each in compiled.cars:
        stops = (
            tuple(task.point for task in routes[each.index].tasks) if each.index in routes else ()
        )
        ends = (each.vehicle.start,) if each.end is None else (each.vehicle.start, each.end)
        items.append(Item(each.index, tuple(sorted(carried[each.index])), stops or ends))
    for request in compiled.requests:
        if request not in taken:
            points = compiled.point[2 * request], compiled.point[2 * request + 1]
            items.append(Item(None, (request,), points))
    return items


def _whereabouts(car: Car, route: Route | None) -> tuple[int, ...]:
    if route is not None:
        return tuple(task.point for task in route.tasks)
    return (car.vehicle.start,) if car.end is None else (car.vehicle.start, car.end)


def neighbourhoods(
    compiled: Compiled, items: Sequence[Item], size: int, draw: Draw | None = None
) -> list[list[Item]]:
    """The items in groups of some `size` requests, each with its share of the vehicles; none where
    there are no vehicles at all.

    Halved again and again, across the longest way; with a `draw` across another one each time.
    """
    if not compiled.cars:
        return []
    return _cut(_Ways(compiled), items, round(_work(items) / size), draw)


def _cut(ways: "_Ways", items: Sequence[Item], pieces: int, draw: Draw | None) -> list[list[Item]]:
    """Every group has a vehicle: where one side would have none, there is no border."""
    pieces = min(pieces, _vehicles(items))
    if pieces <= 1:
        return [list(items)]
    first = pieces // 2
    near, far = _two_sides(ways.ordered(items, draw), first / pieces)
    if not _vehicles(near) or not _vehicles(far):
        return [list(items)]
    return [*_cut(ways, near, first, draw), *_cut(ways, far, pieces - first, draw)]


Placed = Sequence[tuple[int, Item]]
"""Items with how far along the way they lie, in this order."""


def _two_sides(placed: Placed, share: float) -> tuple[list[Item], list[Item]]:
    """The first `share` of the work, and the rest; idle vehicles make up each side's share."""
    busy = [item for _, item in placed if item.requests]
    idle = [(at, item) for at, item in placed if not item.requests]
    wanted, done, here = share * _work(busy), 0, 0
    while here < len(busy) and done + len(busy[here].requests) / 2 <= wanted:
        done += len(busy[here].requests)
        here += 1
    near, far = busy[:here], busy[here:]
    missing = round(share * _vehicles([*busy, *(item for _, item in idle)])) - _vehicles(near)
    joins, stays = _dealt(idle, min(max(missing, 0), len(idle)))
    return near + joins, far + stays


def _dealt(idle: Placed, wanted: int) -> tuple[list[Item], list[Item]]:
    """So many from the front; of those at the same place evenly, as they are ordered by kind."""
    joins: list[Item] = []
    stays: list[Item] = []
    for _, group in groupby(idle, lambda each: each[0]):
        alike = [item for _, item in group]
        some = min(wanted - len(joins), len(alike))
        for at, item in enumerate(alike):
            is_drawn = (at + 1) * some // len(alike) > at * some // len(alike)
            (joins if is_drawn else stays).append(item)
    return joins, stays


def _work(items: Sequence[Item]) -> int:
    return sum(len(item.requests) for item in items)


def _vehicles(items: Sequence[Item]) -> int:
    return sum(item.car is not None for item in items)


class _Ways:
    """Travel times there and back, by the profile that most vehicles have."""

    def __init__(self, compiled: Compiled) -> None:
        profiles = [car.vehicle.profile for car in compiled.cars]
        common = max(sorted(set(profiles)), key=profiles.count)
        self._matrix = compiled.problem.matrix(common).durations_s
        self._known: dict[int, Row] = {}

    def ordered(self, items: Sequence[Item], draw: Draw | None) -> list[tuple[int, Item]]:
        """Along the way between two points that are far apart.

        By the difference of squares: in a plane, lines across that way.
        """
        begins = items[0] if draw is None else items[draw(len(items))]
        one = begins.points[0]
        if draw is None:
            one = self._farthest(items, one)
        other = self._farthest(items, one)
        placed = [(self._away(i, one) ** 2 - self._away(i, other) ** 2, i) for i in items]
        return sorted(placed, key=lambda each: each[0])

    def _farthest(self, items: Sequence[Item], point: int) -> int:
        return max(items, key=lambda item: self._away(item, point)).points[0]

    def _away(self, item: Item, point: int) -> int:
        """Seconds there and back from an item's points, on average."""
        row = self._row(point)
        return sum(row[each] for each in item.points) // len(item.points)

    def _row(self, point: int) -> Row:
        row = self._known.get(point)
        if row is None:
            back = (ways[point] for ways in self._matrix)
            there = self._matrix[point]
            row = [_or_far(a) + _or_far(b) for a, b in zip(there, back, strict=True)]
            self._known[point] = row
        return row


def _or_far(time_s: int) -> int:
    return FAR_S if time_s == UNREACHABLE else time_s
