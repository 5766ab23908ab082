"""The best plan of a tiny problem: every assignment, order, departure and break is tried.

Shares nothing with the solver or its schedule but the problem itself. Time is counted second by
second, so shifts should be short.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from random import Random

from logistics.domain.problem import (
    UNREACHABLE,
    Break,
    Handling,
    Lock,
    Matrix,
    OnBoard,
    Problem,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
    Vehicle,
)

PICKUP, DELIVERY = TaskKind.PICKUP, TaskKind.DELIVERY
Key = tuple[int, int]
Loaded = frozenset[tuple[str, int]]
States = dict[tuple[int, int | None, Loaded], int]
"""By departure, begin of the break and when each item was loaded: how soon the vehicle is free.

The soonest is enough for the rest: waiting is always allowed, and what else binds is in the key.
"""


@dataclass(frozen=True)
class Optimum:
    """The least key of all plans, and of those where each order of tasks has the times promised.

    Promised are the earliest end, then the latest departure, which may cost more than to end later
    where an hour away costs money.
    """

    least: Key
    planned: Key


def optimum(problem: Problem) -> Optimum:
    """Every shipment goes to one vehicle or to none; each vehicle does its share at its best."""
    names = [shipment.id for shipment in problem.shipments]
    costs = {
        (van.id, some): _costs(problem, van, some)
        for van in problem.vehicles
        for size in range(1, len(names) + 1)
        for some in combinations(names, size)
    }
    keys: list[tuple[Key, Key]] = []
    for chosen in product(["", *(van.id for van in problem.vehicles)], repeat=len(names)):
        both = [
            costs[van.id, some]
            for van in problem.vehicles
            if (some := tuple(n for n, by in zip(names, chosen, strict=True) if by == van.id))
        ]
        prizes = [problem.shipment(n).prize for n, by in zip(names, chosen, strict=True) if not by]
        if None not in both:
            missed, given_up = prizes.count(None), sum(prize or 0 for prize in prizes)
            least, planned = (sum(b[n] for b in both if b) + given_up for n in range(2))
            keys.append(((missed, least), (missed, planned)))
    return Optimum(min(key[0] for key in keys), min(key[1] for key in keys))


def servable_alone(problem: Problem, name: str) -> bool:
    """Some vehicle can do this shipment and nothing else."""
    return any(_costs(problem, van, (name,)) is not None for van in problem.vehicles)


def _costs(problem: Problem, van: Vehicle, names: tuple[str, ...]) -> tuple[int, int] | None:
    """Least cost with any times and with the promised ones; None when no order works."""
    found = [
        (spent + min(away) * van.cost_per_s, spent + promised * van.cost_per_s)
        for order in orders(problem, van, names)
        if (ends := earliest_ends(problem, van, order))
        for spent in [metres(problem, van, order) * van.cost_per_m + van.fixed_cost]
        for away in [[end - departure for departure, end in ends.items()]]
        for promised in [min((end, -dep, end - dep) for dep, end in ends.items())[2]]
    ]
    return None if not found else (min(a for a, _ in found), min(b for _, b in found))


def orders(problem: Problem, van: Vehicle, names: Sequence[str]) -> Iterator[tuple[Task, ...]]:
    """Every order of these shipments' tasks that keeps all rules but those of time."""
    aboard = problem.lock(van.id).carried_ids()
    tasks = [
        Task(n, kind) for n in names for kind in TaskKind if kind is DELIVERY or n not in aboard
    ]
    yield from (order for order in _arranged((), tasks, aboard) if keeps_rules(problem, van, order))


def _arranged(
    done: tuple[Task, ...], left: Sequence[Task], aboard: set[str]
) -> Iterator[tuple[Task, ...]]:
    if not left:
        yield done
    for task in left:
        if task.kind is PICKUP or task.shipment_id in aboard:
            rest = [one for one in left if one != task]
            yield from _arranged((*done, task), rest, aboard | {task.shipment_id})


def keeps_rules(problem: Problem, van: Vehicle, order: Sequence[Task]) -> bool:
    """Pairing, locks, skills, loads, metres and stops; everything but time."""
    lock = problem.lock(van.id)
    served = {task.shipment_id for task in order}
    kept = [task for task in lock.tasks if task.shipment_id in served]
    elsewhere = {n for other in problem.locks if other != lock for n in other.shipment_ids()}
    lacking = [n for n in served - lock.shipment_ids() if problem.shipment(n).skills - van.skills]
    return (
        list(order[: len(kept)]) == kept
        and not served & elsewhere
        and not lacking
        and _pairs_up(order, lock.carried_ids())
        and _carries(problem, van, order)
        and (van.max_route_m is None or metres(problem, van, order) <= van.max_route_m)
        and (van.max_stops is None or _visits(problem, order) <= van.max_stops)
    )


def _pairs_up(order: Sequence[Task], carried: set[str]) -> bool:
    aboard = set(carried)
    for task in order:
        if (task.kind is PICKUP) == (task.shipment_id in aboard):
            return False
        aboard ^= {task.shipment_id}
    names = [task for task in order if task.kind is DELIVERY]
    return not aboard - carried and len(set(names)) == len(names)


def _carries(problem: Problem, van: Vehicle, order: Sequence[Task]) -> bool:
    """What is on board and not delivered takes room all the way; an overload may drive on."""
    carried = problem.lock(van.id).carried_ids()
    for d, capacity in enumerate(van.capacity):
        load = sum(problem.shipment(n).amounts[d] for n in carried)
        most = max(capacity, load)
        for task in order:
            amount = problem.shipment(task.shipment_id).amounts[d]
            load += amount if task.kind is PICKUP else -amount
            if load > most:
                return False
    return True


def _place(problem: Problem, task: Task) -> Handling:
    return problem.shipment(task.shipment_id).handling(task.kind)


def _stations(problem: Problem, van: Vehicle, order: Sequence[Task]) -> list[int]:
    end = [] if van.end is None else [van.end]
    return [van.start, *(_place(problem, task).point for task in order), *end]


def metres(problem: Problem, van: Vehicle, order: Sequence[Task]) -> int:
    away = problem.matrix(van.profile).distances_m
    return sum(away[a][b] for a, b in pairwise(_stations(problem, van, order)))


def _visits(problem: Problem, order: Sequence[Task]) -> int:
    points = [_place(problem, task).point for task in order]
    return 1 + sum(a != b for a, b in pairwise(points))


def earliest_ends(problem: Problem, van: Vehicle, order: Sequence[Task]) -> dict[int, int]:
    """Departure to the earliest end, for each departure from which all can be done."""
    drive = problem.matrix(van.profile).durations_s
    ways = [drive[a][b] for a, b in pairwise(_stations(problem, van, order))]
    if UNREACHABLE in ways:
        return {}
    rests = (
        [None] if van.rest is None else [*range(van.rest.window.from_s, van.rest.window.until_s)]
    )
    loaded = frozenset((had.shipment_id, had.loaded_at_s) for had in problem.lock(van.id).on_board)
    states: States = {
        (departure, rest_s, loaded): departure
        for departure in range(van.shift.from_s, van.shift.until_s + 1)
        for rest_s in rests
    }
    here: int | None = None
    for task, way_s in zip(order, ways, strict=False):
        there = _place(problem, task).point
        need_s = way_s + (0 if here == there else problem.setup_s[there])
        states = _after(problem, van, task, need_s, states)
        here = there
    home_s = 0 if van.end is None else ways[-1]
    ends: dict[int, int] = {}
    for (departure, rest_s, _), free_s in states.items():
        end = next(t for t in range(free_s, 10**9) if _working(van, rest_s, free_s, t) >= home_s)
        longest = van.max_route_s is None or end - departure <= van.max_route_s
        if end <= van.shift.until_s and longest:
            ends[departure] = min(end, ends.get(departure, end))
    return ends


def _after(problem: Problem, van: Vehicle, task: Task, need_s: int, states: States) -> States:
    """The states behind one more task; a pickup that starts a clock is tried at every second."""
    shipment, place = problem.shipment(task.shipment_id), _place(problem, task)
    longest = shipment.max_on_board_s
    after: States = {}
    for (departure, rest_s, loaded), free_s in states.items():
        since = dict(loaded)
        for start_s in _seconds(place, free_s, van.shift.until_s):
            done_s = start_s + place.service_s
            if task.kind is DELIVERY and _stale(start_s, since.get(shipment.id), longest):
                break
            if _working(van, rest_s, free_s, start_s) < need_s or _rests(
                van, rest_s, start_s, done_s
            ):
                continue
            clock = task.kind is PICKUP and longest is not None
            key = departure, rest_s, loaded | {(shipment.id, done_s)} if clock else loaded
            after[key] = min(done_s, after.get(key, done_s))
            if not clock:
                break
    return after


def _stale(start_s: int, since_s: int | None, longest: int | None) -> bool:
    return longest is not None and since_s is not None and start_s - since_s > longest


def _seconds(place: Handling, from_s: int, until_s: int) -> Iterator[int]:
    for window in place.windows:
        yield from range(max(window.from_s, from_s), min(window.until_s, until_s + 1))


def _working(van: Vehicle, rest_s: int | None, from_s: int, until_s: int) -> int:
    """Seconds from one moment to another without those of the break."""
    if van.rest is None or rest_s is None:
        return until_s - from_s
    resting = min(until_s, rest_s + van.rest.duration_s) - max(from_s, rest_s)
    return until_s - from_s - max(0, resting)


def _rests(van: Vehicle, rest_s: int | None, start_s: int, done_s: int) -> bool:
    """The break overlaps a service, or a service without length lies inside it."""
    if van.rest is None or rest_s is None:
        return False
    over_s = rest_s + van.rest.duration_s
    return max(start_s, rest_s) < min(done_s, over_s) or rest_s < start_s < over_s


def tiny_problem(rnd: Random, *, locks: bool = True) -> Problem:
    """At most three shipments and two vehicles within half a minute, every rule now and then."""
    points = rnd.randint(2, 4)
    drive = _grid(rnd, points)
    cut = tuple(
        tuple(UNREACHABLE if way == UNREACHABLE else 10 * way for way in row) for row in drive
    )
    shipments = tuple(_shipment(rnd, f"s{n}", points) for n in range(rnd.randint(1, 3)))
    vehicles = tuple(_vehicle(rnd, f"v{n}", points) for n in range(rnd.randint(1, 2)))
    return Problem(
        setup_s=tuple(rnd.choice([0, 0, 1, 2]) for _ in range(points)),
        matrices=(Matrix("car", drive, cut),),
        shipments=shipments,
        vehicles=vehicles,
        locks=_locks(rnd, shipments, vehicles) if locks else (),
        skills=frozenset({"cold"}),
        dimensions=("kg", "litres"),
    )


def _grid(rnd: Random, points: int) -> tuple[tuple[int, ...], ...]:
    """Points on a line, ways back a second longer now and then, one of them perhaps an island."""
    places = [rnd.randint(0, 5) for _ in range(points)]
    island = rnd.randrange(points) if rnd.random() < 0.1 else None
    back = rnd.choice([0, 0, 1])

    def way(a: int, b: int) -> int:
        if a != b and island in (a, b):
            return UNREACHABLE
        return abs(places[a] - places[b]) + back * (places[a] > places[b])

    return tuple(tuple(way(a, b) for b in range(points)) for a in range(points))


def _shipment(rnd: Random, name: str, points: int) -> Shipment:
    def place(latest: int) -> Handling:
        first = rnd.randint(0, latest)
        windows = [TimeWindow(first, first + rnd.randint(1, 16))]
        if rnd.random() < 0.4:
            again = windows[0].until_s + rnd.randint(1, 4)
            windows.append(TimeWindow(again, again + rnd.randint(1, 6)))
        return Handling(rnd.randrange(points), tuple(windows), rnd.choice([0, 0, 1, 2]))

    return Shipment(
        id=name,
        pickup=place(8),
        delivery=place(14),
        amounts=(rnd.randint(0, 2), rnd.randint(0, 1)),
        skills=frozenset({"cold"}) if rnd.random() < 0.2 else frozenset(),
        max_on_board_s=rnd.randint(0, 10) if rnd.random() < 0.4 else None,
        prize=rnd.randint(0, 250) if rnd.random() < 0.4 else None,
    )


def _vehicle(rnd: Random, name: str, points: int) -> Vehicle:
    begins, breaks = rnd.randint(0, 3), rnd.randint(2, 14)
    rest = Break(TimeWindow(breaks, breaks + rnd.randint(1, 4)), rnd.randint(0, 4))
    return Vehicle(
        id=name,
        start=rnd.randrange(points),
        end=rnd.choice([None, rnd.randrange(points)]),
        capacity=(rnd.randint(2, 6), rnd.randint(1, 4)),
        shift=TimeWindow(begins, begins + rnd.randint(16, 26)),
        skills=frozenset({"cold"}) if rnd.random() < 0.9 else frozenset(),
        rest=rest if rnd.random() < 0.3 else None,
        max_route_s=rnd.randint(8, 24) if rnd.random() < 0.2 else None,
        max_route_m=rnd.randint(40, 200) if rnd.random() < 0.2 else None,
        max_stops=rnd.randint(2, 5) if rnd.random() < 0.2 else None,
        cost_per_m=rnd.randint(0, 2),
        cost_per_s=rnd.choice([0, 0, 1, 10]),
        fixed_cost=rnd.choice([0, 50]),
    )


def _locks(
    rnd: Random, shipments: Sequence[Shipment], vehicles: Sequence[Vehicle]
) -> tuple[Lock, ...]:
    """One vehicle in two is on the road: with an item on board, bound to a pickup, or both."""
    if rnd.random() < 0.5:
        return ()
    first, last = shipments[0].id, shipments[-1].id
    aboard = (OnBoard(first, -rnd.randint(0, 4)),) if rnd.random() < 0.7 else ()
    tasks = [Task(last, PICKUP)] if last != first or not aboard else [Task(first, DELIVERY)]
    tasks += [Task(last, DELIVERY)] if tasks[0].kind is PICKUP and rnd.random() < 0.4 else []
    return (Lock(vehicles[0].id, tuple(tasks) if rnd.random() < 0.7 else (), aboard),)
