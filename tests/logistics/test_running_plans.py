"""A plan while it is worked out: it is watched, ended early with what there is, or called off."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from backend.common.actor import Actor, person, system
from backend.common.refusals import NotFound
from backend.common.solver_process import Order, SolverProcess
from backend.events.models import AuditEntry, Event, EventAudience
from backend.events.passing import Teller
from logistics.actions.cancel_plan import cancel_plan
from logistics.actions.stop_plan import stop_plan
from logistics.adapters.running_plan import RunningPlan
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem
from logistics.domain.solution import Solution
from logistics.domain.solver.solve import solve
from logistics.models import Plan, PlanStatus, Route, Shipment, ShipmentStatus
from logistics.permissions import PlanOver
from logistics.selectors.audience import plan_audiences
from logistics.selectors.running import progress_of
from logistics.solver_process import TARGET, RoutingProcess
from logistics.tasks import plan_area
from tests.builders.accounts import make_user
from tests.builders.couriers import make_shift
from tests.builders.logistics import close_plan, make_plan, make_shipment
from tests.builders.organizations import make_coordinator
from tests.logistics.domain.cities import drawn_problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
AREA = "main"
FEW = Limits(iterations=50)
#: More than any test waits for: only being stopped ends it.
ENDLESS = Limits(iterations=10**9, wall_s=120)


@pytest.fixture
def coordinator() -> Actor:
    return person(make_coordinator().pk)


class Told:
    """What sockets are told, and the seconds that the search believes in."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.s = 0.0

    def tell(self, kind: str, **frame: Any) -> None:
        self.frames.append({"kind": kind, **frame})

    def seconds(self) -> float:
        return self.s


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    heard = Told()
    monkeypatch.setattr(Teller, "tell", heard.tell)
    return heard


@pytest.fixture
def plan(now: datetime) -> Plan:
    return make_plan(now=now)


@pytest.fixture
def running(plan: Plan, told: Told) -> Iterator[RunningPlan]:
    with RunningPlan(plan, plan_audiences(AREA), seconds=told.seconds) as each:
        yield each


def test_progress_is_told_four_times_a_second_at_most(running: RunningPlan, told: Told) -> None:
    for at in range(100):
        told.s = at / 100
        running.hear({"cost": 1_000 - at, "unassigned": 2, "missed": 0, "iterations": at})
    assert [frame["data"]["elapsed_ms"] for frame in told.frames] == [0, 250, 500, 750]
    assert told.frames[-1]["data"] == {
        "cost": 925, "missed": 0, "bound": None, "unassigned": 2, "iterations": 75,
        "elapsed_ms": 750,
    }  # fmt: skip


def test_a_search_that_finds_nothing_new_says_every_second_that_it_goes_on(
    running: RunningPlan, told: Told
) -> None:
    for at in range(31):
        told.s = at / 10
        running.order()
    assert [frame["data"]["elapsed_ms"] for frame in told.frames] == [0, 1_000, 2_000, 3_000]


def test_those_who_see_the_plan_are_told_and_it_is_read_without_a_socket(
    running: RunningPlan, plan: Plan, told: Told
) -> None:
    running.hear({"cost": 5, "unassigned": 1, "missed": 0, "iterations": 9})
    [frame] = told.frames
    assert (frame["kind"], frame["subject"]) == ("plan.progress", ("plan", str(plan.pk)))
    assert "county:63000" in frame["audiences"]
    assert all(name.startswith("county:") for name in frame["audiences"])
    assert progress_of(plan) == frame["data"]
    assert not Event.objects.filter(type="plan.progress").exists()


def test_what_is_over_has_no_progress(running: RunningPlan, plan: Plan, now: datetime) -> None:
    running.hear({"cost": 5})
    assert progress_of(close_plan(plan, now=now)) is None


def test_the_wish_to_end_is_looked_up_twice_a_second(
    running: RunningPlan, plan: Plan, told: Told, coordinator: Actor, now: datetime
) -> None:
    stop_plan(plan_id=plan.pk, by=coordinator, now=now)
    assert running.order() is Order.GO_ON
    told.s = 0.5
    assert running.order() is Order.FINISH
    cancel_plan(plan_id=plan.pk, by=coordinator, now=now)
    told.s = 1.0
    assert running.order() is Order.CANCEL


def test_a_search_goes_on_when_nothing_can_be_told(
    running: RunningPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(Teller, "tell", broken)
    running.hear({"cost": 5})
    assert running.order() is Order.GO_ON


def test_stopping_is_recorded_once_and_told_to_the_counties(
    plan: Plan, coordinator: Actor, now: datetime
) -> None:
    for _ in range(2):
        stopped = stop_plan(plan_id=plan.pk, by=coordinator, now=now)
    assert (stopped.status, stopped.stop_asked_at) == (PlanStatus.SOLVING, now)
    event = Event.objects.get(type="plan.stop_asked")
    assert AuditEntry.objects.filter(action="plan.stop_asked").count() == 1
    heard = EventAudience.objects.filter(event=event).values_list("audience", flat=True)
    assert "county:63000" in heard


def test_calling_off_is_recorded_and_frees_the_area(
    plan: Plan, coordinator: Actor, now: datetime
) -> None:
    cancelled = cancel_plan(plan_id=plan.pk, by=coordinator, now=now)
    assert (cancelled.status, cancelled.finished_at) == (PlanStatus.CANCELLED, now)
    assert AuditEntry.objects.filter(action="plan.cancelled").count() == 1
    assert Event.objects.filter(type="plan.cancelled").count() == 1
    assert make_plan(now=now).status == PlanStatus.SOLVING


@pytest.mark.parametrize("end", [stop_plan, cancel_plan])
def test_strangers_and_coordinators_of_other_roads_end_nothing(
    end: Any, plan: Plan, now: datetime
) -> None:
    for stranger in (make_user(), make_coordinator("10016")):
        with pytest.raises(NotFound):
            end(plan_id=plan.pk, by=person(stranger.pk), now=now)
    with pytest.raises(NotFound):
        end(plan_id=UUID(int=1), by=system("tests"), now=now)


@pytest.mark.parametrize("end", [stop_plan, cancel_plan])
def test_a_plan_that_is_over_cannot_be_ended(
    end: Any, plan: Plan, coordinator: Actor, now: datetime
) -> None:
    close_plan(plan, now=now)
    with pytest.raises(PlanOver):
        end(plan_id=plan.pk, by=coordinator, now=now)


def test_nothing_of_a_plan_that_was_called_off_is_offered(
    coordinator: Actor, now: datetime
) -> None:
    def meanwhile(problem: Problem, **given: Any) -> Solution:
        found = solve(problem, **given)
        cancel_plan(plan_id=Plan.objects.get().pk, by=coordinator, now=now)
        return found

    make_shipment(now=now)
    make_shift(from_at=now)
    ended = plan_area(AREA, now=now, limits=FEW, solve=meanwhile)
    assert ended is not None
    assert ended.status == PlanStatus.CANCELLED
    assert not Route.objects.exists()
    assert Shipment.objects.get().status == ShipmentStatus.WAITING


def test_a_plan_that_was_called_off_is_not_worked_out_again_unless_asked(
    coordinator: Actor, now: datetime
) -> None:
    def meanwhile(problem: Problem, **given: Any) -> Solution:
        cancel_plan(plan_id=Plan.objects.get().pk, by=coordinator, now=now)
        return solve(problem, **given)

    make_shipment(now=now)
    make_shift(from_at=now)
    plan_area(AREA, now=now, limits=FEW, solve=meanwhile)
    assert plan_area(AREA, now=now, limits=FEW, solve=solve) is None
    again = plan_area(AREA, now=now, limits=FEW, solve=solve, again=True)
    assert again is not None
    assert again.status == PlanStatus.APPLIED


@pytest.fixture(scope="module")
def host() -> Iterator[RoutingProcess]:
    process = RoutingProcess()
    yield process
    process.close()


def large(process: RoutingProcess, ends: Any) -> Any:
    """Solves what rows describe last; first something without an end, in the process."""
    problem = drawn_problem(Random(3), 40, 4, reach=20)  # noqa: S311 - draws an example

    def begun(_: Problem, *, limits: Limits, seed: int, **given: Any) -> Solution:
        row = Plan.objects.get(status=PlanStatus.SOLVING)
        with RunningPlan(row, plan_audiences(AREA)) as running:
            ends(row)
            return process.solve(
                problem, limits=ENDLESS, seed=seed, on_progress=running.hear, watch=running.order
            )

    return begun


@pytest.mark.solver
def test_stopping_ends_a_search_in_its_process_with_what_it_has(
    host: RoutingProcess, coordinator: Actor, now: datetime
) -> None:
    def stop(row: Plan) -> None:
        stop_plan(plan_id=row.pk, by=coordinator, now=now)

    row = make_plan(now=now)
    found = large(host, stop)(None, limits=ENDLESS, seed=1)
    assert found.truncated
    assert found.routes
    assert row.status == PlanStatus.SOLVING


@pytest.mark.solver
def test_calling_off_ends_a_search_in_its_process_and_the_next_plan_works(
    host: RoutingProcess, coordinator: Actor, now: datetime
) -> None:
    def cancel(row: Plan) -> None:
        cancel_plan(plan_id=row.pk, by=coordinator, now=now)

    make_shipment(now=now)
    make_shift(from_at=now)
    ended = plan_area(AREA, now=now, solve=large(host, cancel))
    assert ended is not None
    assert ended.status == PlanStatus.CANCELLED
    again = plan_area(AREA, now=now, limits=FEW, solve=host.solve, again=True)
    assert again is not None
    assert again.status == PlanStatus.APPLIED


@pytest.mark.solver
def test_a_solve_over_the_memory_cap_fails_its_plan_and_nothing_else(now: datetime) -> None:
    small = RoutingProcess(SolverProcess(warm=[TARGET], memory_cap_mib=small_cap_mib()))
    many = with_so_many_points(1_600)
    make_shipment(now=now)
    make_shift(from_at=now)
    try:
        failed = plan_area(
            AREA, now=now, solve=lambda _, **given: small.solve(many, **given), limits=FEW
        )
        assert failed is not None
        assert failed.status == PlanStatus.FAILED
        assert failed.checker_violations == ["solver:SolverOutOfMemory"]
        again = plan_area(AREA, now=now, solve=small.solve, limits=FEW)
        assert again is not None
        assert again.status == PlanStatus.APPLIED
    finally:
        small.close()


def small_cap_mib() -> int:
    """A little more than the process needs to be there and to solve something small."""
    process = SolverProcess(warm=[TARGET])
    routing = RoutingProcess(process)
    few = drawn_problem(Random(3), 5, 2, reach=20)  # noqa: S311 - draws an example
    routing.solve(few, limits=FEW, seed=1)
    told = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    process.close()
    [peak_kib] = [int(line.split()[1]) for line in told if line.startswith("VmPeak")]
    return peak_kib // 1_024 + 12


def with_so_many_points(points: int) -> Problem:
    """Some shipments among many places: the matrix alone takes some two hundred mebibytes."""
    few = drawn_problem(Random(3), 5, 2, reach=20)  # noqa: S311 - draws an example
    row = (1_000,) * points
    grid = tuple((*row[:here], 0, *row[here + 1 :]) for here in range(points))
    matrices = tuple(replace(each, durations_s=grid, distances_m=grid) for each in few.matrices)
    return replace(few, setup_s=(0,) * points, matrices=matrices)
