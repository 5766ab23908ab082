"""Who is in waiting for food that cannot wait."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from backend.geo.domain.points import Point
from matching.domain.apply import shares_of
from matching.domain.backups import SECOND, Backup, backups_of
from matching.domain.case import Case
from matching.domain.explain import explain
from matching.domain.problem import Asked, Demand, Problem, Supply
from matching.domain.solution import Limits
from matching.domain.solver.choose import solve_case
from matching.domain.weights import Weights
from tests.matching.domain.worlds import HOUR, NOW, demand, lot

TAIPEI = ZoneInfo("Asia/Taipei")
FAR = Point(121.60, 25.04)
FARTHER = Point(121.65, 25.04)


def key(kind: int, number: int) -> str:
    return str(UUID(int=kind * 1_000 + number))


def rice(number: int = 1, *, hours: float = 2, **changes: Any) -> Supply:
    """Ten kilograms that cannot be split, for two more hours."""
    chosen = {"step_g": 10_000, "listing_id": key(2, number), "pickup_until_at": NOW + hours * HOUR}
    return Supply(lot(number, lot_id=key(1, number), **(chosen | changes)))


def kitchen(number: int, **changes: Any) -> Demand:
    return demand(number, programme_id=key(3, number), location_id=key(4, number), **changes)


def problem_of(*supplies: Supply, demands: Sequence[Demand], **fields: Any) -> Problem:
    return Problem(now=NOW, supplies=supplies, demands=tuple(demands), **fields)


THREE = (kitchen(1), kitchen(2, point=FAR), kitchen(3, point=FARTHER))


def backups(problem: Problem) -> list[Backup]:
    solution, state = solve_case(Case(problem), limits=Limits(), seed=0)
    explanations = list(explain(state))
    shares = list(shares_of(problem, solution, explanations, TAIPEI))
    return list(backups_of(problem, shares, explanations, TAIPEI))


def test_the_best_alternative_stands_behind_an_urgent_share() -> None:
    (backup,) = backups(problem_of(rice(), demands=THREE))
    assert str(backup.behind.programme_id) == key(3, 1)
    share = backup.share
    assert str(share.programme_id) == key(3, 2)
    assert (share.listing_id, share.transport) == (backup.behind.listing_id, "self_collect")
    assert [(part.mass_g, part.rank) for part in share.lots] == [(10_000, SECOND)]
    assert share.receive_date == NOW.astimezone(TAIPEI).date()


def test_it_says_what_it_is_worth_and_who_was_asked_first() -> None:
    (backup,) = backups(problem_of(rice(), demands=THREE))
    (part,) = backup.share.lots
    assert part.terms["distance"] < 0
    (reason,) = part.reasons
    assert (reason["programme_id"], reason["why"]) == (key(3, 1), "asked_first")
    assert sum(reason["terms"].values()) == pytest.approx(reason["score"])


@pytest.mark.parametrize(("hours", "backed"), [(2.9, 1), (3, 0)])
def test_food_that_can_wait_has_nobody_in_waiting(hours: float, backed: int) -> None:
    assert len(backups(problem_of(rice(hours=hours), demands=THREE))) == backed


def test_without_anybody_else_nobody_stands_behind() -> None:
    assert backups(problem_of(rice(), demands=THREE[:1])) == []
    refused = kitchen(2, categories_not_taken=frozenset({"staples"}))
    assert backups(problem_of(rice(), demands=(THREE[0], refused))) == []
    full = kitchen(2, capacity_g={"ambient": 9_999})
    assert backups(problem_of(rice(), demands=(THREE[0], full))) == []


def test_whoever_did_not_take_it_before_is_not_in_waiting() -> None:
    asked = (Asked(key(1, 1), key(3, 2)),)
    (backup,) = backups(problem_of(rice(), demands=THREE, asked=asked))
    assert str(backup.share.programme_id) == key(3, 3)


def test_nobody_stands_behind_two_shares_of_one_listing_or_behind_ones_own() -> None:
    shared = {"listing_id": key(2, 1)}
    small = [
        kitchen(number, capacity_g={"ambient": 10_000}, point=Point(121.56 + number / 50, 25.04))
        for number in (1, 2, 3)
    ]
    problem = problem_of(rice(1, **shared), rice(2, **shared), demands=small)
    found = backups(problem)
    takers = {each.behind.programme_id for each in found}
    seconds = [each.share.programme_id for each in found]
    assert len(set(seconds)) == len(seconds) == 1
    assert takers.isdisjoint(seconds)


def test_both_lots_of_a_share_get_the_same_second() -> None:
    shared = {"listing_id": key(2, 1)}
    together = Weights(recipient_need=0, county_need=0)
    problem = problem_of(rice(1, **shared), rice(2, **shared), demands=THREE, weights=together)
    (backup,) = backups(problem)
    assert {str(part.lot_id) for part in backup.share.lots} == {key(1, 1), key(1, 2)}
