"""Allowing more time at each door makes plans more punctual, and costs kilometres or food."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import pytest

from logistics.domain.limits import Limits
from logistics.domain.problem import (
    Handling,
    Matrix,
    Problem,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
    Vehicle,
)
from logistics.domain.service_times import Spread, sigma_of
from logistics.domain.solver.solve import solve
from logistics.domain.uncertainty import Roads, Uncertainty, simulate

#: As the first region pack has them.
DOOR = Spread(300.0, sigma_of(p50=1.0, p90=2.0))
ROADS = Roads(sigma=sigma_of(p50=1.0, p90=1.3), shared=0.5)
SHIPMENTS, VEHICLES, POINTS, HOURS = 40, 7, 50, 5
SIDE_M, METRES_PER_S, PARCEL_G = 10_000, 6, 4_000
PRIZE = 10**8


@dataclass(frozen=True)
class Outcome:
    """What a town gets of its plan."""

    on_time: float
    metres: int
    served: int


def town(seed: int, share: float) -> Problem:
    """Forty parcels of an afternoon, each with an hour and a half for its delivery."""
    rnd = Random(seed)  # noqa: S311
    places = [(rnd.uniform(0, SIDE_M), rnd.uniform(0, SIDE_M)) for _ in range(POINTS)]
    metres = tuple(tuple(round(abs(a - c) + abs(b - d)) for c, d in places) for a, b in places)
    times = tuple(tuple(way // METRES_PER_S for way in row) for row in metres)
    service_s = round(DOOR.quantile_s(share))
    return Problem(
        setup_s=(60,) * POINTS,
        matrices=(Matrix("car", times, metres),),
        shipments=tuple(_parcel(rnd, f"s{n}", service_s) for n in range(SHIPMENTS)),
        vehicles=tuple(
            Vehicle(f"v{n}", n, n, (60_000,), TimeWindow(0, HOURS * 3600)) for n in range(VEHICLES)
        ),
        dimensions=("mass_g",),
    )


def _parcel(rnd: Random, name: str, service_s: int) -> Shipment:
    here, there = rnd.sample(range(POINTS), 2)
    ready_s = rnd.randrange(0, (HOURS - 3) * 3600)
    due_s = ready_s + rnd.randrange(2_700, 7_200)
    return Shipment(
        name,
        Handling(here, (TimeWindow(ready_s, due_s),), service_s),
        Handling(there, (TimeWindow(due_s - 1_800, due_s + 3_600),), service_s),
        (PARCEL_G,),
        prize=PRIZE,
    )


def lived(seed: int, share: float) -> Outcome:
    question = town(seed, share)
    plan = solve(question, limits=Limits(iterations=60), seed=seed)
    doors = {Task(one.id, kind): DOOR for one in question.shipments for kind in TaskKind}
    found = simulate(question, plan, Uncertainty(doors, ROADS), seed=seed)
    return Outcome(
        on_time=sum(found.tasks.values()) / len(found.tasks),
        metres=sum(route.distance_m for route in plan.routes),
        served=SHIPMENTS - len(plan.unassigned),
    )


@pytest.mark.solver
def test_allowing_more_time_buys_punctuality_with_kilometres_or_food() -> None:
    towns = range(3)
    usual = [lived(seed, 0.5) for seed in towns]
    careful = [lived(seed, 0.9) for seed in towns]
    for before, after in zip(usual, careful, strict=True):
        assert after.on_time > before.on_time + 0.03
    assert _served(careful) < _served(usual) or _metres(careful) > _metres(usual)


def _served(outcomes: Sequence[Outcome]) -> int:
    return sum(each.served for each in outcomes)


def _metres(outcomes: Sequence[Outcome]) -> int:
    return sum(each.metres for each in outcomes)
