"""What one more shipment costs each vehicle at least: all places of all routes in one sweep.

A lower bound, never an answer: it knows distance, busy time, load, and the earliest and latest
starts of the routes as they are; the exact timetable decides about the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from logistics.domain.compiled import NEVER, Compiled, Row, Windows
from logistics.domain.insertion import Track
from logistics.domain.matrix import UNREACHABLE
from logistics.domain.schedule import OVER

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

SPARE_WIDTH: Final = 8
"""Columns beyond the longest route, so that routes can grow."""

NOWHERE: Final = float("inf")


class Ways:
    """Legs and distances by profile, with a row per start and a column per end of a vehicle.

    A route's first leg has its set-up even within one point, its last leg has none.
    """

    def __init__(self, compiled: Compiled) -> None:
        problem = compiled.problem
        points = problem.points
        starts = sorted({car.vehicle.start for car in compiled.cars})
        ends = sorted({car.end for car in compiled.cars if car.end is not None})
        self.start = {point: points + at for at, point in enumerate(starts)}
        self.end: dict[int | None, int] = {None: points}
        self.end.update({point: points + 1 + at for at, point in enumerate(ends)})
        self.profile = {one.profile: at for at, one in enumerate(problem.matrices)}
        setup = np.array(problem.setup_s, dtype=np.int64)
        self.legs = np.stack([self._laid(one.durations_s, setup) for one in problem.matrices])
        nothing = np.zeros_like(setup)
        self.metres = np.stack([self._laid(one.distances_m, nothing) for one in problem.matrices])

    def _laid(self, matrix: Sequence[Row], setup: Ints) -> Ints:
        drive = np.array(matrix, dtype=np.int64)
        drive[drive == UNREACHABLE] = NEVER
        points = len(drive)
        grid = np.zeros((points + len(self.start), points + len(self.end)), dtype=np.int64)
        grid[:points, :points] = drive + setup
        np.fill_diagonal(grid[:points, :points], 0)
        for point, row in self.start.items():
            grid[row, :points] = drive[point] + setup
        for end, column in self.end.items():
            if end is not None:
                grid[:points, column] = drive[:, end]
        return grid


class Part(NamedTuple):
    """Pickup or delivery of the new shipment."""

    point: int
    service_s: int
    windows: Windows


@dataclass(frozen=True, slots=True)
class Over:
    """The way over one new stop, for each gap of each route: in, on, and what both add."""

    in_s: Ints
    in_m: Ints
    on_s: Ints
    on_m: Ints
    more_s: Ints
    more: Floats


class Detours:
    """A row for each car, in their order, and in it a column for each gap between its stops."""

    def __init__(self, compiled: Compiled, tracks: Sequence[Track]) -> None:
        self.compiled = compiled
        self.ways = Ways(compiled)
        cars = [track.car for track in tracks]
        self.profile = np.array([[self.ways.profile[car.vehicle.profile]] for car in cars])
        self.per_m = np.array([[car.vehicle.cost_per_m] for car in cars], dtype=np.float64)
        self.per_s = np.array([[car.vehicle.cost_per_s] for car in cars], dtype=np.float64)
        self.offset = np.zeros(len(cars))
        width = max((len(track.nodes) for track in tracks), default=0) + SPARE_WIDTH
        shape = len(cars), width
        self.left, self.right, self.direct_s, self.direct_m, self.ready, self.latest = (
            np.zeros(shape, dtype=np.int64) for _ in range(6)
        )
        self.spare = np.zeros((len(compiled.problem.dimensions), *shape), dtype=np.int64)
        self.usable = np.zeros(shape, dtype=np.bool_)
        for track in tracks:
            self.lay(track)

    def lay(self, track: Track) -> None:
        """Take over a route as it is now."""
        row, gaps = track.car.index, len(track.nodes) + 1
        if gaps > self.usable.shape[1]:
            self._widen(gaps + SPARE_WIDTH - self.usable.shape[1])
        car, ways = track.car, self.ways
        self.left[row, :gaps] = [ways.start[car.vehicle.start], *track.points]
        self.right[row, :gaps] = [*track.points, ways.end[car.end]]
        self.ready[row, :gaps] = track.ready
        self.latest[row, :gaps] = track.latest
        self.spare[:, row, :gaps] = np.array(track.spare, dtype=np.int64).T
        self.usable[row] = False
        self.usable[row, track.held : gaps] = True
        profile = self.profile[row, 0]
        ends = profile, self.left[row, :gaps], self.right[row, :gaps]
        self.direct_s[row, :gaps] = ways.legs[ends] if track.nodes else 0
        self.direct_m[row, :gaps] = ways.metres[ends] if track.nodes else 0
        self.offset[row] = self._beyond_detours(track, gaps)

    def _beyond_detours(self, track: Track, gaps: int) -> float:
        """What a new cost is at least above the detours: the waiting of now can be saved at most.

        Without limit for a route that no longer holds.
        """
        vehicle, row = track.car.vehicle, track.car.index
        if track.nodes and not track.cost:
            return -NOWHERE
        busy_s = int(self.direct_s[row, :gaps].sum())
        busy_s += sum(self.compiled.service[node] for node in track.nodes)
        metres = int(self.direct_m[row, :gaps].sum())
        driven = metres * vehicle.cost_per_m + busy_s * vehicle.cost_per_s
        return float(vehicle.fixed_cost + driven - track.cost)

    def _widen(self, by: int) -> None:
        for name in ("left", "right", "direct_s", "direct_m", "ready", "latest", "usable"):
            setattr(self, name, np.pad(getattr(self, name), ((0, 0), (0, by))))
        self.spare = np.pad(self.spare, ((0, 0), (0, 0), (0, by)))

    def at_least(self, request: int) -> Floats:
        """For each car the least that both stops of a request can add to its cost.

        Infinite where they do not fit.
        """
        pickup, delivery = self._part(2 * request), self._part(2 * request + 1)
        over_p, over_d = self._over(pickup), self._over(delivery)
        room = self._has_room(request)
        free = _openings(pickup.windows, self.ready + over_p.in_s) + pickup.service_s
        collects = room & (free + over_p.on_s <= self.latest)
        handed = _openings(delivery.windows, self.ready + over_d.in_s) + delivery.service_s
        in_time = handed + over_d.on_s <= self.latest
        hands = room & (in_time | self._is_sooner(over_p, pickup))
        apart = self._least_apart(
            np.where(collects, over_p.more, NOWHERE), np.where(hands, over_d.more, NOWHERE)
        )
        together = self._together((pickup, delivery), free, over_p, over_d)
        together = np.where(room, together, NOWHERE).min(axis=1)
        service = (pickup.service_s + delivery.service_s) * self.per_s[:, 0]
        least: Floats = np.minimum(apart, together)
        fits = least < NOWHERE
        least[fits] += self.offset[fits] + service[fits]
        return least

    def _part(self, node: int) -> Part:
        compiled = self.compiled
        return Part(compiled.point[node], compiled.service[node], compiled.windows[node])

    def _over(self, part: Part) -> Over:
        profile, ways = self.profile, self.ways
        in_s = ways.legs[profile, self.left, part.point]
        on_s = ways.legs[profile, part.point, self.right]
        in_m = ways.metres[profile, self.left, part.point]
        on_m = ways.metres[profile, part.point, self.right]
        more_s = in_s + on_s - self.direct_s
        more = (in_m + on_m - self.direct_m) * self.per_m + more_s * self.per_s
        reachable = (in_s < OVER) & (on_s < OVER)
        return Over(in_s, in_m, on_s, on_m, more_s, np.where(reachable, more, NOWHERE))

    def _has_room(self, request: int) -> Marks:
        """Gaps in which the vehicle has room for it, behind what is locked."""
        room = self.usable.copy()
        for spare, amount in zip(self.spare, self.compiled.amounts[request], strict=True):
            if amount:
                room &= spare >= amount
        return room

    def _is_sooner(self, over: Over, part: Part) -> Marks:
        """Rows in which the way over this stop is quicker than the direct one.

        What comes after it may then be earlier than it is now.
        """
        sooner: Marks = np.any(over.more_s + part.service_s < 0, axis=1)
        return sooner[:, np.newaxis]

    def _least_apart(self, collect: Floats, hand: Floats) -> Floats:
        """The cheapest pickup with a delivery in any later gap, per row."""
        later = np.minimum.accumulate(hand[:, ::-1], axis=1)[:, ::-1]
        least: Floats = (collect[:, :-1] + later[:, 1:]).min(axis=1)
        return least

    def _together(self, parts: tuple[Part, Part], free: Ints, over_p: Over, over_d: Over) -> Floats:
        """What it adds to collect and hand over in the same gap."""
        pickup, delivery = parts
        between = self.profile, pickup.point, delivery.point
        way_s, way_m = self.ways.legs[between], self.ways.metres[between]
        handed = _openings(delivery.windows, free + way_s) + delivery.service_s
        more_s = over_p.in_s + way_s + over_d.on_s - self.direct_s
        more_m = over_p.in_m + way_m + over_d.on_m - self.direct_m
        more = more_m * self.per_m + more_s * self.per_s
        together: Floats = np.where(handed + over_d.on_s <= self.latest, more, NOWHERE)
        return together


def _openings(windows: Windows, soonest: Ints) -> Ints:
    """As `schedule.opening`, for many moments at once."""
    starts: Ints = np.full_like(soonest, NEVER)
    for first, last in reversed(windows):
        starts = np.where(soonest <= last, np.maximum(soonest, first), starts)
    return starts
