"""The best plan from routes met before: set covering, rounded by diving.

A linear program chooses shares of routes that cover every request; routes with the largest shares
are fixed, and the rest is solved again, until the choice is whole. After Rochat and Taillard,
"Probabilistic diversification and intensification in local search for vehicle routing" (1995), and
Joncour and others, "Column generation based primal heuristics" (2010).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.pool import Key, Pool, key_of
from logistics.domain.solver.kernel.tables import Facts, Ints, Small

FIRST: Final = 2_000
MORE: Final = 1_000
PRICINGS: Final = 12
"""Routes in the first program, most that are added when it is solved, and how often some are."""

KEPT: Final = 4_000
"""Routes among which is dived, at most: those that cost least beyond what their requests are worth.
"""

SURE: Final = 0.8
"""Share of a route from which it is fixed together with others."""

DEAR: Final = 20
"""In the program, a mandatory request left uncovered costs so many of the dearest route."""

SOME: Final = 1e-6

Floats = NDArray[np.float64]


class Met(NamedTuple):
    """A route that a search met: vehicle class, cost and nodes in order."""

    cls: int
    cost: int
    nodes: Small


@dataclass(frozen=True, slots=True)
class Columns:
    """Routes as a program sees them: cost, vehicle class, and the requests of all in one row."""

    cost: Floats
    cls: Ints
    request: Ints
    column: Ints

    @classmethod
    def of(cls, routes: Sequence[Met], spared: Mapping[int, int]) -> "Columns":
        """`spared` is what of a route's cost does not count, by vehicle class."""
        served = [each.nodes[each.nodes % 2 == 1] // 2 for each in routes]
        return cls(
            np.array([each.cost - spared.get(each.cls, 0) for each in routes], dtype=np.float64),
            np.array([each.cls for each in routes], dtype=np.int64),
            np.concatenate([*served, np.zeros(0, dtype=np.int32)]).astype(np.int64),
            np.repeat(np.arange(len(routes)), [len(each) for each in served]),
        )

    def requests_of(self, column: int) -> Ints:
        first, last = np.searchsorted(self.column, [column, column + 1])
        return self.request[first:last]


class Program:
    """The covering of all requests by shares of routes, of which columns are added as they pay.

    `prices` are what leaving a request uncovered costs, `counts` how many vehicles a class has;
    `musts` are the classes of which every vehicle has its route.
    """

    def __init__(
        self,
        columns: Columns,
        prices: Floats,
        counts: dict[int, int],
        musts: frozenset[int],
        fleet: int,
    ) -> None:
        self.columns = columns
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._goal = self._solver.Objective()
        self._goal.SetMinimization()
        self._cover = [self._solver.Constraint(1.0, np.inf) for _ in prices]
        self._class = {
            cls: self._solver.Constraint(float(count) if cls in musts else 0.0, float(count))
            for cls, count in counts.items()
        }
        self._fleet = self._solver.Constraint(0.0, float(fleet))
        for row, price in zip(self._cover, prices.tolist(), strict=True):
            uncovered = self._solver.NumVar(0.0, 1.0, "")
            self._goal.SetCoefficient(uncovered, price)
            row.SetCoefficient(uncovered, 1.0)
        self.shares: dict[int, Any] = {}

    def add(self, columns: Iterable[int]) -> None:
        for column in columns:
            share = self._solver.NumVar(0.0, np.inf, "")
            self._goal.SetCoefficient(share, float(self.columns.cost[column]))
            self._class[int(self.columns.cls[column])].SetCoefficient(share, 1.0)
            self._fleet.SetCoefficient(share, 1.0)
            for request in self.columns.requests_of(column).tolist():
                self._cover[request].SetCoefficient(share, 1.0)
            self.shares[column] = share

    def solve(self) -> bool:
        done: bool = self._solver.Solve() == pywraplp.Solver.OPTIMAL
        return done

    def go_on_by_dual_simplex(self) -> None:
        """From the last solution, which stays optimal in the dual when columns are fixed."""
        self._solver.SetSolverSpecificParametersAsString(
            "use_preprocessing: false use_dual_simplex: true"
        )

    def fix(self, column: int) -> None:
        self.shares[column].SetBounds(1.0, 1.0)

    def reduced_costs(self) -> Floats:
        """Of all columns, also of those that are not in the program."""
        worth = np.array([row.dual_value() for row in self._cover])
        cls_worth = {cls: row.dual_value() for cls, row in self._class.items()}
        served = np.bincount(
            self.columns.column,
            weights=worth[self.columns.request],
            minlength=len(self.columns.cost),
        )
        used = np.array([cls_worth[cls] for cls in self.columns.cls.tolist()])
        reduced: Floats = self.columns.cost - served - used - self._fleet.dual_value()
        return reduced


def recombined(facts: Facts, pools: Sequence[Pool], now: Small, fleet: int | None) -> Small | None:
    """Rows of a plan from routes of the pools; None when there is none to be found.

    It may leave requests out. Where vehicles come first, `fleet` is how many there are: then only
    other costs count. `now` are the rows of a plan whose routes are in the pools.
    """
    classes = pools[0].classes
    routes = _merged(pools)
    fixed = dict(zip(classes.tolist(), facts.car[:, col.FIXED].tolist(), strict=True))
    columns = Columns.of(list(routes.values()), {} if fleet is None else fixed)
    numbers, counts = np.unique(classes, return_counts=True)
    held = facts.vehicles + np.flatnonzero(pools[0].held)
    program = Program(
        columns,
        _prices(facts, columns.cost.max(initial=1.0)),
        dict(zip(numbers.tolist(), counts.tolist(), strict=True)),
        frozenset(held.tolist()),
        facts.vehicles if fleet is None else fleet,
    )
    driven = {key_of(cls, _nodes(row)) for cls, row in zip(classes.tolist(), now, strict=True)}
    known = [at for at, key in enumerate(routes) if key in driven]
    recent = range(max(0, len(routes) - FIRST), len(routes))
    chosen = _cover(program, sorted({*known, *recent}))
    if chosen is None:
        return None
    found = list(routes.values())
    return _lay_out(facts, classes, [found[at] for at in chosen], now)


def _merged(pools: Sequence[Pool]) -> dict[Key, Met]:
    """Every route once, where it is cheapest."""
    best: dict[Key, Met] = {}
    for pool in pools:
        for key, (cost, nodes) in pool.routes.items():
            if key not in best or cost < best[key].cost:
                best[key] = Met(key[0], cost, nodes)
    return best


def _nodes(row: Small) -> Small:
    """Of a row as plans are saved: its length, then the nodes."""
    return row[1 : row[0] + 1]


def _cover(program: Program, first: Iterable[int]) -> list[int] | None:
    """Columns that together make a plan; None when a program could not be solved.

    They may serve a request twice, or not at all.
    """
    program.add(first)
    if not _price(program) or not _keep_promising(program):
        return None
    return _dive(program)


def _price(program: Program) -> bool:
    """Add the columns that pay until none does, or often enough."""
    for _ in range(PRICINGS):
        if not program.solve():
            return False
        paying = _cheapest(program, MORE, below=-SOME)
        if not paying:
            return True
        program.add(paying)
    return program.solve()


def _keep_promising(program: Program) -> bool:
    program.add(_cheapest(program, max(0, KEPT - len(program.shares)), below=np.inf))
    return program.solve()


def _cheapest(program: Program, most: int, below: float) -> list[int]:
    """Of the columns outside, those that cost least beyond what their requests are worth."""
    reduced = program.reduced_costs()
    reduced[list(program.shares)] = np.inf
    order = np.argsort(reduced, kind="stable")[:most]
    return [int(column) for column in order if reduced[column] < below]


def _dive(program: Program) -> list[int] | None:
    program.go_on_by_dual_simplex()
    chosen: list[int] = []
    while found := _largest(program, set(chosen)):
        for column in found:
            program.fix(column)
        chosen += found
        if not program.solve():
            return None
    return chosen


def _largest(program: Program, chosen: set[int]) -> list[int]:
    """The column with the largest share that is not fixed yet, and others that are nearly whole."""
    shares = [
        (-each.solution_value(), column)
        for column, each in program.shares.items()
        if column not in chosen and each.solution_value() > SOME
    ]
    found: list[int] = []
    covered: set[int] = set()
    for less, column in sorted(shares):
        requests = program.columns.requests_of(column).tolist()
        if found and (-less < SURE or not covered.isdisjoint(requests)):
            break
        found.append(column)
        covered.update(requests)
    return found


def _lay_out(facts: Facts, classes: Small, routes: Sequence[Met], now: Small) -> Small:
    """Rows of a plan with these routes, every request once.

    A vehicle that drives one of them already keeps it.
    """
    rows = np.zeros_like(now)
    free = list(range(facts.vehicles))
    left = _once(facts, routes)
    for fits in (_drives, lambda row, nodes: True):
        rest = []
        for route in left:
            alike = (v for v in free if classes[v] == route.cls and fits(now[v], route.nodes))
            v = next(alike, None)
            if v is None:
                rest.append(route)
                continue
            free.remove(v)
            rows[v, 0] = len(route.nodes)
            rows[v, 1 : len(route.nodes) + 1] = route.nodes
        left = rest
    return rows


def _drives(row: Small, nodes: Small) -> bool:
    return np.array_equal(_nodes(row), nodes)


def _once(facts: Facts, routes: Sequence[Met]) -> list[Met]:
    """The first of several routes keeps a request."""
    taken = np.zeros(facts.requests, dtype=bool)
    rest: list[Met] = []
    for route in routes:
        kept = route.nodes[~taken[route.nodes // 2]]
        taken[kept // 2] = True
        if kept.size:
            rest.append(route._replace(nodes=kept))
    return rest


def _prices(facts: Facts, dearest: float) -> Floats:
    """What it costs the program to leave each request out; nothing where it cannot move."""
    price = facts.request[:, col.PRICE].astype(np.float64)
    price[price >= col.MISSED] = DEAR * dearest
    price[facts.request[:, col.FREE] == 0] = 0.0
    return price
