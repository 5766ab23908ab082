"""Who may open a socket, what they may say on it, and when it ends."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from django.core.cache import cache
from pytest_django import Settings

from backend.accounts.models import ApiKey, User
from backend.events import audiences, consumers, hub, tickets
from tests.builders.accounts import make_user
from tests.events.sockets import (
    Socket,
    key_of,
    open_socket,
    publish,
    request_socket,
    session_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
Grants = dict[UUID, set[str]]


async def somebody() -> User:
    return await database_sync_to_async(make_user)()


async def session() -> str:
    return await database_sync_to_async(session_of)(await somebody())


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        "https://testserver",
        "http://testserver:8000",
        "http://testserver.evil.example",
        "http://evil.example/http://testserver",
    ],
)
async def test_a_cookie_from_another_sites_page_opens_nothing(origin: str | None) -> None:
    socket = request_socket(session=await session(), origin=origin)
    assert not await socket.connect()
    await socket.wait()


async def test_a_trusted_origin_opens_a_socket(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://pages.example"]
    socket = request_socket(session=await session(), origin="https://pages.example")
    assert await socket.connect()
    assert (await socket.told())["type"] == "live"
    await socket.end()


async def test_an_unencrypted_socket_is_refused_where_sessions_are_secure(
    settings: Settings,
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    socket = request_socket(session=await session())
    assert not await socket.connect()
    await socket.wait()


@pytest.mark.parametrize("query", [{"after": "-1"}, {"after": "x"}, {"epoch": "x"}])
async def test_a_malformed_place_opens_nothing(query: dict[str, str]) -> None:
    socket = request_socket(session=await session(), **query)
    assert not await socket.connect()
    await socket.wait()


@pytest.mark.parametrize("given", [{}, {"session": "no-such-session"}, {"token": "fr_wrong"}])
async def test_strangers_are_told_to_sign_in(given: dict[str, str]) -> None:
    socket = request_socket(**given)
    assert await socket.connect()
    assert await socket.closed() == 4401
    await socket.end()


async def test_strangers_hear_the_public_feed_and_nothing_else(grants: Grants) -> None:
    user = await somebody()
    socket = request_socket(feed="public")
    assert await socket.connect()
    await socket.told_until("live")
    await publish(subject=user, to=[audiences.person(user.pk)])
    position = await publish(subject=user, to=[audiences.public()])
    assert (await socket.told())["position"] == position
    await socket.end()


async def test_a_machine_needs_no_origin_and_ends_with_its_key(
    grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RECHECK_S", 0.05)
    user = await somebody()
    key, token = await database_sync_to_async(key_of)(user)
    socket = request_socket(token=token, origin=None)
    assert await socket.connect()
    await socket.told_until("live")
    position = await publish(subject=user)
    assert (await socket.told())["position"] == position
    await database_sync_to_async(ApiKey.objects.filter(pk=key.pk).delete)()
    assert await socket.closed() == 4401
    await socket.end()


async def test_a_key_of_one_organization_hears_nothing_of_its_owners_others(
    grants: Grants,
) -> None:
    user, own, other = await somebody(), uuid4(), uuid4()
    grants[user.pk] = {audiences.organization(own), audiences.organization(other)}
    _, token = await database_sync_to_async(key_of)(user, organization_id=own)
    socket = request_socket(token=token, origin=None)
    assert await socket.connect()
    await socket.told_until("live")
    await publish(subject=user, to=[audiences.organization(other), audiences.person(user.pk)])
    position = await publish(subject=user, to=[audiences.organization(own)])
    assert (await socket.told())["position"] == position
    await socket.end()


async def ticket_socket(ticket: str) -> Socket:
    socket = request_socket(auth="ticket", origin="https://app.example")
    assert await socket.connect()
    await socket.say({"ticket": ticket})
    return socket


async def ticket_for(user: User) -> str:
    key, _ = await database_sync_to_async(key_of)(user)
    return tickets.issue(tickets.Bearer(user.pk, key_digest=key.digest))


async def test_a_ticket_opens_one_socket_from_anywhere(grants: Grants) -> None:
    ticket = await ticket_for(await somebody())
    first = await ticket_socket(ticket)
    assert (await first.told())["type"] == "live"
    second = await ticket_socket(ticket)
    assert await second.closed() == 4401
    await first.end()
    await second.end()


async def test_tickets_are_kept_only_as_hashes(grants: Grants) -> None:
    ticket = await ticket_for(await somebody())
    assert ticket not in str(cache.__dict__) + str(getattr(cache, "_cache", ""))


async def test_a_socket_whose_ticket_does_not_come_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(consumers, "TICKET_WITHIN_S", 0.05)
    socket = request_socket(auth="ticket")
    assert await socket.connect()
    assert await socket.closed() == 4401
    await socket.end()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"\x00\x01", 1003),
        ("no json", 1003),
        ("[]", 1003),
        ('"text"', 1003),
        ("[" * 1500, 1003),
        ({"subscribe": "organization:1"}, 1003),
        ({"after": -1}, 1003),
        ({"after": "x"}, 1003),
        ({"after": 1, "epoch": "x"}, 1003),
        ({"after": 1, "more": 2}, 1003),
        ({"after": {"a": []}}, 1003),
        ({"ticket": "again"}, 1003),
        ("x" * 2049, 1009),
    ],
)
async def test_what_a_socket_may_not_say_ends_it_with_a_code(
    grants: Grants, said: object, code: int
) -> None:
    socket = await open_socket(await somebody())
    await socket.told_until("live")
    await socket.say(said)
    assert await socket.closed() == code
    await socket.end()


async def test_a_socket_that_talks_too_much_is_told_to_slow_down(grants: Grants) -> None:
    socket = await open_socket(await somebody())
    for _ in range(consumers.MOST_MESSAGES + 1):
        await socket.say({"after": 0})
    assert await socket.closed() == 4429
    await socket.end()


async def test_a_withdrawn_role_hears_not_one_more_frame(grants: Grants) -> None:
    user, organization = await somebody(), audiences.organization(uuid4())
    grants[user.pk] = {organization}
    socket = await open_socket(user)
    await socket.told_until("live")
    grants[user.pk] = set()
    await publish("membership.ended", subject=user, to=[organization])
    await publish(subject=user, to=[organization])
    message: dict[str, Any] = await socket.receive_output(3)
    assert message == {"type": "websocket.close", "code": 4403}
    await socket.end()


async def test_a_role_that_went_without_an_event_ends_the_socket_soon(
    grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hub.RECHECK_S < 5
    monkeypatch.setattr(hub, "RECHECK_S", 0.05)
    user = await somebody()
    grants[user.pk] = {audiences.county("63000")}
    socket = await open_socket(user)
    await socket.told_until("live")
    grants[user.pk] = set()
    assert await socket.closed() == 4403
    await socket.end()


async def test_following_another_route_changes_what_is_heard_without_a_break(
    grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RECHECK_S", 0.02)
    user, first, second = await somebody(), audiences.route(uuid4()), audiences.route(uuid4())
    grants[user.pk] = {first}
    socket = await open_socket(user)
    await socket.told_until("live")
    grants[user.pk] = {second}
    assert await socket.receive_nothing(timeout=0.3)
    await publish(subject=user, to=[first])
    position = await publish(subject=user, to=[second])
    assert (await socket.told())["position"] == position
    await socket.end()


async def test_signing_out_ends_the_socket(grants: Grants, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "RECHECK_S", 0.05)
    user = await somebody()
    socket = await open_socket(user)
    await socket.told_until("live")
    user.is_active = False
    await database_sync_to_async(user.save)()
    assert await socket.closed() == 4401
    await socket.end()


async def test_a_session_past_its_absolute_limit_opens_no_socket(settings: Settings) -> None:
    settings.SESSION_ABSOLUTE_S = timedelta(days=1).total_seconds()
    key = await session()

    def age() -> None:
        store = import_module(settings.SESSION_ENGINE).SessionStore(key)
        store["began_s"] = 0
        store.save()

    await database_sync_to_async(age)()
    socket = request_socket(session=key)
    assert await socket.connect()
    assert await socket.closed() == 4401
    await socket.end()


async def test_one_socket_too_many_takes_the_place_of_the_oldest(
    grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_SOCKETS", 2)
    user = await somebody()
    sockets = []
    for _ in range(2):
        sockets.append(await open_socket(user))
        await sockets[-1].told_until("live")
    newest = await open_socket(user)
    assert await sockets[0].closed() == 4409
    assert (await newest.told())["type"] == "live"
    for socket in (*sockets, newest):
        await socket.end()


async def test_a_broken_entitlement_ends_that_socket_and_stops_nobody_else(
    grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_for, other = await somebody(), await somebody()
    sockets = [await open_socket(one) for one in (broken_for, other)]
    for socket in sockets:
        await socket.told_until("live")

    def provide(user_id: UUID) -> frozenset[str]:
        if user_id == broken_for.pk:
            raise KeyError(user_id)
        return frozenset()

    monkeypatch.setattr(audiences, "_providers", {"broken": provide})
    position = await publish("membership.begun", subject=other)
    assert await sockets[0].closed() == 4401
    assert (await sockets[1].told())["position"] == position
    for socket in sockets:
        await socket.end()
