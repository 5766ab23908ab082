"""The doorman of /ws/events: lets a socket in, tells the hub of it, and hears what it may ask."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from backend.events import hub, principals, reading
from backend.events.handshake import (
    BadHandshake,
    Handshake,
    Place,
    read_handshake,
    read_place,
)
from backend.events.hub import SIGN_IN_AGAIN, Hub
from backend.events.off_loop import read
from backend.events.principals import PUBLIC, Principal
from backend.events.subscription import Subscription

UNSUPPORTED, TOO_BIG, SLOW_DOWN = 1003, 1009, 4429
LONGEST_MESSAGE = 2_048
MOST_MESSAGES, PER_S = 20, 10.0
TICKET_WITHIN_S = 5.0
#: A socket that does not even take its close frame for so long is cut off.
CLOSE_WITHIN_S = 5.0


class EventsConsumer(AsyncConsumer):
    """One socket. Clients say at most two things: a ticket at first, and from where to resume."""

    #: Sockets need no channel of their own: the hub writes to them.
    channel_layer_alias = ""

    def __init__(self) -> None:
        self._handshake: Handshake | None = None
        self._subscription: Subscription | None = None
        self._heard: deque[float] = deque(maxlen=MOST_MESSAGES)
        self._waiting: asyncio.Task[None] | None = None
        self._task: asyncio.Task[Any] | None = None
        self._hub: Hub | None = None
        self._closing = self._cut_off = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if not self._cut_off:
                raise
        finally:
            self._leave()

    async def dispatch(self, message: Mapping[str, Any]) -> None:
        """Passes a message of the server on; needs no database connection, unlike Channels' own."""
        if message["type"] == "websocket.connect":
            await self._connect()
        elif message["type"] == "websocket.disconnect":
            raise StopConsumer
        elif not self._closing:
            await self._receive(message)

    async def send_text(self, text: str) -> None:
        """One frame to the client; waits while the client's buffer is full."""
        await self.base_send({"type": "websocket.send", "text": text})

    def close_soon(self, code: int) -> None:
        """Says goodbye without keeping the caller; cuts off who does not take it."""
        if self._closing:
            return
        self._leave()
        self._closing = True
        self._waiting = asyncio.get_running_loop().create_task(self._close_or_cut_off(code))

    async def _connect(self) -> None:
        self._task = asyncio.current_task()
        try:
            self._handshake = read_handshake(self.scope)
        except BadHandshake:
            await self._close(SIGN_IN_AGAIN)
            raise StopConsumer from None
        await self.base_send({"type": "websocket.accept"})
        if self._handshake.by_ticket:
            self._waiting = asyncio.create_task(self._expect_ticket())
        else:
            await self._admit(await read(_admission, self._handshake))

    async def _receive(self, message: Mapping[str, Any]) -> None:
        code = self._refusal_of(message)
        if code:
            self.close_soon(code)
            return
        try:
            said = json.loads(message["text"])
            await self._hear(said if isinstance(said, dict) else {})
        except (ValueError, RecursionError, BadHandshake):
            self.close_soon(UNSUPPORTED)

    async def _hear(self, said: Mapping[str, Any]) -> None:
        if self._subscription is None and set(said) == {"ticket"}:
            await self._admit(await read(_admission, self._handshake, str(said["ticket"])))
        elif self._subscription is not None and "after" in said and set(said) <= {"after", "epoch"}:
            begin = await read(_start, self._subscription.audiences, read_place(said))
            if self._subscription is not None and self._hub is not None:
                self._hub.resume(self._subscription, begin)
        else:
            raise BadHandshake("message")

    async def _admit(self, admission: "Admission | None") -> None:
        """Lets the socket hear what it may hear; closes it when nobody is behind it."""
        self._stop_waiting()
        if admission is None:
            self.close_soon(SIGN_IN_AGAIN)
            return
        self._subscription = Subscription(self, admission.principal, admission.granted)
        self._hub = hub.of_this_loop()
        self._hub.join(self._subscription, admission.begin)

    def _refusal_of(self, message: Mapping[str, Any]) -> int:
        """The code with which this message ends the socket; 0 for one that may be read."""
        now_s = asyncio.get_running_loop().time()
        if len(self._heard) == MOST_MESSAGES and now_s - self._heard[0] < PER_S:
            return SLOW_DOWN
        self._heard.append(now_s)
        text = message.get("text")
        if text is None:
            return UNSUPPORTED
        return TOO_BIG if len(text) > LONGEST_MESSAGE else 0

    async def _expect_ticket(self) -> None:
        await asyncio.sleep(TICKET_WITHIN_S)
        self.close_soon(SIGN_IN_AGAIN)

    async def _close_or_cut_off(self, code: int) -> None:
        try:
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await self._close(code)
        except TimeoutError:
            if self._task is not None:
                self._cut_off = True
                self._task.cancel()

    async def _close(self, code: int) -> None:
        with suppress(OSError):
            await self.base_send({"type": "websocket.close", "code": code})

    def _leave(self) -> None:
        self._stop_waiting()
        if self._subscription is not None and self._hub is not None:
            self._hub.leave(self._subscription)
            self._subscription = None

    def _stop_waiting(self) -> None:
        if self._waiting is not None and self._waiting is not asyncio.current_task():
            self._waiting.cancel()
        self._waiting = None


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is behind a socket, what they may hear, and from where they go on."""

    principal: Principal
    granted: frozenset[str]
    begin: reading.Start


def _admission(handshake: Handshake | None, ticket: str = "") -> Admission | None:
    """Everything that the database says about a new socket, in one go; None for a stranger."""
    assert handshake is not None, "admitted after the handshake"  # noqa: S101
    principal = _principal_of(handshake, ticket)
    if principal is None:
        return None
    granted = principal.audiences_if_signed_in()
    return Admission(principal, granted, _start(granted, handshake.place))


def _principal_of(handshake: Handshake, ticket: str) -> Principal | None:
    if handshake.public:
        return PUBLIC
    if handshake.by_ticket:
        return principals.by_ticket(ticket)
    if handshake.authorization:
        return principals.by_token(handshake.authorization)
    return principals.by_session(handshake.session_key) if handshake.session_key else None


def _start(granted: frozenset[str], place: Place) -> reading.Start:
    return reading.start(granted, after=place.after, epoch=place.epoch)
