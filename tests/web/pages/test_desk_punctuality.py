"""A coordinator sees which stops may be late, and how sure a route is."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from backend.common.clock import SteppedClock
from logistics.models import Route, RouteStatus, Stop
from tests.builders.organizations import make_coordinator
from tests.web.pages.world import World, make_world, signed_in, under_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator())


@pytest.fixture
def world(stepped_clock: SteppedClock, now: datetime) -> World:
    """A route whose delivery is on time in 62.9 of 100 simulated drives."""
    made = make_world(now=now)
    Route.objects.update(on_time_share=0.6)
    Stop.objects.update(on_time_share=1.0)
    Stop.objects.filter(pk=made.drop.pk).update(on_time_share=0.629)
    return made


def route_page(client: Client, world: World) -> str:
    return text(client, reverse("web:desk_route", args=[world.route.pk]))


def plan_page(client: Client, world: World) -> str:
    return text(client, reverse("web:desk_plan", args=[world.route.plan_id]))


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode()).replace("\xa0", " ")


def test_the_stop_that_may_be_late_is_marked(desk: Client, world: World) -> None:
    page = route_page(desk, world)
    assert page.count("May be late") == 1
    assert page.count("1 stop may be late") == 1
    assert "on time: 62 %" in page
    assert "on time: 100 %" in page
    assert "every stop in 60 % of simulated drives" in page


def test_the_plan_counts_them_on_its_routes(desk: Client, world: World) -> None:
    page = plan_page(desk, world)
    assert "wholly on time: 60 %" in page
    assert "1 stop may be late" in page


def test_the_operator_says_what_counts_as_late(
    desk: Client, world: World, settings: Settings
) -> None:
    settings.ON_TIME_SHARE_WANTED = 0.5
    for page in (route_page(desk, world), plan_page(desk, world)):
        assert "be late" not in page


def test_a_visit_that_is_over_cannot_be_late(desk: Client, world: World) -> None:
    under_way(world)
    Stop.objects.filter(pk=world.drop.pk).update(status="done")
    assert world.route.status == RouteStatus.UNDER_WAY
    assert "May be late" not in route_page(desk, world)


def test_a_route_without_a_simulation_claims_nothing(desk: Client, world: World) -> None:
    Route.objects.update(on_time_share=None)
    Stop.objects.update(on_time_share=None)
    for page in (route_page(desk, world), plan_page(desk, world)):
        assert "on time" not in page
        assert "be late" not in page
