"""A socket that does not keep up: bounded, closed, and nobody else's problem."""

import asyncio
import json
from uuid import uuid4

import pytest

from backend.events import hub
from backend.events.frames import Frame
from backend.events.hub import Hub
from backend.events.principals import PUBLIC
from backend.events.reading import LogEnd, Start
from backend.events.subscription import LONGEST_BACKLOG_BYTES, Subscription

EPOCH = uuid4()
FOUR_KB = 4_000


class Line:
    """A socket whose client reads while `flows` is set, like a server's write buffer."""

    def __init__(self) -> None:
        self.flows = asyncio.Event()
        self.flows.set()
        self.heard: list[dict[str, object]] = []
        self.code = 0

    async def send_text(self, text: str) -> None:
        await self.flows.wait()
        if self.code:
            raise OSError("closed")
        self.heard.append(json.loads(text))

    def close_soon(self, code: int) -> None:
        self.code = code

    @property
    def positions(self) -> list[object]:
        return [frame["position"] for frame in self.heard if "." in str(frame["type"])]


def frame(position: int, size: int = 10) -> Frame:
    content = f'"type":"crate.opened","data":"{"x" * size}"}}'
    return Frame(EPOCH, position, "crate.opened", frozenset({"public"}), content)


@pytest.fixture
async def served(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub that is fed by hand."""
    monkeypatch.setattr(Hub, "_serve", lambda _: None)
    monkeypatch.setattr(hub, "read", _nothing)
    return Hub()


async def _nothing(*_: object, **__: object) -> list[Frame]:
    return []


async def join(served: Hub) -> Line:
    line = Line()
    start = Start(LogEnd(EPOCH, 0), after=0, previous=0)
    served.join(Subscription(line, PUBLIC, frozenset({"public"})), start)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return line


async def test_one_who_stops_reading_is_closed_at_the_bound_and_holds_up_nobody(
    served: Hub,
) -> None:
    slow, fast = await join(served), await join(served)
    slow.flows.clear()
    enough = LONGEST_BACKLOG_BYTES // FOUR_KB + 2
    for position in range(1, enough + 1):
        served.dispatch(frame(position, FOUR_KB))
    assert fast.positions == list(range(1, enough + 1))
    assert slow.code == 4408
    assert len(served) == 1
    served.dispatch(frame(enough + 1))
    assert fast.positions[-1] == enough + 1


async def test_one_who_was_behind_gets_everything_in_order_and_is_direct_again(
    served: Hub,
) -> None:
    line = await join(served)
    line.flows.clear()
    for position in range(1, 21):
        served.dispatch(frame(position))
    assert line.positions == []
    line.flows.set()
    await asyncio.sleep(0.01)
    served.dispatch(frame(21))
    assert line.positions == list(range(1, 22))
    told = [one for one in line.heard if "previous" in one]
    assert [one["previous"] for one in told] == list(range(21))


async def test_a_client_that_vanished_does_not_stop_the_others(served: Hub) -> None:
    gone, there = await join(served), await join(served)
    gone.code = 1006
    served.dispatch(frame(1))
    served.dispatch(frame(2))
    assert there.positions == [1, 2]


async def test_one_who_stalls_forever_costs_a_bounded_backlog(served: Hub) -> None:
    line = await join(served)
    line.flows.clear()
    subscription = next(iter(served._subscriptions))
    position = 0
    while not line.code:
        position += 1
        served.dispatch(frame(position, FOUR_KB))
        assert subscription._backlog_bytes <= LONGEST_BACKLOG_BYTES + FOUR_KB + 100
    assert subscription._backlog_bytes == 0
    assert not subscription._backlog
