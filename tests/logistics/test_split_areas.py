"""A large road group is planned in parts, from its rows to its offers; a small one as a whole."""

from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from backend.common.actor import person
from logistics.actions.cancel_plan import cancel_plan
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem
from logistics.domain.solution import Solution
from logistics.domain.solver.solve import solve
from logistics.domain.splitting import stages
from logistics.models import Plan, PlanStatus, Route, Shipment, ShipmentStatus
from logistics.tasks import plan_area, solve_part
from tests.builders.couriers import make_shift
from tests.builders.logistics import make_shipment
from tests.builders.organizations import make_coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
AREA = "main"
FEW = Limits(iterations=240)


@pytest.fixture
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "SPLIT_ABOVE", 3)
    monkeypatch.setattr(stages, "PART_SIZE", 2)


def busy_area(now: datetime) -> None:
    for _ in range(4):
        make_shipment(now=now)
        make_shift(from_at=now)


@pytest.mark.usefixtures("_small_is_large")
def test_a_large_area_is_planned_in_parts_and_offered(now: datetime) -> None:
    busy_area(now)
    plan = plan_area(AREA, now=now, limits=FEW, solve=solve)
    assert plan is not None
    assert (plan.status, plan.checker_violations) == (PlanStatus.APPLIED, [])
    assert plan.figures["parts"] > 1
    assert {one.status for one in Shipment.objects.all()} == {ShipmentStatus.PLANNED}
    assert Route.objects.exists()


def test_a_small_area_is_planned_as_a_whole(now: datetime) -> None:
    busy_area(now)
    plan = plan_area(AREA, now=now, limits=FEW, solve=solve)
    assert plan is not None
    assert "parts" not in plan.figures


@pytest.mark.usefixtures("_small_is_large")
def test_nothing_of_a_split_plan_that_was_called_off_is_offered(
    now: datetime,
) -> None:
    coordinator = person(make_coordinator().pk)

    def meanwhile(problem: Problem, **given: Any) -> Solution:
        row = Plan.objects.get()
        if row.status == PlanStatus.SOLVING:
            cancel_plan(plan_id=row.pk, by=coordinator, now=now)
        return solve(problem, **given)

    busy_area(now)
    ended = plan_area(AREA, now=now, limits=FEW, solve=meanwhile)
    assert ended is not None
    assert ended.status == PlanStatus.CANCELLED
    assert not Route.objects.exists()


@pytest.mark.usefixtures("_small_is_large")
def test_where_workers_share_a_cache_they_are_called_and_a_late_one_finds_nothing(
    now: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[dict[str, Any]] = []
    settings.EMBEDDED = False
    monkeypatch.setattr(solve_part, "apply_async", lambda kwargs, expires: calls.append(kwargs))
    busy_area(now)
    plan = plan_area(AREA, now=now, limits=FEW, solve=solve)
    assert plan is not None
    assert plan.status == PlanStatus.APPLIED
    assert {call["plan_id"] for call in calls} == {str(plan.pk)}
    assert solve_part(**calls[0], something_new=1) is False
