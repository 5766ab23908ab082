"""Live dispatch: who takes one more shipment, asked again and again while the routes run.

What can be known beforehand is worked out once; a question then looks closely only at the few
routes whose detour could be the cheapest.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from logistics.domain.compiled import Car, Compiled
from logistics.domain.detours import NOWHERE, Detours
from logistics.domain.feasibility import BOUND_TESTS, TESTS, cars_for
from logistics.domain.insertion import Place, Quote, Track, best_place, running_track
from logistics.domain.problem import Problem
from logistics.domain.schedule import planned_route
from logistics.domain.solution import Reason, Route


class AlreadyOnARoute(ValueError):
    """Nobody can take on a shipment that a running route already hands over."""


class OutdatedQuote(ValueError):
    """The vehicle's route is no longer the one that this quote was made for."""


class Dispatch:
    """The running routes of a problem, which also holds the shipments that will be asked about.

    The same answers as `insertion.insert`: the cheapest vehicle for one more shipment, everything
    else left as it is. Not for several threads at once.
    """

    def __init__(self, problem: Problem, routes: Sequence[Route]) -> None:
        """As slow as one `insert`, and with large matrices slower."""
        self._compiled = Compiled(problem)
        self._routes = {route.vehicle_id: route for route in routes}
        self._tracks = [
            running_track(self._compiled, car, self._routes) for car in self._compiled.cars
        ]
        self._served = {
            node // 2
            for track in self._tracks
            for node in track.nodes
            if node % 2 or node // 2 not in self._compiled.bound_to
        }
        self._detours = Detours(self._compiled, self._tracks)
        self._look_up_ways()

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes as they run now, accepted quotes included."""
        return tuple(self._routes.values())

    def quote(self, shipment_id: str) -> Quote | Reason:
        """The cheapest vehicle for this shipment, empty ones included, or why none can take it.

        Raises `AlreadyOnARoute`, and KeyError for a shipment that the problem does not hold.
        """
        compiled, request = self._compiled, self._compiled.request_of[shipment_id]
        if request in self._served:
            raise AlreadyOnARoute(shipment_id)
        best: tuple[Place, Car] | None = None
        for least, car in self._promising(request):
            if best is not None and (best[0].extra, best[1].index) < (least, car.index):
                break
            place = best_place(compiled, self._tracks[car.index], request)
            if place is None:
                continue
            if best is None or (place.extra, car.index) < (best[0].extra, best[1].index):
                best = place, car
        if best is None:
            return cars_for(compiled, request)[1] or Reason.NO_ROOM_LEFT
        return Quote(planned_route(compiled, best[1], best[0].nodes), best[0].extra)

    def accept(self, quote: Quote) -> None:
        """The vehicle drives the quoted route from now on. Raises `OutdatedQuote`."""
        compiled = self._compiled
        track = self._tracks[compiled.car_of[quote.route.vehicle_id].index]
        nodes = [compiled.node(task) for task in quote.route.sequence]
        now = set(track.nodes)
        new = {node // 2 for node in nodes if node not in now}
        same = [node for node in nodes if node in now] == list(track.nodes)
        if not same or len(new) != 1 or new & self._served:
            raise OutdatedQuote(quote.route.vehicle_id)
        self._routes[quote.route.vehicle_id] = quote.route
        changed = Track(compiled, track.car, nodes, track.held)
        self._tracks[track.car.index] = changed
        self._detours.lay(changed)
        self._served |= new

    def _look_up_ways(self) -> None:
        """Have the rows of times ready from where a shipment may still be asked about."""
        compiled = self._compiled
        waiting = [r for r in compiled.requests if r not in self._served]
        points = {compiled.point[node] for r in waiting for node in (2 * r, 2 * r + 1)}
        for car in {car.vehicle.profile: car for car in compiled.cars}.values():
            for rows in (car.legs, car.drive):
                for point in points:
                    rows[point]

    def _promising(self, request: int) -> Iterator[tuple[float, Car]]:
        """Cars that could carry it, with what it adds to their cost at least, least first.

        Ties in the order of cars; of like cars that stay where they are only the first.
        """
        compiled = self._compiled
        bound = compiled.bound_to.get(request)
        if bound is not None:
            yield from ((-NOWHERE, car) for car in self._able(request, [compiled.cars[bound]]))
            return
        least = self._detours.at_least(request)
        order = np.argsort(least, kind="stable")[: np.count_nonzero(least < NOWHERE)]
        cars = (compiled.cars[index] for index in order.tolist())
        yield from ((float(least[car.index]), car) for car in self._able(request, cars))

    def _able(self, request: int, cars: Iterable[Car]) -> Iterator[Car]:
        compiled = self._compiled
        tests = BOUND_TESTS if request in compiled.bound_to else TESTS
        known: dict[int, bool] = {}
        idle: set[int] = set()
        for car in cars:
            if car.kind not in known:
                known[car.kind] = all(passes(compiled, request, car) for _, passes in tests)
            if not known[car.kind] or car.kind in idle:
                continue
            if not self._tracks[car.index].nodes:
                idle.add(car.kind)
            yield car
