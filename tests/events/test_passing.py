"""What is true only for a moment reaches those who may hear it, and leaves no trace."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async

from backend.accounts.models import User
from backend.events import audiences
from backend.events.models import Event
from backend.events.passing import Teller
from tests.builders.accounts import make_user
from tests.events.sockets import Socket, open_socket, publish

pytestmark = pytest.mark.django_db(transaction=True)
Grants = dict[UUID, set[str]]


async def somebody() -> User:
    return await database_sync_to_async(make_user)()


def tell(to: str, **data: Any) -> None:
    with Teller() as teller:
        teller.tell("crate.progress", subject=("crate", "7"), audiences=[to], data=data)


async def until_heard(socket: Socket, to: str, **data: Any) -> dict[str, Any]:
    """Tells again and again: a socket between processes begins to hear a moment after it opened."""
    heard = asyncio.create_task(socket.told())
    while not heard.done():
        await asyncio.to_thread(tell, to, **data)
        await asyncio.wait([heard], timeout=0.02)
    return heard.result()


async def test_who_belongs_to_the_audience_hears_it_without_a_position(grants: Grants) -> None:
    user, organization = await somebody(), uuid4()
    own = audiences.organization(organization)
    grants[user.pk] = {own}
    socket = await open_socket(user)
    await socket.told_until("live")
    assert await until_heard(socket, own, cost=12) == {
        "type": "crate.progress",
        "passing": True,
        "subject": {"type": "crate", "id": "7"},
        "data": {"cost": 12},
    }
    assert not await database_sync_to_async(Event.objects.exists)()
    await socket.end()


async def test_others_do_not_hear_it_and_the_chain_of_events_has_no_gap(grants: Grants) -> None:
    user, stranger, organization = await somebody(), await somebody(), uuid4()
    own = audiences.organization(organization)
    grants[user.pk] = {own}
    listening, outside = await open_socket(user), await open_socket(stranger)
    for socket in (listening, outside):
        await socket.told_until("live")
    await until_heard(listening, own)
    position = await publish(subject=user)
    frame = await outside.told()
    assert (frame["type"], frame["previous"], frame["position"]) == ("crate.opened", 0, position)
    await listening.end()
    await outside.end()
