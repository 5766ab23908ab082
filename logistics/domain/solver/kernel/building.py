"""From a compiled problem to the kernel's tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from logistics.domain.compiled import Car, Compiled, Windows
from logistics.domain.feasibility import Candidates
from logistics.domain.matrix import UNREACHABLE
from logistics.domain.solver.construct import Draft
from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.nearness import nearest_requests, requests_around
from logistics.domain.solver.kernel.places import RANKED
from logistics.domain.solver.kernel.tables import Facts, Ints, Plan, Small


@dataclass(frozen=True, slots=True)
class Fixed:
    """What cannot be moved: per car how many nodes at its head, and which requests are free.

    `owed` requests have their pickup made or locked and wait for their delivery, on one car only.
    """

    heads: list[int]
    owed: frozenset[int]
    free: frozenset[int]


def fixed(draft: Draft) -> Fixed:
    """What the locks of a draft hold."""
    compiled, able = draft.compiled, draft.able
    head = [node for track in draft.tracks for node in track.nodes[: track.held]]
    done = {node // 2 for node in head if node % 2}
    aboard = {request for car in compiled.cars for request in car.aboard}
    begun = {node // 2 for node in head} | aboard
    owed = frozenset(r for r in begun - done if able.cars[r])
    loose = frozenset(r for r in compiled.requests if able.cars[r] and r not in compiled.bound_to)
    return Fixed([track.held for track in draft.tracks], owed, owed | loose)


def fits(compiled: Compiled) -> bool:
    """Whether all sums stay below the price of a mandatory request, and times in their columns."""
    matrices = compiled.problem.matrices
    cars = [car.vehicle for car in compiled.cars]
    longest_s = max((max(map(max, one.durations_s), default=0) for one in matrices), default=0)
    longest_m = max((max(map(max, one.distances_m), default=0) for one in matrices), default=0)
    legs = 2 * (len(compiled.shipments) + len(cars))
    driven = longest_m * legs * max(car.cost_per_m for car in cars)
    away = sum((car.shift.until_s - car.shift.from_s) * car.cost_per_s for car in cars)
    fixed = sum(car.fixed_cost for car in cars)
    prizes = sum(one.prize or 0 for one in compiled.shipments)
    setup_s = max(compiled.problem.setup_s, default=0)
    shift_s = max(car.shift.until_s - car.shift.from_s for car in cars)
    in_time = max(longest_s + setup_s, shift_s) < col.FAR
    return driven + away + fixed + prizes < col.MISSED and in_time


class Grid:
    """Points of the problem, then a row per start and a column per end of a vehicle."""

    def __init__(self, compiled: Compiled) -> None:
        cars = compiled.cars
        self.points = len(compiled.problem.setup_s)
        starts = sorted({car.vehicle.start for car in cars})
        ends = sorted({NONE_IS_LAST if car.end is None else car.end for car in cars})
        self.start = {point: self.points + at for at, point in enumerate(starts)}
        self.end = {point: self.points + len(starts) + at for at, point in enumerate(ends)}
        self.size = self.points + len(starts) + len(ends)

    def start_of(self, car: Car) -> int:
        return self.start[car.vehicle.start]

    def end_of(self, car: Car) -> int:
        return self.end[NONE_IS_LAST if car.end is None else car.end]

    def times(self, durations: Sequence[Sequence[int]], setup_s: Sequence[int]) -> Small:
        """Legs: set-up at the end point, none within one point, none at the end of the route."""
        drive = np.array(durations, dtype=np.int64)
        drive[drive == UNREACHABLE] = col.FAR
        setup = np.array(setup_s, dtype=np.int64)
        legs = drive + setup
        np.fill_diagonal(legs, 0)
        return self._laid(legs, drive + setup, drive)

    def metres(self, distances: Sequence[Sequence[int]]) -> Small:
        away = np.array(distances, dtype=np.int64)
        away[away == UNREACHABLE] = 0
        return self._laid(away, away, away)

    def _laid(self, inner: Ints, first: Ints, last: Ints) -> Small:
        grid = np.full((self.size, self.size), col.FAR, dtype=np.int64)
        grid[: self.points, : self.points] = inner
        for point, row in self.start.items():
            grid[row, : self.points] = first[point]
        for point, column in self.end.items():
            if point == NONE_IS_LAST:
                grid[:, column] = 0
                continue
            grid[: self.points, column] = last[:, point]
            for start, row in self.start.items():
                grid[row, column] = last[start, point]
        return np.minimum(grid, col.FAR).astype(np.int32)


NONE_IS_LAST: Final = 1 << 40
"""Stands for the end of vehicles that end anywhere, behind all real points."""


def facts(compiled: Compiled, able: Candidates, held: Fixed) -> Facts:
    """Everything that a search only reads."""
    grid, cars = Grid(compiled), compiled.cars
    matrices, places = _matrices(compiled, grid)
    amount, capacity, _ = _amounts(compiled)
    nodes = _node_table(compiled, grid)
    request = np.hstack([_requests(compiled, held), amount])
    drive = matrices[0, : grid.points, : grid.points]
    near = nearest_requests(nodes[:, col.POINT], len(request), drive)
    around = requests_around(nodes, len(request), drive)
    return Facts(
        grid=matrices,
        window=_windows(compiled),
        car=np.hstack([_cars(compiled, places), capacity]),
        request=request,
        able=_able(compiled, able),
        near=np.hstack([near, around]),
        requests=len(request),
        vehicles=len(cars),
        dimensions=amount.shape[1],
        nearest=near.shape[1],
        lagged=bool((request[:, col.LAG] >= 0).any()),
        timed=any(car.vehicle.cost_per_s for car in cars),
    )


def _matrices(compiled: Compiled, grid: Grid) -> tuple[Small, dict[str, list[int]]]:
    """All matrices, each once, and per profile the places of its four."""
    kept: list[Small] = []
    places: dict[str, list[int]] = {}
    for one in compiled.problem.matrices:
        time = grid.times(one.durations_s, compiled.problem.setup_s)
        metre = grid.metres(one.distances_m)
        places[one.profile] = [_keep(kept, each) for each in (time, time.T, metre, metre.T)]
    return np.stack(kept), places


def _keep(kept: list[Small], matrix: Small) -> int:
    for at, known in enumerate(kept):
        if np.array_equal(known, matrix):
            return at
    kept.append(matrix)
    return len(kept) - 1


def _amounts(compiled: Compiled) -> tuple[Ints, Ints, Ints]:
    """Amounts, capacities and first loads in those dimensions that can bind at all."""
    count = len(compiled.problem.dimensions)
    amount = np.array(compiled.amounts, dtype=np.int64).reshape(-1, count)
    capacity = np.array([car.capacity for car in compiled.cars], dtype=np.int64).reshape(-1, count)
    load = np.array([car.load for car in compiled.cars], dtype=np.int64).reshape(-1, count)
    binds = amount.sum(axis=0) > capacity.min(axis=0)
    return amount[:, binds], capacity[:, binds], load[:, binds]


def _node_windows(compiled: Compiled) -> list[Windows]:
    """Windows by node; those of what is on board end when it has been there too long."""
    windows = list(compiled.windows)
    for car in compiled.cars:
        for r, loaded_s in car.aboard.items():
            longest = compiled.shipments[r].max_on_board_s
            if longest is not None:
                windows[2 * r + 1] = _until(windows[2 * r + 1], loaded_s + longest)
    return windows


def _until(windows: Windows, last_s: int) -> Windows:
    cut = [(first, min(last, last_s)) for first, last in windows if first <= last_s]
    return tuple(cut) or ((col.NEVER, -col.NEVER),)


def _windows(compiled: Compiled) -> Ints:
    rows = [window for windows in _node_windows(compiled) for window in windows]
    rows += [(car.first_s, col.NEVER) for car in compiled.cars]
    rows += [(-col.NEVER, car.last_s) for car in compiled.cars]
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _node_table(compiled: Compiled, grid: Grid) -> Ints:
    requests, cars = len(compiled.shipments), compiled.cars
    loads = _amounts(compiled)[2]
    table = np.zeros((2 * requests + 2 * len(cars), col.LOAD + loads.shape[1]), dtype=np.int64)
    ends = [grid.start_of(car) for car in cars] + [grid.end_of(car) for car in cars]
    table[:, col.POINT] = [*compiled.point, *ends]
    table[: 2 * requests, col.SERVICE] = compiled.service
    counts = np.array([len(one) for one in _node_windows(compiled)] + [1] * 2 * len(cars))
    table[:, col.WINDOWS] = counts
    table[:, col.WINDOW] = np.cumsum(counts) - counts
    rows = _windows(compiled)
    table[:, col.FIRST] = rows[table[:, col.WINDOW], 0]
    table[:, col.LAST] = rows[table[:, col.WINDOW] + counts - 1, 1]
    table[:, col.VEHICLE] = col.NONE
    table[2 * requests : 2 * requests + len(cars), col.LOAD :] = loads
    return table


def _requests(compiled: Compiled, held: Fixed) -> Ints:
    table = np.zeros((len(compiled.shipments), col.AMOUNT), dtype=np.int64)
    aboard = {r for car in compiled.cars for r in car.aboard}
    for r, shipment in enumerate(compiled.shipments):
        lag = None if r in aboard else _binding(compiled.lag[r], _longest_lag_s(compiled, r))
        table[r, col.PRICE] = col.MISSED if shipment.prize is None else shipment.prize
        table[r, col.LAG] = col.NONE if lag is None else lag
        table[r, col.ALONE] = r in held.owed
        table[r, col.FREE] = r in held.free
    return table


def _binding(limit: int | None, most: int) -> int | None:
    """A limit, unless nothing can be as much as that."""
    return None if limit is None or limit >= most else limit


def _longest_lag_s(compiled: Compiled, r: int) -> int:
    return compiled.windows[2 * r + 1][-1][1] - compiled.windows[2 * r][0][0]


def _limits(compiled: Compiled, car: Car) -> list[int]:
    """Most seconds, metres and stops of a route; NONE where they cannot bind."""
    one, tasks = car.vehicle, 2 * len(compiled.shipments)
    farthest = max(map(max, car.metres)) * (tasks + 1)
    limits = (
        _binding(one.max_route_s, car.last_s - car.first_s),
        _binding(one.max_route_m, farthest),
        _binding(one.max_stops, tasks),
    )
    return [col.NONE if limit is None else limit for limit in limits]


def _cars(compiled: Compiled, places: dict[str, list[int]]) -> Ints:
    table = np.full((len(compiled.cars), col.CAPACITY), col.NONE, dtype=np.int64)
    for v, car in enumerate(compiled.cars):
        one = car.vehicle
        table[v, col.TIME : col.METRE_BACK + 1] = places[one.profile]
        table[v, col.KIND] = car.kind
        table[v, col.PER_M : col.FIXED + 1] = one.cost_per_m, one.cost_per_s, one.fixed_cost
        limits = _limits(compiled, car)
        table[v, col.MOST_S : col.MOST_STOPS + 1] = limits
        table[v, col.COUNTED] = max(limits[1:]) >= 0
        table[v, col.TIMETABLE] = limits[0] >= 0 or one.rest is not None
        if one.rest is not None:
            opens, closes = one.rest.window.from_s, one.rest.window.until_s - 1
            table[v, col.REST_FROM : col.REST_S + 1] = opens, closes, one.rest.duration_s
    return table


def _able(compiled: Compiled, able: Candidates) -> NDArray[np.uint8]:
    table = np.zeros((len(compiled.shipments), len(compiled.cars)), dtype=np.uint8)
    for r, cars in enumerate(able.cars):
        table[r, [car.index for car in cars]] = 1
    return table


def plan(compiled: Compiled, known: Facts, held: Fixed, seed: int) -> Plan:
    """A plan to be laid: see `search.lay`."""
    requests, vehicles = known.requests, known.vehicles
    longest = 2 * requests + 4

    def room(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    totals = room(col.TOTALS)
    totals[col.RANDOM] = seed
    route = room(2 * vehicles, col.ROUTE_COLUMNS)
    route[:vehicles, col.HELD] = held.heads
    return Plan(
        node=_node_table(compiled, Grid(compiled)),
        sequence=np.zeros((2 * vehicles + 1, longest), dtype=np.int32),
        route=route,
        pad=room(max(requests, vehicles) + 1, col.PAD_COLUMNS),
        memory=room(requests, vehicles, col.MEMORY_COLUMNS),
        place=room(RANKED, col.PLACE_COLUMNS),
        chain=room(longest, col.CHAIN_COLUMNS),
        totals=totals,
    )
