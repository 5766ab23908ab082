"""Making machine code before it is needed: a round, and its explanations, on a tiny problem."""

from datetime import UTC, datetime, timedelta
from typing import Final

from backend.claims.domain.facts import CourierFacts, LotFacts, RecipientFacts
from backend.common.machine_code import DONE, bring_machine_code
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from matching.domain.case import Case
from matching.domain.explain import explain
from matching.domain.kernel.compiling import CACHED, FOLDER, HERE
from matching.domain.problem import Demand, Problem, Supply
from matching.domain.solution import Limits
from matching.domain.solver.choose import solve_case

_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


def bring() -> None:
    """Use what came with the sources, where they cannot be written."""
    bring_machine_code(HERE, FOLDER)


def warm() -> None:
    """Compile or load every function; about a minute the first time, then a second."""
    case = Case(_tiny_problem())
    _, state = solve_case(case, limits=Limits(), seed=0)
    list(explain(state))
    for supply, option, mass_g in state.chosen():
        case.feasibility.tally(supply)
        case.feasibility.metres(supply)
        case.option(supply, state.demand(option))
        state.change(supply, option, -mass_g)
    if CACHED:
        (FOLDER / DONE).touch()


def _tiny_problem() -> Problem:
    """Two lots, two programmes, one of which needs a driver."""
    point = Point(121.5, 25.0)
    lots = [
        LotFacts(
            lot_id=f"lot {number}",
            listing_id=f"listing {number}",
            organization_id=f"donor {number}",
            category="food",
            category_group="food",
            storage_class="ambient",
            left_g=20_000,
            step_g=1_000,
            volume_ml=20_000,
            safe_until_at=_NOW + _DAY,
            pickup_from_at=_NOW,
            pickup_until_at=_NOW + _DAY,
            point=point,
            road_group="main",
        )
        for number in range(2)
    ]
    homes = [
        RecipientFacts(
            location_id=f"place {number}",
            programme_id=f"programme {number}",
            organization_id=f"charity {number}",
            point=point,
            road_group="main",
            capacity_g={"ambient": 15_000},
            open_hours=(Interval(_NOW, _NOW + _DAY),),
            collects_itself=number == 0,
        )
        for number in range(2)
    ]
    courier = CourierFacts(
        "shift", "main", Interval(_NOW, _NOW + _DAY), mass_g=100_000, volume_ml={"ambient": 100_000}
    )
    return Problem(
        now=_NOW,
        supplies=tuple(map(Supply, lots)),
        demands=tuple(Demand(home, county_code="one", people=10) for home in homes),
        couriers=(courier,),
    )
