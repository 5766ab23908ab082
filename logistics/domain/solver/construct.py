"""A first plan by insertion: what is locked, then a running plan, then the rest one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from logistics.domain.compiled import Car, Compiled
from logistics.domain.feasibility import Candidates
from logistics.domain.insertion import Place, Track, best_place, sequence_cost
from logistics.domain.schedule import load_or_length_refusal
from logistics.domain.solution import Route

NodeRoutes = Sequence[Sequence[int]]
"""One sequence of nodes per car, in the order of `Compiled.cars`."""


@dataclass(slots=True)
class Draft:
    """A plan under construction: a track per car, the requests on none, those not worth it.

    `warm`: nearly all of it is a running plan, which a search should not take apart.
    """

    compiled: Compiled
    able: Candidates
    tracks: list[Track]
    out: set[int] = field(default_factory=set)
    not_worth: set[int] = field(default_factory=set)
    warm: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """Mandatory requests missed, then all cost; smaller is better."""
        missed, unserved = self.price_of(self.out)
        return missed, unserved + sum(track.cost for track in self.tracks)

    def price_of(self, requests: Iterable[int]) -> tuple[int, int]:
        """How many of these are mandatory, and the sum of the others' prizes."""
        prizes = [self.compiled.shipments[request].prize for request in requests]
        return prizes.count(None), sum(prize for prize in prizes if prize is not None)

    @property
    def routes(self) -> list[tuple[int, ...]]:
        return [track.nodes for track in self.tracks]


def construct(compiled: Compiled, able: Candidates, start: NodeRoutes) -> Draft:
    """Locked prefixes with the deliveries they owe, the routes of `start`, then insertions.

    `start` may be out of date: what no longer fits in it is inserted afresh.
    """
    draft = locked_draft(compiled, able)
    lay_routes(draft, start)
    fill(draft)
    return draft


def locked_draft(compiled: Compiled, able: Candidates) -> Draft:
    """Only what vehicles are bound to; everything else is out.

    What a vehicle was to do first and cannot is given back: doing it later would break the lock.
    """
    tracks = [_bound_track(compiled, able, car) for car in compiled.cars]
    served = {node // 2 for track in tracks for node in track.nodes}
    given_back = {node // 2 for car in compiled.cars for node in car.prefix} - served
    cars = [[] if request in given_back else able.cars[request] for request in compiled.requests]
    left = Candidates(cars, able.hopeless)
    return Draft(compiled, left, tracks, out=set(compiled.requests) - served)


def _bound_track(compiled: Compiled, able: Candidates, car: Car) -> Track:
    """The longest part of the lock that can be kept, each pickup with its delivery.

    A shipment that cannot be completed any more is released from the lock, and the rest holds.
    """
    released = set(able.hopeless)
    while True:
        prefix = [node for node in car.prefix if node // 2 not in released]
        spoiler = _first_spoiler(compiled, car, prefix)
        if spoiler is None:
            track, spoiler = _with_owed(compiled, car, prefix, released)
            if spoiler is None:
                return track
        released.add(spoiler)


def _first_spoiler(compiled: Compiled, car: Car, prefix: Sequence[int]) -> int | None:
    """The request whose node makes the prefix infeasible, if it is."""
    for length in range(1, len(prefix) + 1):
        part = prefix[:length]
        refused = load_or_length_refusal(compiled, car, part) is not None
        if refused or sequence_cost(compiled, car, part) is None:
            return part[-1] // 2
    return None


def _with_owed(
    compiled: Compiled, car: Car, prefix: Sequence[int], released: set[int]
) -> tuple[Track, int | None]:
    """The prefix and the deliveries it owes, most urgent first; or the request without a place."""
    track = Track(compiled, car, prefix, held=len(prefix))
    bound = {node // 2 for node in prefix} | set(car.aboard)
    owed = [request for request in bound - released if 2 * request + 1 not in prefix]
    for request in sorted(owed, key=lambda one: (compiled.windows[2 * one + 1][-1][1], one)):
        place = best_place(compiled, track, request)
        if place is None:
            return track, request
        track = Track(compiled, car, place.nodes, held=len(prefix))
    return track, None


def nodes_of(compiled: Compiled, start: Iterable[Route]) -> NodeRoutes:
    """A running plan in nodes; vehicles and shipments that are gone are left out."""
    routes: list[list[int]] = [[] for _ in compiled.cars]
    for route in start:
        car = compiled.car_of.get(route.vehicle_id)
        if car is not None:
            known = [task for task in route.sequence if task.shipment_id in compiled.request_of]
            nodes = [compiled.node(task) for task in known]
            needed = [node for node in nodes if node % 2 or node // 2 not in car.aboard]
            routes[car.index] = needed
    return routes


def lay_routes(draft: Draft, routes: NodeRoutes) -> None:
    """Take over whole routes where they still hold, single requests from them where they do not."""
    for index, nodes in enumerate(routes):
        if nodes:
            _lay_route(draft, index, nodes)


def _lay_route(draft: Draft, index: int, nodes: Sequence[int]) -> None:
    compiled, track = draft.compiled, draft.tracks[index]
    prefix = track.nodes[: track.held]
    free = {request for request in draft.out if track.car in draft.able.cars[request]}
    kept = {node // 2 for node in track.nodes} | free
    sequence = (*prefix, *(n for n in nodes if n // 2 in kept and n not in prefix))
    whole = bool(sequence) and _is_whole(compiled, track, sequence)
    if whole and load_or_length_refusal(compiled, track.car, sequence) is None:
        laid = Track(compiled, track.car, sequence, held=track.held)
        if sequence_cost(compiled, track.car, sequence) is not None:
            _put(draft, laid)
            return
    fill(draft, [n // 2 for n in sequence if n % 2 and n // 2 in free], only=index)


def _is_whole(compiled: Compiled, track: Track, sequence: Sequence[int]) -> bool:
    """Pickups precede their deliveries, nothing is repeated, and all that was bound is still in."""
    place = {node: at for at, node in enumerate(sequence)}
    paired = all(
        node - 1 in place and place[node - 1] < at
        for node, at in place.items()
        if node % 2 and node // 2 not in track.car.aboard
    )
    closed = all(node % 2 or node + 1 in place for node in sequence)
    return paired and closed and len(place) == len(sequence) and set(track.nodes) <= set(place)


def _put(draft: Draft, track: Track) -> None:
    draft.tracks[track.car.index] = track
    draft.out -= {node // 2 for node in track.nodes}


def fill(draft: Draft, requests: Iterable[int] | None = None, only: int | None = None) -> None:
    """Insert what is out, each at its cheapest place: the most valuable and hardest first."""
    waiting = draft.out if requests is None else set(requests) & draft.out
    for request in sorted(waiting, key=lambda one: _hardness(draft, one)):
        cars = [car for car in draft.able.cars[request] if only in (None, car.index)]
        best = _cheapest(draft, request, cars)
        prize = draft.compiled.shipments[request].prize
        if best is None:
            continue
        if prize is not None and best[0].extra > prize:
            draft.not_worth.add(request)
            continue
        track = draft.tracks[best[1]]
        _put(draft, Track(draft.compiled, track.car, best[0].nodes, held=track.held))
        draft.not_worth.discard(request)


def _hardness(draft: Draft, request: int) -> tuple[int, int, int, int, int]:
    shipment = draft.compiled.shipments[request]
    windows = (*draft.compiled.windows[2 * request], *draft.compiled.windows[2 * request + 1])
    room = sum(last - first for first, last in windows)
    mandatory = shipment.prize is None
    cars = len(draft.able.cars[request])
    return -mandatory, -(shipment.prize or 0), cars, room, request


def _cheapest(draft: Draft, request: int, cars: Iterable[Car]) -> tuple[Place, int] | None:
    best: tuple[Place, int] | None = None
    tried_empty: set[int] = set()
    for car in cars:
        track = draft.tracks[car.index]
        if not track.nodes:
            if car.kind in tried_empty:
                continue
            tried_empty.add(car.kind)
        place = best_place(draft.compiled, track, request)
        if place is not None and (best is None or place.extra < best[0].extra):
            best = place, car.index
    return best
