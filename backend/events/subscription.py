"""One socket as the hub sees it: what it may hear, how far it is, and what waits for it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any, Protocol

from backend.events.frames import Frame
from backend.events.principals import Principal

#: Bytes that may wait for a socket that is behind; beyond it the socket is closed as too slow.
LONGEST_BACKLOG_BYTES = 256 * 1024


class Transmitter(Protocol):
    """What a socket offers the hub."""

    def send_text(self, text: str) -> Coroutine[Any, Any, None]: ...

    def close_soon(self, code: int) -> None: ...


class TooSlow(Exception):
    """More waits for the socket than may."""


@dataclass(eq=False, slots=True)
class Subscription:
    """A socket's place in the stream.

    `position` is the last position that was considered for it, `previous` the last that it was
    sent or, at its start, entitled to. While `pump` is set the socket is behind: frames wait in the
    backlog, from which the pump sends them in order. `lost` once it takes nothing any more.
    """

    socket: Transmitter
    principal: Principal
    audiences: frozenset[str]
    position: int = 0
    previous: int = 0
    pump: "asyncio.Task[None] | None" = None
    lost: bool = False
    _backlog: deque[Frame] = field(default_factory=deque)
    _backlog_bytes: int = 0

    def offer(self, frame: Frame) -> None:
        """Sends the frame now if the socket takes it, else keeps it; TooSlow at the bound."""
        if self.lost or frame.position <= self.position:
            return
        self.position = frame.position
        if self.pump is not None:
            self._keep(frame, len(frame.tail))
            return
        text = frame.text(self.previous)
        self.previous = frame.position
        self._write(text)

    def tell(self, text: str) -> None:
        """Sends a frame about the stream in its turn; drops it when the socket is behind."""
        if self.pump is None and not self.lost:
            self._write(text)

    def follow(self, first: Callable[[], Awaitable[None]]) -> None:
        """Lets `first` (a replay, or a blocked write) finish before anything else is sent."""
        self.pump = asyncio.get_running_loop().create_task(self._catch_up(first))

    def stop(self) -> None:
        """Sends nothing more and drops what waits."""
        self.lost = True
        self.forget()

    def forget(self) -> None:
        """Drops what waits, so that sending can begin anew."""
        if self.pump is not None:
            self.pump.cancel()
            self.pump = None
        self._backlog.clear()
        self._backlog_bytes = 0

    async def send(self, text: str) -> None:
        """Sends and waits until the socket took it: for the replay."""
        await self.socket.send_text(text)

    def _keep(self, frame: Frame, size: int) -> None:
        self._backlog_bytes += size
        if self._backlog_bytes > LONGEST_BACKLOG_BYTES:
            raise TooSlow
        self._backlog.append(frame)

    def _write(self, text: str) -> None:
        writing = self.socket.send_text(text)
        try:
            blocked_on = writing.send(None)
        except StopIteration:
            return
        except OSError:
            self.lost = True
            return
        self.follow(lambda: _Rest(writing, blocked_on))

    async def _catch_up(self, first: Callable[[], Awaitable[None]]) -> None:
        try:
            await first()
            while self._backlog:
                frame = self._backlog.popleft()
                self._backlog_bytes -= len(frame.tail)
                text = frame.text(self.previous)
                self.previous = frame.position
                await self.socket.send_text(text)
        except OSError:
            self.lost = True
        self.pump = None


class _Rest:
    """The rest of a coroutine that was begun by hand and is blocked on a future."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], blocked_on: Any) -> None:
        self._coroutine = coroutine
        self._blocked_on = blocked_on

    def __await__(self) -> Generator[Any, None, None]:
        yield self._blocked_on
        yield from self._coroutine.__await__()
