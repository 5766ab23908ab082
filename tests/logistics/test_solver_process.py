"""Plans from the warm process are the plans of `solve`, and it survives its own end."""

import os
import signal
from collections.abc import Iterator
from random import Random

import pytest
from celery import current_app

from backend.common.solver_process import SolverDied, SolverFailed, SolverProcess
from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.solver.solve import solve
from logistics.solver_process import TARGET, RoutingProcess
from logistics.tasks import begin_solver
from tests.logistics.domain.cities import drawn_problem

LIMITS = Limits(iterations=50)
ONE = drawn_problem(Random(11), 12, 3, reach=10)  # noqa: S311 - draws an example


@pytest.fixture(scope="module")
def host() -> Iterator[SolverProcess]:
    process = SolverProcess(warm=[TARGET])
    yield process
    process.close()


def test_the_process_gives_the_same_plan_as_a_call_in_place(host: SolverProcess) -> None:
    told: list[int] = []
    routing = RoutingProcess(host)
    plan = routing.solve(
        ONE, limits=LIMITS, seed=1, on_progress=lambda progress: told.append(progress["cost"])
    )
    assert plan == solve(ONE, limits=LIMITS, seed=1)
    assert check(ONE, plan) == []
    assert told


def test_a_running_plan_warms_the_next_one(host: SolverProcess) -> None:
    routing = RoutingProcess(host)
    now = routing.solve(ONE, limits=LIMITS, seed=1)
    again = routing.solve(ONE, limits=Limits(iterations=0), seed=2, start=now.routes)
    assert again.routes == now.routes


def test_a_solve_that_is_killed_is_told_and_the_next_one_works(host: SolverProcess) -> None:
    routing = RoutingProcess(host)

    def kill(_: object) -> None:
        os.kill(host.pid or 0, signal.SIGKILL)

    with pytest.raises(SolverDied):
        routing.solve(ONE, limits=LIMITS, seed=1, on_progress=kill)
    assert check(ONE, routing.solve(ONE, limits=LIMITS, seed=1)) == []


def test_a_request_that_is_no_problem_is_refused_by_name(host: SolverProcess) -> None:
    with pytest.raises(SolverFailed) as caught:
        host.call(TARGET, {"problem": {"colour": "red"}}, wall_s=20)
    assert caught.value.kind == "InvalidProblem"
    assert "colour: unknown_field" in caught.value.text


def test_the_solver_runs_without_the_web_application(host: SolverProcess) -> None:
    RoutingProcess(host).solve(ONE, limits=LIMITS, seed=1)
    loaded = set(host.call("tests.common.solver_targets:modules", None, wall_s=20))
    assert "ortools" in loaded
    assert not loaded & {"django", "rest_framework", "celery", "channels"}


@pytest.mark.parametrize(("queue", "starts"), [("solve", True), ("notify", False)])
def test_the_process_starts_with_a_worker_that_plans_and_with_no_other(
    queue: str, starts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = SolverProcess()
    monkeypatch.setattr("logistics.tasks.routing_process", lambda: RoutingProcess(process))
    served = current_app.amqp.Queues(None)
    served.select([queue])
    monkeypatch.setattr(current_app.amqp, "queues", served)
    begin_solver()
    assert (process.pid is not None) == starts
    process.close()


def test_the_process_plans_with_machine_code_from_its_first_call_on() -> None:
    routing = RoutingProcess()
    plan = routing.solve(ONE, limits=LIMITS, seed=1)
    routing.close()
    assert "ruin_and_recreate_iterations" in plan.figures
