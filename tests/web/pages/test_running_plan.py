"""A coordinator watches a plan while it is worked out, and ends it."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from backend.common.clock import SteppedClock
from logistics.adapters.running_plan import RunningPlan
from logistics.models import Plan, PlanStatus
from tests.builders.logistics import close_plan, make_plan
from tests.builders.organizations import make_coordinator
from tests.web.pages.world import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator())


@pytest.fixture
def plan(now: datetime) -> Plan:
    return make_plan(now=now)


def page(client: Client, plan: Plan) -> str:
    response = client.get(reverse("web:desk_plan", args=[plan.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_running_plan_shows_how_far_it_is(desk: Client, plan: Plan) -> None:
    assert "The search goes on" in page(desk, plan)
    with RunningPlan(plan, []) as running:
        running.hear({"cost": 34_250_000, "missed": 0, "unassigned": 3, "iterations": 1200})
    shown = page(desk, plan)
    assert '<strong data-progress="cost" data-per="1000000">34.2</strong>' in shown
    assert '<strong data-progress="unassigned" data-per="1">3</strong>' in shown
    assert '<strong data-progress="bound" data-per="1000000">–</strong>' in shown


def test_a_running_plan_is_stopped_with_what_there_is(desk: Client, plan: Plan) -> None:
    desk.post(reverse("web:desk_stop_plan", args=[plan.pk]))
    plan.refresh_from_db()
    assert plan.stop_asked_at is not None
    shown = page(desk, plan)
    assert "the best routes found so far are then offered" in shown
    assert "Stop with what there is" not in shown


def test_a_running_plan_is_called_off(desk: Client, plan: Plan) -> None:
    desk.post(reverse("web:desk_cancel_plan", args=[plan.pk]))
    plan.refresh_from_db()
    assert plan.status == PlanStatus.CANCELLED
    shown = page(desk, plan)
    assert "Called off" in shown
    assert "The search goes on" not in shown


def test_one_that_ended_meanwhile_says_so(desk: Client, plan: Plan, now: datetime) -> None:
    close_plan(plan, now=now)
    answer = desk.post(reverse("web:desk_stop_plan", args=[plan.pk]), follow=True)
    assert "no longer being worked out" in answer.content.decode()


def test_why_a_plan_failed_is_said_in_words(desk: Client, plan: Plan, now: datetime) -> None:
    close_plan(plan, now=now, violations=("solver:SolverOutOfMemory",))
    assert "The plan needed more memory than it may take." in page(desk, plan)


def test_a_stranger_ends_nothing(plan: Plan) -> None:
    other = signed_in(make_coordinator("10016"))
    for name in ("web:desk_stop_plan", "web:desk_cancel_plan"):
        assert other.post(reverse(name, args=[plan.pk])).status_code == 404
