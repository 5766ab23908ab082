"""The engine on OR-Tools' routing library: builds its model from a draft and improves that.

Windows, load, skills, route limits, breaks, time on board, prizes and locks are all in the model.
Its answer is only a proposal: `solve` re-times and checks every route with our own exact schedule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from logistics.domain.compiled import NEVER, Car, Compiled, Row
from logistics.domain.limits import Limits, OnProgress, Pace, Stop
from logistics.domain.matrix import UNREACHABLE
from logistics.domain.solver.construct import Draft
from logistics.domain.solver.engine import Improved

NO_WAY: Final = (UNREACHABLE, NEVER)
NO_LIMIT: Final = 10**12
HIGHEST_PRICE: Final = 10**15
LONGEST_WALL_S: Final = 10**6
MOST_DESCENTS: Final = 10**6
FEWEST_GUIDED: Final = 100
MOST_REQUESTS: Final = 160
MOST_WITH_BREAKS: Final = 8


class RoutingLibrary:
    """Descends from a draft to a local optimum; `guided` goes on by guided local search.

    The descent ends by itself; guided search ends after `Limits.iterations` accepted moves. Both
    are deterministic; the wall clock is a safety net.
    """

    name = "routing_library"
    builds = False

    def __init__(self, *, guided: bool = False) -> None:
        self.guided = guided

    def improve(
        self,
        draft: Draft,
        *,
        limits: Limits,
        seed: int,
        on_progress: OnProgress | None,
        stop: Stop | None,
        pace: Pace | None = None,
    ) -> Improved | None:
        requests = in_play(draft)
        if not requests or (stop and stop()):
            return None
        if not self.guided and len(requests) > most_worth_it(draft.compiled):
            return None
        model = RoutingModel(draft, requests)
        work = limits.iterations or FEWEST_GUIDED
        model.set_search(
            guided=self.guided, moves=work if self.guided else MOST_DESCENTS, wall_s=limits.wall_s
        )
        return model.improved(seed=seed, on_progress=on_progress)


def most_worth_it(compiled: Compiled) -> int:
    """Requests up to which a descent gains more than its time; breaks make each move dear."""
    resting = any(car.vehicle.rest is not None for car in compiled.cars)
    return MOST_WITH_BREAKS if resting else MOST_REQUESTS


def in_play(draft: Draft) -> list[int]:
    """Requests that a car could serve; one released from its lock stays out."""
    kept = {node // 2 for track in draft.tracks for node in track.nodes}
    bound = draft.compiled.bound_to
    able = [request for request in draft.compiled.requests if draft.able.cars[request]]
    return [request for request in able if request in kept or request not in bound]


class RoutingModel:
    """One use: build from a draft, improve, read the routes back.

    Model nodes: a start and an end per car, then the nodes of every request in play.
    """

    def __init__(self, draft: Draft, requests: list[int]) -> None:
        self.draft = draft
        self.compiled: Compiled = draft.compiled
        self.cars = self.compiled.cars
        self.requests = requests
        self.nodes = self._nodes()
        self.origin_s = min(car.first_s for car in self.cars)
        self.horizon_s = max(car.last_s for car in self.cars) - self.origin_s
        count = len(self.cars)
        starts, ends = list(range(count)), list(range(count, 2 * count))
        self.manager = pywrapcp.RoutingIndexManager(
            2 * count + len(self.nodes), count, starts, ends
        )
        self.model = pywrapcp.RoutingModel(self.manager)
        self.solver = self.model.solver()
        self.index = {
            node: self.manager.NodeToIndex(2 * count + at) for at, node in enumerate(self.nodes)
        }
        self._add_costs()
        self._add_time()
        self._add_loads()
        self._add_route_limits()
        self._add_requests()

    def _nodes(self) -> list[int]:
        aboard = {request for car in self.cars for request in car.aboard}
        return [
            node
            for request in self.requests
            for node in ((2 * request,) if request not in aboard else ()) + (2 * request + 1,)
        ]

    def _matrix(self, grid: "Ways") -> list[list[int]]:
        """Values from and to every model node; ends are columns, and nothing leads to a start."""
        point = self.compiled.point
        points = [point[node] for node in self.nodes]
        nowhere = [0] * len(self.cars)
        rows = [
            [*nowhere, *nowhere, *map(grid.first(car).__getitem__, points)] for car in self.cars
        ]
        rows += [[0] * len(row) for row in rows]
        homes = [grid.home(car) for car in self.cars]
        for node in self.nodes:
            spent, here = grid.spent(node), point[node]
            onward = grid.inner[here]
            home = [spent + to_end[here] for to_end in homes]
            rows.append([*nowhere, *home, *(spent + onward[there] for there in points)])
        return rows

    def _time_ways(self, car: Car) -> "Ways":
        return Ways(
            inner=car.legs,
            first=lambda one: one.first_legs,
            home=lambda one: one.home_s,
            spent=self.compiled.service.__getitem__,
        )

    def _metres(self, car: Car) -> list[list[int]]:
        """Distances; 0 where there is no way, which the times forbid anyway."""
        ways = Ways(
            inner=car.metres,
            first=lambda one: car.metres[one.vehicle.start],
            home=lambda one: one.home_m,
            spent=lambda node: 0,
        )
        return [[0 if m in NO_WAY else m for m in row] for row in self._matrix(ways)]

    def _per_profile(self, transit: Callable[[Car], int]) -> list[int]:
        """One registered transit per profile, listed by car."""
        known: dict[str, int] = {}
        for car in self.cars:
            if car.vehicle.profile not in known:
                known[car.vehicle.profile] = transit(car)
        return [known[car.vehicle.profile] for car in self.cars]

    def _add_costs(self) -> None:
        known: dict[tuple[str, int], int] = {}
        for car in self.cars:
            key = car.vehicle.profile, car.vehicle.cost_per_m
            if key not in known:
                priced = [[metres * key[1] for metres in row] for row in self._metres(car)]
                known[key] = self.model.RegisterTransitMatrix(priced)
            self.model.SetArcCostEvaluatorOfVehicle(known[key], car.index)
            self.model.SetFixedCostOfVehicle(car.vehicle.fixed_cost, car.index)

    def _add_time(self) -> None:
        def transit(car: Car) -> int:
            rows = self._matrix(self._time_ways(car))
            most = self.horizon_s + 1
            return int(self.model.RegisterTransitMatrix([[min(s, most) for s in r] for r in rows]))

        horizon = self.horizon_s
        transits = self._per_profile(transit)
        self.model.AddDimensionWithVehicleTransits(transits, horizon, horizon, False, "time")
        self.time = self.model.GetDimensionOrDie("time")
        for car in self.cars:
            for index in (self.model.Start(car.index), self.model.End(car.index)):
                shift = car.first_s - self.origin_s, car.last_s - self.origin_s
                self.time.CumulVar(index).SetRange(*shift)
            vehicle = car.vehicle
            if vehicle.cost_per_s:
                self.time.SetSpanCostCoefficientForVehicle(vehicle.cost_per_s, car.index)
            if vehicle.max_route_s is not None:
                self.time.SetSpanUpperBoundForVehicle(vehicle.max_route_s, car.index)
            self._add_rest(car)
        self._add_windows()

    def _add_rest(self, car: Car) -> None:
        rest = car.vehicle.rest
        if rest is None:
            return
        opens = rest.window.from_s - self.origin_s
        closes = rest.window.until_s - 1 - self.origin_s
        if closes < 0 or opens + rest.duration_s > self.horizon_s or not rest.duration_s:
            return
        interval = self.solver.FixedDurationIntervalVar(
            max(opens, 0), min(closes, self.horizon_s), rest.duration_s, False, f"rest {car.index}"
        )
        spent = [0] * (2 * len(self.cars)) + [self.compiled.service[node] for node in self.nodes]
        self.time.SetBreakIntervalsOfVehicle([interval], car.index, self._by_index(spent))

    def _by_index(self, values: list[int]) -> list[int]:
        """Values of model nodes in the order of the library's own indices."""
        return [values[self.manager.IndexToNode(i)] for i in range(self.model.Size())]

    def _add_windows(self) -> None:
        for node, index in self.index.items():
            start = self.time.CumulVar(index)
            windows = self.compiled.windows[node]
            start.SetRange(
                max(windows[0][0] - self.origin_s, 0),
                min(windows[-1][1] - self.origin_s, self.horizon_s),
            )
            for (_, closed), (opens, _) in pairwise(windows):
                start.RemoveInterval(closed + 1 - self.origin_s, opens - 1 - self.origin_s)

    def _add_loads(self) -> None:
        compiled = self.compiled
        for dimension in range(len(compiled.problem.dimensions)):
            amounts = [compiled.amounts[node // 2][dimension] for node in self.nodes]
            if not any(amounts):
                continue
            signed = [-a if node % 2 else a for node, a in zip(self.nodes, amounts, strict=True)]
            change = [0] * (2 * len(self.cars)) + signed
            transit = self.model.RegisterUnaryTransitVector(change)
            most = [car.capacity[dimension] for car in self.cars]
            name = f"load {dimension}"
            self.model.AddDimensionWithVehicleCapacity(transit, 0, most, False, name)
            load = self.model.GetDimensionOrDie(name)
            for car in self.cars:
                load.CumulVar(self.model.Start(car.index)).SetValue(car.load[dimension])

    def _add_route_limits(self) -> None:
        far = [car.vehicle.max_route_m for car in self.cars]
        stops = [car.vehicle.max_stops for car in self.cars]
        if any(most is not None for most in far):
            metres = self._per_profile(
                lambda car: self.model.RegisterTransitMatrix(self._metres(car))
            )
            self._add_limit(metres, far, "metres")
        if any(most is not None for most in stops):
            visit = self.model.RegisterTransitMatrix(self._matrix(self._visit_ways()))
            self._add_limit([visit] * len(self.cars), stops, "stops")

    def _visit_ways(self) -> "Ways":
        """One for every change of point, so that tasks at one point count as one stop."""
        points = range(self.compiled.problem.points)
        return Ways(
            inner=[[int(a != b) for b in points] for a in points],
            first=lambda one: [1] * len(points),
            home=lambda one: [0] * len(points),
            spent=lambda node: 0,
        )

    def _add_limit(self, transits: list[int], limits: list[int | None], name: str) -> None:
        most = [NO_LIMIT if limit is None else limit for limit in limits]
        self.model.AddDimensionWithVehicleTransitAndCapacity(transits, 0, most, True, name)

    def _add_requests(self) -> None:
        must = self._price_of_missing()
        for request in self.requests:
            prize = self.compiled.shipments[request].prize
            nodes = [n for n in (2 * request, 2 * request + 1) if n in self.index]
            indices = [self.index[node] for node in nodes]
            for at, index in enumerate(indices):
                price = (must if prize is None else prize) if at == 0 else 0
                self.model.AddDisjunction([index], price)
                self._allow(index, self.draft.able.cars[request])
            if len(indices) == 2:  # noqa: PLR2004 - a pickup and a delivery
                self._pair(request, *indices)
            else:
                self._limit_carried(request, indices[0])

    def _allow(self, index: int, cars: list[Car]) -> None:
        """Only these cars, or none (-1). The library's own call for this fails in Python (9.15)."""
        if len(cars) < len(self.cars):
            self.model.VehicleVar(index).SetValues([-1, *(car.index for car in cars)])

    def _price_of_missing(self) -> int:
        """More than all routes together can cost, so that a mandatory shipment always pays."""
        prizes = sum(shipment.prize or 0 for shipment in self.compiled.shipments)
        longest = len(self.nodes) + len(self.cars)
        routes = 0
        for car in self.cars:
            vehicle = car.vehicle
            farthest = max(map(max, car.metres)) * vehicle.cost_per_m
            routes = max(routes, farthest * longest)
            prizes += vehicle.fixed_cost + vehicle.cost_per_s * (car.last_s - car.first_s)
        return min(prizes + routes + 1, HIGHEST_PRICE)

    def _pair(self, request: int, pickup: int, delivery: int) -> None:
        model, solver = self.model, self.solver
        model.AddPickupAndDelivery(pickup, delivery)
        solver.Add(model.VehicleVar(pickup) == model.VehicleVar(delivery))
        starts = self.time.CumulVar(pickup), self.time.CumulVar(delivery)
        solver.Add(starts[0] <= starts[1])
        longest = self.compiled.lag[request]
        if longest is not None:
            solver.Add(starts[1] - starts[0] <= longest)

    def _limit_carried(self, request: int, delivery: int) -> None:
        longest = self.compiled.shipments[request].max_on_board_s
        car = self.cars[self.compiled.bound_to[request]]
        if longest is not None:
            most = car.aboard[request] + longest - self.origin_s
            self.time.CumulVar(delivery).SetMax(min(most, self.horizon_s))

    def set_search(self, *, guided: bool, moves: int, wall_s: float) -> None:
        """How to search; calls that read a clock inside get the whole wall time, so never end."""
        heuristic = routing_enums_pb2.LocalSearchMetaheuristic
        self.moves, self.wall_s = moves, min(wall_s, LONGEST_WALL_S)
        self.parameters = pywrapcp.DefaultRoutingSearchParameters()
        self.parameters.local_search_metaheuristic = (
            heuristic.GUIDED_LOCAL_SEARCH if guided else heuristic.GREEDY_DESCENT
        )
        self.parameters.solution_limit = moves
        self.parameters.time_limit.FromMilliseconds(int(self.wall_s * 1000))
        self.parameters.lns_time_limit.FromMilliseconds(int(self.wall_s * 1000))

    def improved(self, *, seed: int, on_progress: OnProgress | None) -> Improved | None:
        """Search from the draft; None when the model does not accept the draft."""
        self.model.CloseModelWithParameters(self.parameters)
        # The library takes 31 bits; seeds that come of a digest have more.
        self.solver.ReSeed(seed % 2**31)
        routes = [[self.index[node] for node in track.nodes] for track in self.draft.tracks]
        held = [[self.index[n] for n in t.nodes[: t.held]] for t in self.draft.tracks]
        self.model.ApplyLocksToAllVehicles(held, False)
        first = self.model.ReadAssignmentFromRoutes(routes, True)
        if first is None:
            return None
        if on_progress is not None:
            self._report(on_progress)
        found = self.model.SolveFromAssignmentWithParameters(first, self.parameters)
        if found is None:
            return None
        done = int(self.solver.Solutions())
        cut_short = done < self.moves and self.solver.WallTime() >= self.wall_s * 1000
        return Improved(self._routes(found), done, truncated=cut_short)

    def _report(self, on_progress: OnProgress) -> None:
        """Tell of each better plan; a mandatory shipment missed costs `must`."""
        best: list[int] = []
        must = self._price_of_missing()
        lost = self.draft.price_of(self.draft.out - set(self.requests))

        def tell() -> None:
            cost = int(self.model.CostVar().Min())
            if not best or cost < best[-1]:
                best.append(cost)
                missed, rest = divmod(cost, must)
                done = int(self.solver.Solutions())
                on_progress({"cost": rest + lost[1], "missed": missed + lost[0], "iteration": done})

        self.model.AddAtSolutionCallback(tell)

    def _routes(self, found: Any) -> list[tuple[int, ...]]:
        node_at = {index: node for node, index in self.index.items()}
        routes: list[tuple[int, ...]] = []
        for car in self.cars:
            nodes: list[int] = []
            index = found.Value(self.model.NextVar(self.model.Start(car.index)))
            while not self.model.IsEnd(index):
                nodes.append(node_at[index])
                index = found.Value(self.model.NextVar(index))
            routes.append(tuple(nodes))
        return routes


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the values of a transit matrix come from, by point; `spent` is added at the origin."""

    inner: Mapping[int, Row] | Sequence[Row]
    first: Callable[[Car], Row]
    home: Callable[[Car], list[int]]
    spent: Callable[[int], int]
