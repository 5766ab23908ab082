"""Benchmark instances of pickup and delivery with time windows, read and written.

Li & Lim (2001, as kept by SINTEF) and Sartori & Buriol (2019), plain or gzipped. Both count
vehicles first, then distance or travel time.
"""

import gzip
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, NoReturn, TypeVar

from logistics.domain.invalid import FieldIssue, InvalidProblem
from logistics.domain.problem import Handling, Matrix, Problem, Shipment, TimeWindow, Vehicle
from logistics.domain.solution import Solution

N = TypeVar("N", int, float)

SCALE: Final = 1000
"""Our units per unit of a Euclidean instance: durations rounded up, so plans stay feasible."""

VEHICLE_PRICE: Final = 10**9
"""Above any distance, so that fewer vehicles always win."""

LI_LIM_COLUMNS: Final = 9
SARTORI_COLUMNS: Final = 9
HEADER_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class Node:
    """One row: place, demand, window with both ends counted, service, partner (0: none).

    `x, y` are coordinates, or latitude and longitude where a travel matrix is given.
    """

    x: float
    y: float
    demand: int
    earliest: int
    latest: int
    service: int
    pickup: int
    delivery: int


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance as written; node 0 is the depot. `travel` is None for Euclidean instances."""

    name: str
    vehicles: int
    capacity: int
    nodes: tuple[Node, ...]
    travel: tuple[tuple[int, ...], ...] | None = None

    @property
    def scale(self) -> int:
        return SCALE if self.travel is None else 1

    def problem(self) -> Problem:
        """The same as a problem; shipments are named by the number of their pickup node."""
        return Problem(
            setup_s=(0,) * len(self.nodes),
            matrices=(self._matrix(),),
            shipments=tuple(
                self._shipment(number)
                for number, node in enumerate(self.nodes)
                if number and node.delivery
            ),
            vehicles=tuple(self._vehicle(number) for number in range(self.vehicles)),
            dimensions=("load",),
        )

    def _matrix(self) -> Matrix:
        if self.travel is not None:
            return Matrix("car", self.travel, self.travel)
        away = [[math.hypot(a.x - b.x, a.y - b.y) * SCALE for b in self.nodes] for a in self.nodes]
        times = tuple(tuple(map(math.ceil, row)) for row in away)
        return Matrix("car", times, tuple(tuple(map(round, row)) for row in away))

    def _handling(self, number: int) -> Handling:
        node = self.nodes[number]
        return Handling(number, (self._window(node, last=1),), node.service * self.scale)

    def _window(self, node: Node, last: int) -> TimeWindow:
        return TimeWindow(node.earliest * self.scale, node.latest * self.scale + last)

    def _shipment(self, number: int) -> Shipment:
        node = self.nodes[number]
        return Shipment(
            id=str(number),
            pickup=self._handling(number),
            delivery=self._handling(node.delivery),
            amounts=(node.demand,),
        )

    def _vehicle(self, number: int) -> Vehicle:
        return Vehicle(
            id=str(number + 1),
            start=0,
            end=0,
            capacity=(self.capacity,),
            shift=self._window(self.nodes[0], last=0),
            fixed_cost=VEHICLE_PRICE,
        )

    def distance(self, solution: Solution) -> float:
        """Distance (or travel time) of a plan in the instance's own unit and precision."""
        tours = [[0, *nodes, 0] for nodes in node_routes(solution)]
        return sum(self._between(a, b) for tour in tours for a, b in pairwise(tour))

    def _between(self, here: int, there: int) -> float:
        if self.travel is not None:
            return self.travel[here][there]
        a, b = self.nodes[here], self.nodes[there]
        return math.hypot(a.x - b.x, a.y - b.y)


def node_routes(solution: Solution) -> list[list[int]]:
    """Routes as node numbers without the depot, so that anyone can verify them."""
    return [[task.point for task in route.tasks] for route in solution.routes]


def read_instance(path: Path) -> Instance:
    """Read a file in either format, recognised by its first line; `.gz` is unpacked.

    Raises `InvalidProblem` with the line that does not fit.
    """
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    name = path.name.removesuffix(".gz").removesuffix(".txt")
    if text.lstrip().startswith("NAME"):
        return read_sartori_buriol(text)
    return read_li_lim(text, name=name)


def read_li_lim(text: str, *, name: str) -> Instance:
    rows = _rows(text)
    if not rows:
        _refuse(0)
    header = _numbers(rows[0], HEADER_COLUMNS, int, 0)
    nodes = [_node(_numbers(row, LI_LIM_COLUMNS, float, at)) for at, row in enumerate(rows[1:], 1)]
    return Instance(name, header[0], header[1], tuple(nodes))


def read_sartori_buriol(text: str) -> Instance:
    """As published, the number of vehicles is not limited: one per shipment is offered."""
    rows = text.splitlines()
    if "NODES" not in rows or "EDGES" not in rows:
        _refuse(0)
    begin, middle = rows.index("NODES"), rows.index("EDGES")
    pairs = (row.partition(":") for row in rows[:begin])
    header = {key.strip(): value.strip() for key, _, value in pairs}
    size = middle - begin - 1
    nodes = [
        _node(_numbers(row.split(), SARTORI_COLUMNS, float, at))
        for at, row in enumerate(rows[begin + 1 : middle], begin + 1)
    ]
    travel = [
        tuple(_numbers(row.split(), size, int, at))
        for at, row in enumerate(rows[middle + 1 : middle + 1 + size], middle + 1)
    ]
    if len(travel) != size or "CAPACITY" not in header:
        _refuse(len(rows) - 1)
    capacity = int(header["CAPACITY"])
    return Instance(header.get("NAME", ""), size // 2, capacity, tuple(nodes), tuple(travel))


def write_li_lim(instance: Instance) -> str:
    lines = [f"{instance.vehicles}\t{instance.capacity}\t1"]
    lines += ["\t".join(_columns(number, node)) for number, node in enumerate(instance.nodes)]
    return "\n".join(lines) + "\n"


def write_sartori_buriol(instance: Instance) -> str:
    depot = instance.nodes[0]
    lines = [
        f"NAME: {instance.name}",
        "TYPE: PDPTW",
        f"SIZE: {len(instance.nodes)}",
        f"ROUTE-TIME: {depot.latest}",
        f"CAPACITY: {instance.capacity}",
        "NODES",
    ]
    lines += [" ".join(_columns(number, node)) for number, node in enumerate(instance.nodes)]
    lines += ["EDGES", *(" ".join(map(str, row)) for row in instance.travel or ()), "EOF"]
    return "\n".join(lines) + "\n"


def _rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def _numbers(row: Sequence[str], columns: int, read: Callable[[str], N], line: int) -> list[N]:
    try:
        numbers = [read(entry) for entry in row]
    except ValueError:
        _refuse(line)
    if len(numbers) != columns:
        _refuse(line)
    return numbers


def _refuse(line: int) -> NoReturn:
    raise InvalidProblem([FieldIssue(f"line {line + 1}", "not_this_format")])


def _node(row: Sequence[float]) -> Node:
    _, x, y, *rest = row
    demand, earliest, latest, service, pickup, delivery = map(int, rest)
    return Node(x, y, demand, earliest, latest, service, pickup, delivery)


def _columns(number: int, node: Node) -> list[str]:
    place = [f"{value:.10g}" for value in (node.x, node.y)]
    rest = (node.demand, node.earliest, node.latest, node.service, node.pickup, node.delivery)
    return [str(number), *place, *map(str, rest)]
