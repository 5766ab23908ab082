"""Opens event sockets in tests, without a server."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from django.conf import settings
from django.test import Client

from backend.accounts.models import ApiKey, User
from backend.events.relay import drain
from backend.events.ws_urls import websocket_urlpatterns
from tests.conftest import MORNING
from tests.events.happenings import happen

OWN = "http://testserver"


class Socket(ApplicationCommunicator):
    """One event socket; `told` gives the next frame."""

    async def connect(self) -> bool:
        """Asks for the socket; whether it was accepted."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(3)
        return bool(answer["type"] == "websocket.accept")

    async def say(self, said: object) -> None:
        """Sends a frame: text as it is, bytes as they are, anything else as JSON."""
        if isinstance(said, bytes):
            await self.send_input({"type": "websocket.receive", "bytes": said})
        else:
            text = said if isinstance(said, str) else json.dumps(said)
            await self.send_input({"type": "websocket.receive", "text": text})

    async def told(self, timeout_s: float = 3) -> dict[str, Any]:
        message = await self.receive_output(timeout_s)
        assert message["type"] == "websocket.send", message
        frame: dict[str, Any] = json.loads(message["text"])
        return frame

    async def told_until(self, kind: str) -> list[dict[str, Any]]:
        """All frames up to and with the first of that type."""
        frames = [await self.told()]
        while frames[-1]["type"] != kind:
            frames.append(await self.told())
        return frames

    async def closed(self, timeout_s: float = 3) -> int:
        """The code with which the server closes next, whatever it still says before."""
        while True:
            message = await self.receive_output(timeout_s)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def end(self) -> None:
        """The client goes away."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


def session_of(user: User) -> str:
    """The key of a session in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def key_of(user: User, **fields: Any) -> tuple[ApiKey, str]:
    """A machine's key and its token."""
    return ApiKey.objects.issue(user=user, life=timedelta(hours=1), **fields)


def request_socket(
    *, origin: str | None = OWN, session: str = "", token: str = "", **query: Any
) -> Socket:
    """A socket that has not connected yet."""
    headers = [(b"host", b"testserver")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if session:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()))
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    scope = {
        "type": "websocket",
        "path": "/ws/events",
        "query_string": urlencode(query).encode(),
        "headers": headers,
    }
    return Socket(URLRouter(websocket_urlpatterns), scope)


async def open_socket(user: User, **query: Any) -> Socket:
    """A connected socket of a signed-in person, up to where it is live."""
    session = await database_sync_to_async(session_of)(user)
    socket = request_socket(session=session, **query)
    assert await socket.connect()
    return socket


async def publish(type_: str = "crate.opened", **about: Any) -> int:
    """Something happens and is published; its position."""

    def work() -> int:
        event = happen(type_, **about)
        drain(now=MORNING)
        event.refresh_from_db()
        assert event.position is not None
        return event.position

    return await database_sync_to_async(work)()
