"""Large plans in parts among workers: the same plan however many help, whatever befalls them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from backend.common.actor import Actor, person
from backend.common.solver_process import Order, SolverCancelled, SolverDied
from logistics.actions.cancel_plan import cancel_plan
from logistics.actions.keep_plan import keep_plan
from logistics.actions.stop_plan import stop_plan
from logistics.adapters import plan_parts
from logistics.adapters.plan_parts import Place, PlanParts, help_with
from logistics.adapters.running_plan import RunningPlan
from logistics.domain.checker import check
from logistics.domain.limits import Limits
from logistics.domain.problem import Problem
from logistics.domain.solution import Solution
from logistics.domain.solver.solve import solve
from logistics.domain.splitting.parts import Part
from logistics.domain.splitting.stages import solve_in_parts
from logistics.models import Plan
from logistics.selectors.running import progress_of
from tests.builders.logistics import close_plan, make_plan
from tests.builders.organizations import make_coordinator
from tests.logistics.domain.countries import country

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("stepped_clock"),
]
FEW = Limits(iterations=240)
ONE = country(48, 8, 3)
SIZE = 12
AT_ONCE_S = 0.02

Ask = Callable[[Place], None]


def solved(problem: Problem, *, watch: object = None, **given: Any) -> Solution:
    """Solves in this thread, and looks at what it is told as the process would."""
    if callable(watch) and watch() is Order.CANCEL:
        raise SolverCancelled
    return solve(problem, **given)


@pytest.fixture
def coordinator() -> Actor:
    return person(make_coordinator().pk)


@pytest.fixture
def row(now: datetime) -> Plan:
    return make_plan(now=now)


@pytest.fixture
def running(row: Plan) -> Iterator[RunningPlan]:
    with RunningPlan(row, []) as each:
        yield each


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is looked at now and then is looked at again and again."""
    for name in ("SAY_EVERY_S", "LOOK_EVERY_S"):
        monkeypatch.setattr(plan_parts, name, AT_ONCE_S)
    monkeypatch.setattr("logistics.adapters.running_plan.LOOK_EVERY_S", AT_ONCE_S)


class Workers:
    """So many threads that work out the parts they are called to, as workers do."""

    def __init__(self, count: int, solve_one: Callable[..., Solution] = solved) -> None:
        self.helped: list[Place] = []
        self._solve = solve_one
        self._turns = threading.Semaphore(count)
        self._threads: list[threading.Thread] = []

    def ask(self, place: Place) -> None:
        thread = threading.Thread(target=self._work, args=(place,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, place: Place) -> None:
        try:
            with self._turns:
                if help_with(place, self._solve):
                    self.helped.append(place)
        finally:
            connection.close()

    def end(self) -> None:
        for thread in self._threads:
            thread.join(timeout=60)
            assert not thread.is_alive(), "a worker did not come to an end"


def planned(
    running: RunningPlan, row: Plan, ask: Ask | None, solve_one: Callable[..., Solution] = solved
) -> Solution:
    parts = PlanParts(row.pk, running, ask=ask)

    def here(problem: Problem, **given: Any) -> Solution:
        return solve_one(problem, watch=parts.order, **given)

    return solve_in_parts(
        ONE,
        lambda each: parts.solve(each, here),
        limits=FEW,
        seed=5,
        size=SIZE,
        is_over=parts.is_over,
    )


@pytest.fixture(scope="module")
def alone() -> Solution:
    """The plan without any helper."""

    def every(parts: Any) -> list[Solution | None]:
        return [
            solve(part.problem, limits=part.limits, seed=part.seed, start=part.start)
            for part in parts
        ]

    return solve_in_parts(ONE, every, limits=FEW, seed=5, size=SIZE)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_plan_is_the_same_however_many_workers_help(
    count: int, running: RunningPlan, row: Plan, alone: Solution
) -> None:
    workers = Workers(count)
    plan = planned(running, row, workers.ask)
    workers.end()
    assert plan == alone
    assert check(ONE, plan) == []
    assert workers.helped


def test_without_a_worker_the_plan_is_worked_out_alone(
    running: RunningPlan, row: Plan, alone: Solution
) -> None:
    asked: list[Place] = []
    assert planned(running, row, asked.append) == alone
    assert planned(running, row, None) == alone
    assert asked


def test_nothing_of_a_part_stays_in_the_cache(running: RunningPlan, row: Plan) -> None:
    asked: list[Place] = []
    planned(running, row, asked.append)
    assert not cache.get_many([key for place in asked for key in place.keys])
    assert not help_with(asked[0], solved)


def test_a_part_whose_worker_dies_is_taken_over(
    running: RunningPlan, row: Plan, alone: Solution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_parts, "LEASE_S", 1)
    claimed: list[bool] = []

    def dies(place: Place) -> None:
        if not claimed:
            claimed.append(place.claim())

    assert planned(running, row, dies) == alone
    assert claimed == [True]


def test_a_worker_that_fails_leaves_its_part_to_others(
    running: RunningPlan, row: Plan, alone: Solution
) -> None:
    died: list[Problem] = []

    def fails(problem: Problem, **_: Any) -> Solution:
        died.append(problem)
        raise SolverDied

    def ask(place: Place) -> None:
        with pytest.raises(SolverDied):
            help_with(place, fails)

    assert planned(running, row, ask) == alone
    assert died


def test_a_part_that_fails_here_does_not_lose_the_others(running: RunningPlan, row: Plan) -> None:
    calls: list[Problem] = []

    def fails_first(problem: Problem, **given: Any) -> Solution:
        calls.append(problem)
        if len(calls) == 1:
            raise SolverDied
        return solved(problem, **given)

    plan = planned(running, row, None, fails_first)
    assert plan.figures["parts_unanswered"] == 1
    assert check(ONE, plan) == []
    assert len(plan.unassigned) < len(ONE.shipments) // 2


@pytest.mark.parametrize("answer", [{"routes": 7}, "no plan", {}])
def test_an_answer_that_cannot_be_read_is_worked_out_again(
    answer: object, running: RunningPlan, row: Plan, alone: Solution
) -> None:
    def writes_nonsense(place: Place) -> None:
        assert place.claim()
        cache.set(place.keys[2], answer)

    assert planned(running, row, writes_nonsense) == alone


def test_an_answer_that_breaks_a_rule_does_not_lose_the_others(
    running: RunningPlan, row: Plan
) -> None:
    wrong: list[Place] = []

    def careless(place: Place) -> None:
        part = place.part()
        if wrong or part is None or not place.claim():
            return
        wrong.append(place)
        found = solve(part.problem, limits=part.limits, seed=part.seed, start=part.start)
        place.answer(replace(found, routes=found.routes[:1]))

    plan = planned(running, row, careless)
    assert plan.figures["parts_unanswered"] == 1
    assert check(ONE, plan) == []


def test_a_cache_that_is_gone_leaves_the_plan_to_be_worked_out_alone(
    running: RunningPlan, row: Plan, alone: Solution, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(Place, "claim", gone)
    assert planned(running, row, lambda place: None) == alone
    monkeypatch.undo()
    monkeypatch.setattr(Place, "offer", gone)
    assert planned(running, row, lambda place: None) == alone


def test_a_plan_that_is_called_off_ends_here_and_at_the_workers(
    running: RunningPlan, row: Plan, coordinator: Actor, now: datetime
) -> None:
    ended: list[str] = []

    def until_cancelled(problem: Problem, *, watch: Callable[[], Order], **_: Any) -> Solution:
        if not ended:
            ended.append("called off")
            cancel_plan(plan_id=row.pk, by=coordinator, now=now)
        while watch() is not Order.CANCEL:
            threading.Event().wait(AT_ONCE_S)
        raise SolverCancelled

    workers = Workers(1, until_cancelled)
    with pytest.raises(SolverCancelled):
        planned(running, row, workers.ask, until_cancelled)
    workers.end()
    assert workers.helped == []


def test_waiting_for_a_worker_ends_when_the_plan_is_called_off(
    running: RunningPlan, row: Plan, coordinator: Actor, now: datetime
) -> None:
    def silent(place: Place) -> None:
        place.claim()
        if place.number == 0:
            cancel_plan(plan_id=row.pk, by=coordinator, now=now)

    def whatever(problem: Problem, *, watch: object, **given: Any) -> Solution:
        return solve(problem, **given)

    with pytest.raises(SolverCancelled):
        planned(running, row, silent, whatever)


def test_a_plan_that_is_stopped_ends_with_all_of_its_parts(
    running: RunningPlan, row: Plan, coordinator: Actor, now: datetime
) -> None:
    calls: list[Limits] = []

    def stopped(problem: Problem, *, watch: Callable[[], Order], **given: Any) -> Solution:
        if not calls:
            stop_plan(plan_id=row.pk, by=coordinator, now=now)
            threading.Event().wait(2 * AT_ONCE_S)
        calls.append(given["limits"])
        # The solver asks in threads of its own, which must not take database connections.
        order = watch()
        return solve(problem, **given, stop=lambda: order is Order.FINISH)

    plan = planned(running, row, None, stopped)
    assert plan.truncated
    assert check(ONE, plan) == []
    assert len(calls) == len(ONE.shipments) // SIZE
    assert len(plan.unassigned) < len(ONE.shipments) // 2


def test_a_plan_that_takes_too_long_comes_to_an_end(running: RunningPlan, row: Plan) -> None:
    parts = PlanParts(row.pk, running, ask=None, wall_s=0)
    assert parts.order() is Order.GO_ON, "the time begins with the first stage"
    plan = solve_in_parts(
        ONE,
        lambda each: parts.solve(each, solved),
        limits=FEW,
        seed=5,
        size=SIZE,
        is_over=parts.is_over,
    )
    assert plan.truncated
    assert plan.figures["parts"] == len(ONE.shipments) // SIZE
    assert check(ONE, plan) == []


def test_a_solver_that_fails_at_everything_fails_the_plan(running: RunningPlan, row: Plan) -> None:
    def fails(problem: Problem, **_: Any) -> Solution:
        raise SolverDied

    with pytest.raises(SolverDied):
        planned(running, row, None, fails)


def test_progress_is_the_sum_of_all_parts(
    running: RunningPlan, row: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    answers: list[list[Solution | None]] = []
    monkeypatch.setattr(running, "hear", heard.append)
    workers = Workers(2)
    parts = PlanParts(row.pk, running, ask=workers.ask)

    def stage(each: Sequence[Part]) -> list[Solution | None]:
        answers.append(parts.solve(each, solved))
        return answers[-1]

    solve_in_parts(ONE, stage, limits=FEW, seed=5, size=SIZE)
    workers.end()
    prizes = sum(one.prize or 0 for one in ONE.shipments)
    assert heard[0] == {
        "cost": prizes, "missed": 0, "unassigned": len(ONE.shipments), "iterations": 0,
    }  # fmt: skip
    last = [answer for answer in answers[-1] if answer is not None]
    assert heard[-1]["cost"] == sum(answer.cost.total for answer in last)
    assert heard[-1]["unassigned"] == sum(len(answer.unassigned) for answer in last)
    told = [each["iterations"] for each in heard]
    assert told == sorted(told)


def test_a_plan_is_kept_while_it_is_searched_and_not_after(row: Plan, now: datetime) -> None:
    later = now.replace(hour=now.hour + 1)
    assert keep_plan(plan_id=row.pk, now=later)
    row.refresh_from_db()
    assert row.lease_until_at > later
    close_plan(row, now=later)
    assert not keep_plan(plan_id=row.pk, now=later)


def test_a_worker_says_how_far_it_is(running: RunningPlan, row: Plan) -> None:
    place = Place(row.pk, 1, 0)
    place.offer(Part(ONE, (), tuple(range(ONE.points)), FEW, 1))
    seen: list[Any] = []

    def tells(problem: Problem, *, watch: Any, on_progress: Any, **given: Any) -> Solution:
        on_progress({"cost": 9})
        threading.Event().wait(2 * AT_ONCE_S)
        watch()
        seen.append(cache.get(place.keys[1]))
        return solve(problem, **given)

    assert help_with(place, tells)
    assert seen == [{"cost": 9}]
    assert not help_with(place, tells)
    assert progress_of(row) is None
