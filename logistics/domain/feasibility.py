"""Which vehicles could carry a shipment if it were alone, and why none can.

Each test is independent of the rest of the plan, so its reason holds whatever the solver does. They
take the direct way to be the quickest, as road networks have it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from logistics.domain.compiled import Car, Compiled
from logistics.domain.schedule import OVER, distance_m, timetable, visits
from logistics.domain.solution import Reason

Test = Callable[[Compiled, int, Car], bool]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Per request the cars that pass every test; `hopeless` tells why a request has none."""

    cars: list[list[Car]]
    hopeless: dict[int, Reason]


def candidates(compiled: Compiled) -> Candidates:
    """Sort out what no vehicle can do, before any engine sees it.

    Also keeps windows that exclude each other out of the routing model, which would become
    infeasible as a whole even where the pair may be dropped.
    """
    cars: list[list[Car]] = []
    hopeless: dict[int, Reason] = {}
    for request in compiled.requests:
        able, reason = cars_for(compiled, request)
        cars.append(able)
        if reason is not None:
            hopeless[request] = reason
    return Candidates(cars, hopeless)


def cars_for(compiled: Compiled, request: int) -> tuple[list[Car], Reason | None]:
    """The cars that could carry this request alone; without any, the test they failed."""
    bound = compiled.bound_to.get(request)
    able = compiled.cars if bound is None else [compiled.cars[bound]]
    for reason, passes in BOUND_TESTS if bound is not None else TESTS:
        able = _those_that_pass(passes, compiled, request, able)
        if not able:
            return [], reason
    return able, None


def can_take(compiled: Compiled, request: int, car: Car) -> bool:
    """Whether this car could carry this request alone."""
    bound = compiled.bound_to.get(request)
    tests = TESTS if bound is None else BOUND_TESTS
    return bound in (None, car.index) and all(passes(compiled, request, car) for _, passes in tests)


def _those_that_pass(
    passes: Test, compiled: Compiled, request: int, cars: Sequence[Car]
) -> list[Car]:
    known: dict[int, bool] = {}
    for car in cars:
        if car.kind not in known:
            known[car.kind] = passes(compiled, request, car)
    return [car for car in cars if known[car.kind]]


def has_skills(compiled: Compiled, request: int, car: Car) -> bool:
    return compiled.shipments[request].skills <= car.vehicle.skills


def has_space(compiled: Compiled, request: int, car: Car) -> bool:
    amounts = compiled.amounts[request]
    return all(amount <= most for amount, most in zip(amounts, car.capacity, strict=True))


def can_get_there(compiled: Compiled, request: int, car: Car) -> bool:
    """There is a way from the start over pickup and delivery to the end."""
    points = [compiled.point[node] for node in compiled.nodes_of(request, car)]
    ways = [car.drive[car.vehicle.start][points[0]], car.home_s[points[-1]]]
    return max(*ways, car.drive[points[0]][points[-1]]) < OVER


def windows_meet(compiled: Compiled, request: int, car: Car) -> bool:
    """The delivery can start in a window, some time after a possible start of the pickup.

    Waiting as long as allowed on board: what counts is a pickup window and a delivery window that
    lie no less than the way and no more than the longest time apart.
    """
    if request in car.aboard:
        return _still_in_time(compiled, request, car)
    pickup, delivery = 2 * request, 2 * request + 1
    way = compiled.service[pickup] + car.legs[compiled.point[pickup]][compiled.point[delivery]]
    longest = compiled.lag[request]
    return (longest is None or way <= longest) and any(
        collect[0] + way <= hand[1] and (longest is None or hand[0] - collect[1] <= longest)
        for collect in compiled.windows[pickup]
        for hand in compiled.windows[delivery]
    )


def _still_in_time(compiled: Compiled, request: int, car: Car) -> bool:
    """A shipment on board can still be handed over before it has been there too long."""
    longest = compiled.shipments[request].max_on_board_s
    soonest = car.first_s + car.first_legs[compiled.point[2 * request + 1]]
    windows = compiled.windows[2 * request + 1]
    opens = [max(first, soonest) for first, last in windows if last >= soonest]
    return bool(opens) and (longest is None or opens[0] <= car.aboard[request] + longest)


def fits_the_shift(compiled: Compiled, request: int, car: Car) -> bool:
    """Alone in the vehicle it keeps shift, break and route limits."""
    nodes = compiled.nodes_of(request, car)
    vehicle = car.vehicle
    metres = distance_m(compiled, car, nodes)
    stops = visits(compiled, nodes)
    return (
        (vehicle.max_route_m is None or metres <= vehicle.max_route_m)
        and (vehicle.max_stops is None or stops <= vehicle.max_stops)
        and timetable(compiled, car, nodes) is not None
    )


BOUND_TESTS: Final[tuple[tuple[Reason, Test], ...]] = (
    (Reason.UNREACHABLE, can_get_there),
    (Reason.WINDOWS_IMPOSSIBLE, windows_meet),
    (Reason.SHIFT_TOO_SHORT, fits_the_shift),
)

TESTS: Final[tuple[tuple[Reason, Test], ...]] = (
    (Reason.NO_VEHICLE_WITH_SKILL, has_skills),
    (Reason.TOO_LARGE_FOR_EVERY_VEHICLE, has_space),
    *BOUND_TESTS,
)
