"""Recurring work names tasks that exist, and every task goes to a queue that somebody works."""

from collections.abc import Mapping
from typing import Any

import pytest

from backend.config.celery import app
from backend.config.schedule import BEAT_SCHEDULE, QUEUES, TASK_ROUTES


@pytest.fixture(scope="module")
def tasks() -> Mapping[str, Any]:
    app.loader.import_default_modules()
    return app.tasks


@pytest.mark.parametrize("name", BEAT_SCHEDULE)
def test_the_schedule_names_tasks_that_exist(tasks: Mapping[str, Any], name: str) -> None:
    assert BEAT_SCHEDULE[name]["task"] in tasks


@pytest.mark.parametrize("name", BEAT_SCHEDULE)
def test_a_run_that_comes_too_late_is_dropped(name: str) -> None:
    entry = BEAT_SCHEDULE[name]
    assert 0 < entry["options"]["expires"] <= entry["schedule"]


def test_every_route_leads_to_a_queue_that_is_worked() -> None:
    assert {route["queue"] for route in TASK_ROUTES.values()} <= set(QUEUES)


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("matching.tasks.solve_round", "solve"),
        ("notifications.tasks.deliver", "notify"),
        ("backend.accounts.tasks.send_address_confirmation", "notify"),
        ("backend.listings.tasks.close_due_listings", "default"),
    ],
)
def test_solves_and_messages_have_workers_of_their_own(task: str, queue: str) -> None:
    routed = app.amqp.router.route({}, task)
    assert routed["queue"].name == queue
