"""What a socket is told: catching up, live, in a chain without gaps."""

from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from backend.accounts.models import User
from backend.events import audiences, hub, reading
from backend.events.models import RelayLease
from backend.events.relay import drain
from tests.builders.accounts import make_user
from tests.conftest import MORNING
from tests.events.happenings import happen
from tests.events.sockets import Socket, open_socket, publish

pytestmark = pytest.mark.django_db(transaction=True)
Grants = dict[UUID, set[str]]


async def somebody() -> User:
    return await database_sync_to_async(make_user)()


async def test_what_is_published_arrives_with_everything_that_a_reader_needs(
    grants: Grants,
) -> None:
    user = await somebody()
    socket = await open_socket(user)
    live = await socket.told()
    assert (live["type"], live["position"]) == ("live", 0)
    position = await publish(subject=user, mass_g=1200)
    frame = await socket.told()
    assert frame == {
        "epoch": live["epoch"],
        "position": position,
        "previous": 0,
        "type": "crate.opened",
        "subject": {"type": "user", "id": str(user.pk), "version": 1},
        "at": MORNING.isoformat(),
        "schema": 1,
        "data": {"mass_g": 1200},
        "changed": [],
    }
    await socket.end()


async def test_a_reader_who_was_away_gets_what_they_missed_and_then_what_comes(
    grants: Grants,
) -> None:
    user = await somebody()
    seen = await publish(subject=user)
    missed = [await publish(subject=user) for _ in range(3)]
    socket = await open_socket(user, after=seen)
    frames = await socket.told_until("live")
    assert [frame["type"] for frame in frames[:1]] == ["replay"]
    assert [(frame["previous"], frame["position"]) for frame in frames[1:-1]] == list(
        zip([seen, *missed], missed, strict=False)
    )
    later = await publish(subject=user)
    frame = await socket.told()
    assert (frame["previous"], frame["position"]) == (missed[-1], later)
    await socket.end()


async def test_previous_skips_what_a_reader_is_not_entitled_to(grants: Grants) -> None:
    user, organization = await somebody(), uuid4()
    grants[user.pk] = {audiences.organization(organization)}
    socket = await open_socket(user)
    await socket.told_until("live")
    own = [audiences.organization(organization)]
    first = await publish(subject=user, to=own)
    await publish(subject=user, to=[audiences.organization(uuid4())])
    second = await publish(subject=user, to=own)
    frames = [await socket.told(), await socket.told()]
    assert [(frame["previous"], frame["position"]) for frame in frames] == [
        (0, first),
        (first, second),
    ]
    await socket.end()


async def test_an_event_for_several_of_a_readers_audiences_arrives_once(grants: Grants) -> None:
    user = await somebody()
    grants[user.pk] = {audiences.county("63000"), audiences.board("main")}
    socket = await open_socket(user)
    await socket.told_until("live")
    await publish(subject=user, to=[audiences.county("63000"), audiences.board("main")])
    await socket.told()
    assert await socket.receive_nothing()
    await socket.end()


async def test_what_is_rolled_back_is_never_told(grants: Grants) -> None:
    user = await somebody()
    socket = await open_socket(user)
    await socket.told_until("live")

    def fail() -> None:
        with transaction.atomic():
            happen(subject=user)
            transaction.set_rollback(True)
        drain(now=MORNING)

    await database_sync_to_async(fail)()
    assert await socket.receive_nothing()
    position = await publish(subject=user)
    assert (await socket.told())["position"] == position == 1
    await socket.end()


async def test_a_push_whose_wake_up_was_lost_arrives_by_looking(
    grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await somebody()
    socket = await open_socket(user)
    await socket.told_until("live")
    monkeypatch.setattr(hub, "wake", lambda: None)
    position = await publish(subject=user)
    assert (await socket.told(timeout_s=3))["position"] == position
    await socket.end()


@pytest.mark.parametrize("gap", ["unknown_epoch", "future_position", "too_much"])
async def test_a_reader_who_cannot_be_caught_up_is_told_to_start_anew(
    grants: Grants, monkeypatch: pytest.MonkeyPatch, gap: str
) -> None:
    user = await somebody()
    for _ in range(3):
        last = await publish(subject=user)
    place = {
        "unknown_epoch": {"after": 1, "epoch": uuid4()},
        "future_position": {"after": 99},
        "too_much": {"after": 0},
    }[gap]
    monkeypatch.setattr(reading, "LONGEST_REPLAY", 2)
    socket = await open_socket(user, **place)
    frame = await socket.told()
    assert (frame["type"], frame["position"]) == ("reset", last)
    position = await publish(subject=user)
    frame = await socket.told()
    assert (frame["previous"], frame["position"]) == (last, position)
    await socket.end()


async def test_a_reader_who_sees_a_gap_asks_again_over_the_socket(grants: Grants) -> None:
    user = await somebody()
    first = await publish(subject=user)
    second = await publish(subject=user)
    socket = await open_socket(user)
    live = (await socket.told_until("live"))[-1]
    await socket.say({"after": first, "epoch": live["epoch"]})
    frames = await socket.told_until("live")
    assert [frame["position"] for frame in frames if "." in frame["type"]] == [second]
    await socket.end()


async def test_heartbeats_carry_the_present_position(
    grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "HEARTBEAT_S", 0.05)
    user = await somebody()
    position = await publish(subject=user)
    socket = await open_socket(user)
    beat = (await socket.told_until("heartbeat"))[-1]
    assert beat["position"] == position
    await socket.end()


async def test_a_restored_database_makes_all_readers_start_anew(grants: Grants) -> None:
    user = await somebody()
    await publish(subject=user)
    socket = await open_socket(user)
    before = (await socket.told_until("live"))[-1]
    await database_sync_to_async(RelayLease.objects.update)(epoch=uuid4())
    frame = (await socket.told_until("reset"))[-1]
    assert frame["epoch"] != before["epoch"]
    await socket.end()


async def test_nobody_misses_or_repeats_anything_while_joining_under_load(grants: Grants) -> None:
    """Sockets open while events pour in: each hears every position once, in order."""
    user = await somebody()
    sockets: list[Socket] = []
    for number in range(1, 31):
        assert await publish(subject=user) == number
        if number % 3 == 0:
            sockets.append(await open_socket(user, after=0))
    for socket in sockets:
        heard: list[int] = []
        while len(heard) < 30:
            frame = await socket.told()
            if "." in frame["type"]:
                assert frame["previous"] == (heard[-1] if heard else 0)
                heard.append(frame["position"])
        assert heard == list(range(1, 31))
    for socket in sockets:
        await socket.end()
    assert len(hub.of_this_loop()) == 0
