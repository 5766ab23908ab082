"""Coordinators of a plan's road group hear over their socket how far it is; nobody else does."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from channels.db import database_sync_to_async

from backend.accounts.models import User
from backend.events.models import Event
from logistics.adapters.running_plan import RunningPlan
from logistics.models import Plan
from logistics.selectors.audience import plan_audiences
from tests.builders.accounts import make_user
from tests.builders.logistics import make_plan
from tests.builders.organizations import make_coordinator
from tests.events.sockets import Socket, open_socket, publish

pytestmark = pytest.mark.django_db(transaction=True)
make = database_sync_to_async


def search(plan: Plan) -> None:
    with RunningPlan(plan, plan_audiences(plan.area)) as running:
        running.hear({"cost": 7, "missed": 0, "unassigned": 2, "iterations": 40})


async def until_told(socket: Socket, plan: Plan) -> dict[str, Any]:
    """Searches again and again: a socket hears other processes a moment after it opened."""
    told = asyncio.create_task(socket.told())
    while not told.done():
        await asyncio.to_thread(search, plan)
        await asyncio.wait([told], timeout=0.02)
    return told.result()


async def live(user: User) -> Socket:
    socket = await open_socket(user)
    await socket.told_until("live")
    return socket


async def test_progress_reaches_the_coordinators_of_the_road_group_alone(now: datetime) -> None:
    plan = await make(make_plan)(now=now)
    here = await live(await make(make_coordinator)("65000"))
    elsewhere = await live(await make(make_coordinator)("10016"))
    nobody = await live(await make(make_user)())
    frame = await until_told(here, plan)
    assert (frame["type"], frame["subject"]) == (
        "plan.progress",
        {"type": "plan", "id": str(plan.pk)},
    )
    assert (frame["data"]["cost"], frame["data"]["unassigned"]) == (7, 2)
    assert not await make(Event.objects.filter(type="plan.progress").exists)()
    await publish()
    for socket in (elsewhere, nobody):
        assert (await socket.told())["type"] == "crate.opened"
    for socket in (here, elsewhere, nobody):
        await socket.end()
