"""A day of food rescue on real roads, made up from a seed: our own problem with all its rules.

Donors and recipients with one or two windows, chilled goods that need a cold box, cars and scooters
with shifts, start and end points of their own, and more food than they can move.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from benchmarks.routing.method import Feature
from benchmarks.routing.roads import Roads
from logistics.domain.problem import Handling, Matrix, Problem, Shipment, TimeWindow, Vehicle

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
OPENS: Final = 8 * HOUR
CLOSES: Final = 21 * HOUR

DIMENSIONS: Final = ("mass_g", "ambient_ml", "chilled_ml")
G_PER_KG: Final = 1000
ML_PER_KG: Final = 2500

PRICE_PER_KG: Final = 1_000_000
"""Above all metres of a day, so that value served comes first."""

COLD: Final = "cold"
CHILLED: Final = 0.3
TRAFFIC: Final = {"car": 1.45, "scooter": 1.15}
"""Driving time over free flow, by profile."""

ON_BOARD: Final = (40 * MINUTE, 90 * MINUTE)


@dataclass(frozen=True, kw_only=True)
class Size:
    shipments: int = 100
    couriers: int = 12


def city_problem(roads: Roads, size: Size, seed: int) -> Problem:
    """The same roads, size and seed give the same day."""
    draw = Random(f"{roads.name} {size.shipments} {size.couriers} {seed}")  # noqa: S311
    donors, recipients = _places(roads, draw)
    matrices = tuple(_matrix(roads, profile) for profile in TRAFFIC)
    return Problem(
        setup_s=tuple(draw.randint(1, 4) * MINUTE for _ in roads.kinds),
        matrices=matrices,
        shipments=tuple(
            _shipment(number, draw.choice(donors), draw.choice(recipients), draw)
            for number in range(size.shipments)
        ),
        vehicles=tuple(_courier(number, len(roads.kinds), draw) for number in range(size.couriers)),
        skills=frozenset({COLD}),
        dimensions=DIMENSIONS,
    )


def without(problem: Problem, features: frozenset[Feature]) -> Problem:
    """The same day without some of the rules; of several windows the first stays."""
    shipments, vehicles = problem.shipments, problem.vehicles
    if Feature.ON_BOARD in features:
        shipments = tuple(replace(one, max_on_board_s=None) for one in shipments)
    if Feature.SEVERAL_WINDOWS in features:
        shipments = tuple(map(_with_first_window, shipments))
    if Feature.MOST_STOPS in features:
        vehicles = tuple(replace(one, max_stops=None) for one in vehicles)
    return replace(problem, shipments=shipments, vehicles=vehicles)


def _with_first_window(one: Shipment) -> Shipment:
    return replace(one, pickup=_first(one.pickup), delivery=_first(one.delivery))


def _first(handling: Handling) -> Handling:
    return replace(handling, windows=handling.windows[:1])


def _places(roads: Roads, draw: Random) -> tuple[list[int], list[int]]:
    """Donors are points of the first kind; with one kind only, the points are dealt out."""
    points = list(range(len(roads.kinds)))
    first = [point for point in points if roads.kinds[point] == roads.kinds[0]]
    if len(first) == len(points):
        draw.shuffle(points)
        half = len(points) // 2
        return points[:half], points[half:]
    return first, [point for point in points if point not in set(first)]


def _matrix(roads: Roads, profile: str) -> Matrix:
    slower = TRAFFIC[profile]
    times = tuple(tuple(round(entry * slower) for entry in row) for row in roads.seconds)
    return Matrix(profile, times, roads.metres)


def _shipment(number: int, donor: int, recipient: int, draw: Random) -> Shipment:
    kg = draw.choice((2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45))
    chilled = draw.random() < CHILLED
    ready = draw.randrange(OPENS + HOUR, CLOSES - 5 * HOUR, 15 * MINUTE)
    litres = kg * ML_PER_KG
    return Shipment(
        id=f"s{number}",
        pickup=Handling(donor, _windows(ready, 30, 90, draw), draw.randint(2, 6) * MINUTE),
        delivery=Handling(
            recipient,
            _windows(ready + draw.randint(1, 4) * 15 * MINUTE, 60, 120, draw),
            draw.randint(2, 8) * MINUTE,
        ),
        amounts=(kg * G_PER_KG, 0 if chilled else litres, litres if chilled else 0),
        skills=frozenset({COLD} if chilled else ()),
        max_on_board_s=draw.randrange(*ON_BOARD, 5 * MINUTE) if chilled else None,
        prize=kg * PRICE_PER_KG,
    )


def _windows(opens: int, least: int, most: int, draw: Random) -> tuple[TimeWindow, ...]:
    """One window, or two with a pause between them."""
    closes = opens + draw.randint(least, most) * MINUTE
    first = TimeWindow(opens, closes)
    if draw.random() < 1 / 2:
        return (first,)
    again = closes + draw.randint(2, 5) * 30 * MINUTE
    return first, TimeWindow(again, again + draw.randint(least, most) * MINUTE)


def _courier(number: int, points: int, draw: Random) -> Vehicle:
    car = draw.random() < 2 / 5
    cold = draw.random() < 1 / 2
    start = draw.randrange(points)
    begins = draw.randrange(OPENS, CLOSES - 5 * HOUR, 30 * MINUTE)
    kg = draw.choice((120, 150, 200)) if car else draw.choice((25, 30, 40))
    litres = kg * ML_PER_KG
    return Vehicle(
        id=f"{'car' if car else 'scooter'} {number}",
        start=start,
        end=start if draw.random() < 2 / 3 else draw.randrange(points),
        capacity=(kg * G_PER_KG, litres, litres // 3 if cold else 0),
        shift=TimeWindow(begins, begins + draw.randint(6, 10) * 30 * MINUTE),
        skills=frozenset({COLD} if cold else ()),
        max_stops=draw.randint(8, 16) if draw.random() < 1 / 2 else None,
        profile="car" if car else "scooter",
    )
