"""Large routing problems for tests: towns of different size, most ways short, drawn from a seed."""

from random import Random

from logistics.domain.problem import Handling, Matrix, Problem, Shipment, TimeWindow, Vehicle

HOUR = 3_600
M_PER_S = 8
SPREAD_M = 2_500


def country(shipments: int, vehicles: int, seed: int) -> Problem:
    """A day with a little more food than its vehicles can move; a third needs a cold box."""
    draw = Random(f"{shipments} {vehicles} {seed}")  # noqa: S311 - draws an example
    side = round((shipments / 250) ** 0.5 * 14_000)
    towns = [(draw.uniform(0, side), draw.uniform(0, side)) for _ in range(2 + shipments // 120)]
    places = [_place(draw, towns, side) for _ in range(max(40, shipments * 3 // 5))]
    metres = tuple(
        tuple(round(1.3 * ((a - c) ** 2 + (b - d) ** 2) ** 0.5) for c, d in places)
        for a, b in places
    )
    seconds = tuple(tuple(metre // M_PER_S for metre in row) for row in metres)
    return Problem(
        setup_s=(60,) * len(places),
        matrices=(Matrix("car", seconds, metres),),
        shipments=tuple(_shipment(draw, f"s{n}", metres) for n in range(shipments)),
        vehicles=tuple(_vehicle(draw, f"v{n}", len(places)) for n in range(vehicles)),
        skills=frozenset({"cold"}),
        dimensions=("kg",),
    )


def _place(draw: Random, towns: list[tuple[float, float]], side: int) -> tuple[float, float]:
    if draw.random() < 0.3:
        return draw.uniform(0, side), draw.uniform(0, side)
    lon, lat = draw.choice(towns)
    return draw.gauss(lon, SPREAD_M), draw.gauss(lat, SPREAD_M)


def _shipment(draw: Random, name: str, metres: tuple[tuple[int, ...], ...]) -> Shipment:
    """Most go to the nearest of a dozen places."""
    here = draw.randrange(len(metres))
    others = [place for place in draw.sample(range(len(metres)), 12) if place != here]
    near = draw.random() < 0.8
    there = min(others, key=lambda place: metres[here][place]) if near else others[0]
    opens, is_cold = draw.randrange(0, 8 * HOUR, HOUR // 4), draw.random() < 0.3
    return Shipment(
        id=name,
        pickup=Handling(here, (TimeWindow(opens, opens + draw.randint(1, 3) * HOUR),), 300),
        delivery=Handling(there, (TimeWindow(opens, opens + 5 * HOUR),), 240),
        amounts=(draw.randint(2, 40),),
        skills=frozenset({"cold"} if is_cold else ()),
        max_on_board_s=3 * HOUR // 2 if is_cold else None,
        prize=draw.randint(3, 40) * 1_000_000,
    )


def _vehicle(draw: Random, name: str, places: int) -> Vehicle:
    start, begins = draw.randrange(places), draw.choice((0, 0, 2, 4)) * HOUR
    return Vehicle(
        id=name,
        start=start,
        end=start if draw.random() < 0.6 else None,
        capacity=(draw.choice((60, 300)),),
        shift=TimeWindow(begins, begins + draw.choice((4, 6, 8)) * HOUR),
        skills=frozenset({"cold"} if draw.random() < 0.6 else ()),
        cost_per_m=150,
        cost_per_s=50,
        fixed_cost=1_000_000,
    )
