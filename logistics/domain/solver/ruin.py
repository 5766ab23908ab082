"""Ruin and recreate: take out strings of neighbouring requests, put them back greedily, repeat.

After Christiaens and Vanden Berghe, "Slack induction by string removals" (2020), with annealed
acceptance. Best places are remembered per route, so an unchanged route is scanned once a request.
"""

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from logistics.domain.compiled import Car, Compiled
from logistics.domain.insertion import Place, Track, best_place
from logistics.domain.limits import Limits, OnProgress, Stop
from logistics.domain.solver.construct import Draft
from logistics.domain.solver.engine import Improved

MOST_REMOVED: Final = 12
LONGEST_STRING: Final = 8
BLINK: Final = 0.008
"""Chance to overlook a vehicle, so that the greedy does not repeat itself."""

HOT: Final = 0.08
COLD: Final = 0.0008
"""First and last temperature, in mean costs per request."""

MISSED: Final = 10**15
FEWEST_ITERATIONS: Final = 100
MOST_ITERATIONS: Final = 800
ITERATIONS_PER_REQUEST: Final = 10


def default_iterations(requests: int) -> int:
    """Ruins that a problem of this size deserves: a fifth of a second for 20, six for 150."""
    return min(max(FEWEST_ITERATIONS, ITERATIONS_PER_REQUEST * requests), MOST_ITERATIONS)


class RuinAndRecreate:
    """Anneals a draft over a number of ruins; deterministic for a seed."""

    name = "ruin_and_recreate"

    def improve(
        self,
        draft: Draft,
        *,
        limits: Limits,
        seed: int,
        on_progress: OnProgress | None,
        stop: Stop | None,
    ) -> Improved | None:
        search = _Search(draft, seed)
        if not search.movable:
            return None
        iterations = limits.iterations or default_iterations(len(search.movable))
        done = 0
        while done < iterations and not (stop and stop()):
            better = search.step(done / iterations)
            done += 1
            if better and on_progress is not None:
                on_progress(search.progress(done))
        routes = [track.nodes for track in search.best]
        return Improved(routes, done, truncated=done < iterations)


class _Search:
    """The plan being changed, and the best one met."""

    def __init__(self, draft: Draft, seed: int) -> None:
        self.compiled: Compiled = draft.compiled
        self.cars = draft.able.cars
        self.random = Random(seed)  # noqa: S311 - a search, not a secret
        bound = self.compiled.bound_to
        self.movable = [r for r in self.compiled.requests if self.cars[r] and r not in bound]
        self.near = _nearest(self.compiled, self.movable, self.cars)
        self.price = [MISSED if s.prize is None else s.prize for s in self.compiled.shipments]
        self.tracks = list(draft.tracks)
        self.home = {node // 2: t.car.index for t in self.tracks for node in t.nodes}
        self.out = {request for request in self.movable if request not in self.home}
        lost = draft.out - self.out
        self.given_up = sum(self.price[request] for request in lost)
        self.cost = self.best_cost = self._price()
        self.lost, self.best, self.best_out = len(lost), list(self.tracks), len(self.out)
        mean = sum(track.cost for track in self.tracks) / max(len(self.home), 1)
        self.hot, self.cold = max(mean * HOT, 1.0), max(mean * COLD, 0.01)

    def _price(self) -> int:
        driven = sum(track.cost for track in self.tracks)
        return driven + sum(self.price[request] for request in self.out) + self.given_up

    def progress(self, iteration: int) -> dict[str, int]:
        missed, cost = divmod(self.best_cost, MISSED)
        return {
            "cost": cost,
            "missed": missed,
            "unassigned": self.best_out + self.lost,
            "iteration": iteration,
        }

    def step(self, progress: float) -> bool:
        """One ruin and recreate, kept or undone; whether it gave a new best plan."""
        before = list(self.tracks), set(self.out), dict(self.home)
        self._ruin()
        self._recreate()
        cost = self._price()
        heat = self.hot * (self.cold / self.hot) ** progress
        if cost >= self.cost - heat * math.log(1.0 - self.random.random()):
            self.tracks, self.out, self.home = before
            return False
        self.cost = cost
        if cost >= self.best_cost:
            return False
        self.best, self.best_cost, self.best_out = list(self.tracks), cost, len(self.out)
        return True

    def _ruin(self) -> None:
        """Take a string from each of several neighbouring routes."""
        left = 1 + self.random.randrange(MOST_REMOVED)
        ruined: set[int] = set()
        for request in self.near[self.random.choice(self.movable)]:
            at = self.home.get(request)
            if at is None or at in ruined:
                continue
            ruined.add(at)
            left -= self._take_string(at, request)
            if left <= 0:
                return

    def _take_string(self, at: int, request: int) -> int:
        """Remove the movable requests of consecutive tasks around one of this request's."""
        track = self.tracks[at]
        length = 1 + self.random.randrange(min(LONGEST_STRING, len(track.nodes)))
        middle = track.nodes.index(2 * request + self.random.randrange(2))
        first = max(0, middle - self.random.randrange(length))
        string = {node // 2 for node in track.nodes[first : first + length]} | {request}
        string -= self.compiled.bound_to.keys()
        for gone in string:
            del self.home[gone]
        self.out |= string
        rest = [node for node in track.nodes if node // 2 not in string]
        self.tracks[at] = Track(self.compiled, track.car, rest, held=track.held)
        return len(string)

    def _recreate(self) -> None:
        waiting = sorted(self.out)
        self.random.shuffle(waiting)
        order = self.random.choice(ORDERS)
        if order is not None:
            waiting.sort(key=lambda request: order(self.compiled, request))
        for request in waiting:
            self._put_back(request)

    def _put_back(self, request: int) -> None:
        best: Place | None = None
        where = -1
        empty: set[int] = set()
        for car in self.cars[request]:
            track = self.tracks[car.index]
            if car.kind in empty or self.random.random() < BLINK:
                continue
            if not track.nodes:
                empty.add(car.kind)
            place = self._place(track, request)
            if place is not None and (best is None or place.extra < best.extra):
                best, where = place, car.index
        if best is None or best.extra > self.price[request]:
            return
        track = self.tracks[where]
        self.tracks[where] = Track(self.compiled, track.car, best.nodes, held=track.held)
        self.home[request] = where
        self.out.discard(request)

    def _place(self, track: Track, request: int) -> Place | None:
        if request not in track.places:
            track.places[request] = best_place(self.compiled, track, request)
        return track.places[request]


def _tightest_first(compiled: Compiled, request: int) -> int:
    nodes = 2 * request, 2 * request + 1
    return sum(last - first for node in nodes for first, last in compiled.windows[node])


def _largest_first(compiled: Compiled, request: int) -> int:
    return -sum(compiled.amounts[request])


def _dearest_first(compiled: Compiled, request: int) -> int:
    prize = compiled.shipments[request].prize
    return -MISSED if prize is None else -prize


ORDERS: Final[tuple[Callable[[Compiled, int], int] | None, ...]] = (
    None,
    _tightest_first,
    _largest_first,
    _dearest_first,
)


def _nearest(
    compiled: Compiled, movable: Sequence[int], cars: Sequence[Sequence[Car]]
) -> dict[int, list[int]]:
    """For each request all others by how near their points lie, itself first."""
    point = compiled.point

    def nearness(one: int) -> Callable[[int], tuple[int, int]]:
        drive = cars[one][0].drive
        pickup, delivery = drive[point[2 * one]], drive[point[2 * one + 1]]

        def away(other: int) -> tuple[int, int]:
            collect, hand = point[2 * other], point[2 * other + 1]
            first = min(pickup[collect], delivery[collect])
            return (first + min(pickup[hand], delivery[hand]) if other != one else -1), other

        return away

    return {one: sorted(movable, key=nearness(one)) for one in movable}
