"""Where nobody drives: what is short, so that somebody can look for exactly that."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from backend.claims.domain.facts import CourierFacts
from backend.claims.domain.reasons import Reason
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from matching.domain.case import Case
from matching.domain.problem import Demand, Problem, Supply
from matching.domain.shortages import Short, Shortage, shortages_of
from matching.domain.solution import Limits, Solution
from matching.domain.solver.choose import solve_case
from matching.domain.solver.state import State
from tests.matching.domain.worlds import HOUR, NOW, courier, demand, lot

MINUTE = timedelta(minutes=1)
#: Eleven kilometres of road, some twenty-five minutes.
FAR = Point(121.63, 25.04)
FROZEN: dict[str, Any] = {"storage_class": "frozen", "max_out_of_cold_s": 0}
WARM = {"ambient": 1_000_000}


def driven(number: int = 1, **fields: Any) -> Supply:
    """Food that only a driver may bring."""
    return Supply(lot(number, transports=frozenset({"courier"}), **fields))


def short(
    *supplies: Supply, couriers: tuple[CourierFacts, ...] = (), to: Demand | None = None
) -> dict[str, Shortage]:
    return shortages_of(planned(supplies, couriers, to)[1])


def planned(
    supplies: tuple[Supply, ...], couriers: tuple[CourierFacts, ...], to: Demand | None = None
) -> tuple[Solution, State]:
    home = to or demand(1, point=FAR, handling_s=300)
    problem = Problem(now=NOW, supplies=supplies, demands=(home,), couriers=couriers)
    return solve_case(Case(problem), limits=Limits(program=False), seed=0)


def kinds(found: dict[str, Shortage]) -> dict[str, str]:
    return {lot_id: each.of for lot_id, each in found.items()}


def test_without_a_shift_hours_are_short() -> None:
    food = driven(pickup_from_at=NOW + HOUR, pickup_until_at=NOW + 5 * HOUR, handling_s=300)
    [found] = short(food).values()
    assert found.of == Short.HOURS
    assert (found.from_at, found.until_at) == (NOW + HOUR, NOW + 5 * HOUR)
    assert 30 * 60 < found.needs_s < 40 * 60, "the way, loading and unloading"


def test_food_that_spoils_first_is_wanted_until_then() -> None:
    food = driven(safe_until_at=NOW + 2 * HOUR)
    [found] = short(food).values()
    assert (found.from_at, found.until_at) == (NOW, NOW + 2 * HOUR)


def test_a_shift_that_is_over_too_soon_is_short_of_hours() -> None:
    brief = courier(window=Interval(NOW, NOW + 10 * MINUTE))
    assert kinds(short(driven(), couriers=(brief,))) == {"lot1": Short.HOURS}


def test_hours_that_other_food_of_the_round_took_are_short() -> None:
    """Each would find a driver by itself: there is room for all, and time for some."""
    two_hours = courier(window=Interval(NOW, NOW + 2 * HOUR), start=Point(121.55, 25.04))
    foods = tuple(driven(n, left_g=10_000 + n) for n in range(6))
    solution, state = planned(foods, (two_hours,))
    found = shortages_of(state)
    assert 1 <= len(found) < 6
    assert set(kinds(found).values()) == {Short.HOURS}
    reasons = {left.lot_id: left.reason for left in solution.unassigned}
    assert reasons == dict.fromkeys(found, Reason.NO_COURIER_ON_SHIFT)


def test_without_a_cold_box_boxes_are_short() -> None:
    warm, frozen = courier(volume_ml=WARM), driven(**FROZEN)
    assert kinds(short(frozen, couriers=(warm,))) == {"lot1": Short.BOXES}
    assert short(frozen, couriers=(warm, courier(2))) == {}


def test_a_way_that_is_too_warm_is_short_of_boxes() -> None:
    warm, milk = courier(volume_ml=WARM), driven(storage_class="chilled", max_out_of_cold_s=600)
    assert kinds(short(milk, couriers=(warm,))) == {"lot1": Short.BOXES}


def test_cold_food_without_any_shift_is_short_of_hours() -> None:
    assert kinds(short(driven(**FROZEN))) == {"lot1": Short.HOURS}


def test_a_lot_larger_than_any_vehicle_is_short_of_room() -> None:
    large = driven(left_g=50_000, step_g=50_000)
    small = courier(mass_g=20_000)
    assert kinds(short(large, couriers=(small,))) == {"lot1": Short.ROOM}


def test_what_stays_for_another_reason_is_short_of_nothing() -> None:
    home = demand(1, capacity_g={"ambient": 4_000})
    assert short(driven(), couriers=(courier(),), to=home) == {}, "full"
    picky = demand(1, categories_not_taken=frozenset({"rice_dry"}))
    assert short(driven(), to=picky) == {}
    fetched = replace(driven(), lot=lot(transports=frozenset({"self_collect"})))
    assert short(fetched, to=demand(1, collects_itself=False)) == {}
    spoiling = driven(safe_until_at=NOW + 5 * MINUTE)
    assert short(spoiling, couriers=(courier(),)) == {}, "no driver is fast enough"


def test_what_found_somebody_is_short_of_nothing() -> None:
    assert short(driven(), couriers=(courier(),)) == {}
