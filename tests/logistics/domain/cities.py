"""Small routing problems for tests: by hand with `ways`, or drawn with every feature mixed."""

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from logistics.domain.problem import (
    Break,
    Handling,
    Matrix,
    Problem,
    Shipment,
    TimeWindow,
    Vehicle,
)

DAY = TimeWindow(0, 1000)


def ways(*places: int, profile: str = "car") -> Matrix:
    """Points on a line: one second and ten metres per step."""
    away = tuple(tuple(abs(a - b) for b in places) for a in places)
    return Matrix(profile, away, tuple(tuple(10 * s for s in row) for row in away))


def shipment(name: str, collect: int, hand: int, **changes: Any) -> Shipment:
    """One kilogram from point to point, any time of the day, unless changed."""
    pickup = Handling(collect, changes.pop("pickup", (DAY,)), changes.pop("service_s", 0))
    delivery = Handling(hand, changes.pop("delivery", (DAY,)))
    return Shipment(name, pickup, delivery, changes.pop("amounts", (1,)), **changes)


def vehicle(name: str = "van", start: int = 0, **changes: Any) -> Vehicle:
    values: dict[str, Any] = {"end": start, "capacity": (10,), "shift": DAY}
    return Vehicle(name, start, **{**values, **changes})


def problem(
    matrix: Matrix,
    shipments: Sequence[Shipment],
    vehicles: Sequence[Vehicle],
    setup_s: Sequence[int] | None = None,
    **changes: Any,
) -> Problem:
    """A problem in one dimension of load, where cold boxes are a skill that exists."""
    values: dict[str, Any] = {"dimensions": ("kg",), "skills": frozenset({"cold"})}
    return Problem(
        setup_s=tuple(setup_s or [0] * len(matrix.durations_s)),
        matrices=(matrix,),
        shipments=tuple(shipments),
        vehicles=tuple(vehicles),
        **{**values, **changes},
    )


@st.composite
def problems(draw: st.DrawFn, most_shipments: int = 5, most_vehicles: int = 3) -> Problem:
    """Few points, so that visits are shared; every rule turned on now and then."""
    return drawn_problem(
        Random(draw(st.integers(0, 10**6))),  # noqa: S311
        draw(st.integers(1, most_shipments)),
        draw(st.integers(1, most_vehicles)),
    )


def drawn_problem(rnd: Random, shipments: int, vehicles: int, reach: int = 60) -> Problem:
    points = rnd.randint(2, 6)
    places = [(rnd.randint(0, reach), rnd.randint(0, reach)) for _ in range(points)]
    away = [[abs(a - c) + abs(b - d) for c, d in places] for a, b in places]
    times = tuple(tuple(s + (rnd.randint(0, 5) if s else 0) for s in row) for row in away)
    return Problem(
        setup_s=tuple(rnd.choice([0, 5]) for _ in places),
        matrices=(Matrix("car", times, tuple(tuple(7 * s for s in row) for row in away)),),
        shipments=tuple(_drawn_shipment(rnd, f"s{n}", points) for n in range(shipments)),
        vehicles=tuple(_drawn_vehicle(rnd, f"v{n}", points) for n in range(vehicles)),
        skills=frozenset({"cold"}),
        dimensions=("kg", "litres"),
    )


def _windows(rnd: Random, latest: int) -> tuple[TimeWindow, ...]:
    first = rnd.randint(0, latest)
    one = TimeWindow(first, first + rnd.randint(1, 200))
    if rnd.random() < 0.7:
        return (one,)
    again = one.until_s + rnd.randint(0, 80)
    return one, TimeWindow(again, again + rnd.randint(1, 200))


def _drawn_shipment(rnd: Random, name: str, points: int) -> Shipment:
    return Shipment(
        id=name,
        pickup=Handling(rnd.randrange(points), _windows(rnd, 200), rnd.choice([0, 4, 10])),
        delivery=Handling(rnd.randrange(points), _windows(rnd, 400), rnd.choice([0, 6])),
        amounts=(rnd.randint(0, 5), rnd.randint(0, 3)),
        skills=frozenset({"cold"}) if rnd.random() < 0.3 else frozenset(),
        max_on_board_s=rnd.randint(0, 200) if rnd.random() < 0.4 else None,
        prize=rnd.randint(0, 2000) if rnd.random() < 0.4 else None,
    )


def _drawn_vehicle(rnd: Random, name: str, points: int) -> Vehicle:
    begins, breaks = rnd.randint(0, 100), rnd.randint(50, 300)
    rest = Break(TimeWindow(breaks, breaks + rnd.randint(1, 100)), rnd.randint(1, 40))
    return Vehicle(
        id=name,
        start=rnd.randrange(points),
        end=rnd.choice([None, rnd.randrange(points)]),
        capacity=(rnd.randint(2, 12), rnd.randint(1, 8)),
        shift=TimeWindow(begins, begins + rnd.randint(200, 700)),
        skills=frozenset({"cold"}) if rnd.random() < 0.6 else frozenset(),
        rest=rest if rnd.random() < 0.3 else None,
        max_route_s=rnd.randint(100, 500) if rnd.random() < 0.3 else None,
        max_route_m=rnd.randint(500, 3000) if rnd.random() < 0.3 else None,
        max_stops=rnd.randint(2, 6) if rnd.random() < 0.2 else None,
        cost_per_m=rnd.randint(0, 2),
        cost_per_s=rnd.randint(0, 2),
        fixed_cost=rnd.choice([0, 300]),
    )
