"""The stepped world of journeys, and the people who take part."""

import os
from collections.abc import Iterator

import pytest
from celery import current_app
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from pytest_django import Settings

from backend.common.clock import SteppedClock
from backend.config.schedule import QUEUES
from tests.journeys import steps
from tests.journeys.caller import Caller
from tests.journeys.connections import InProcess
from tests.journeys.world import BOSS, PASSWORD, SteppedWorld


@pytest.fixture
def world(
    transactional_db: None, stepped_clock: SteppedClock, settings: Settings
) -> Iterator[SteppedWorld]:
    """An empty country in which people must confirm their addresses; its superuser is there."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    current_app.loader.import_default_modules()
    _empty_queues()
    make_boss()
    yield SteppedWorld(InProcess(get_wsgi_application()), stepped_clock)
    _empty_queues()


def make_boss() -> None:
    """The superuser, made as an operator makes one."""
    os.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    call_command("createsuperuser", interactive=False, email=BOSS, verbosity=0)


def _empty_queues() -> None:
    with current_app.connection_for_write() as connection:
        for name in QUEUES:
            connection.default_channel.queue_declare(name)
            connection.default_channel.queue_purge(name)


@pytest.fixture
def coordinator(world: SteppedWorld) -> Caller:
    return steps.coordinator(world, "coordinator@example.org")


@pytest.fixture
def donor(world: SteppedWorld, coordinator: Caller) -> steps.Side:
    return steps.donor(world, coordinator)


@pytest.fixture
def charity(world: SteppedWorld, coordinator: Caller) -> steps.Side:
    return steps.charity(world, coordinator)


@pytest.fixture
def driver(world: SteppedWorld, coordinator: Caller) -> Caller:
    return steps.driver(world, coordinator)
