"""The bound on slow clients, with a real server and real connections between them."""

import asyncio
import base64
import json
import os
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
import websockets
from channels.routing import URLRouter

from backend.events import hub
from backend.events.hub import Hub
from backend.events.subscription import LONGEST_BACKLOG_BYTES
from backend.events.ws_urls import websocket_urlpatterns
from tests.events.test_slow_sockets import FOUR_KB, frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
HOST = "127.0.0.1"
FRAMES = 1_000


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server for event sockets whose hub is fed by hand."""
    monkeypatch.setattr(Hub, "_read_on", _nothing_new)
    config = uvicorn.Config(
        URLRouter(websocket_urlpatterns),
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        ws_ping_interval=None,
    )
    server = uvicorn.Server(config)
    listener = socket.create_server((HOST, 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = server.force_exit = True
    await serving


async def _nothing_new(_: Hub) -> bool:
    return False


def stop_reading(port: int) -> socket.socket:
    """A client that shakes hands and then never reads again."""
    stuck = socket.socket()
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stuck.connect((HOST, port))
    key = base64.b64encode(os.urandom(16)).decode()
    stuck.sendall(
        f"GET /ws/events?feed=public HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
        f"Origin: http://{HOST}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return stuck


async def test_one_client_that_stops_reading_costs_the_others_nothing(port: int) -> None:
    address = f"ws://{HOST}:{port}/ws/events?feed=public"
    readers = [
        await websockets.connect(address, origin=f"http://{HOST}:{port}", compression=None)
        for _ in range(5)
    ]
    while len(hub.of_this_loop()) < 5:
        await asyncio.sleep(0.01)
    reading = set(hub.of_this_loop()._subscriptions)
    stuck = stop_reading(port)
    while len(hub.of_this_loop()) < 6:
        await asyncio.sleep(0.01)
    [behind] = set(hub.of_this_loop()._subscriptions) - reading
    heard = [asyncio.create_task(_positions(reader)) for reader in readers]
    most = 0
    for position in range(1, FRAMES + 1):
        hub.of_this_loop().dispatch(frame(position, FOUR_KB))
        most = max(most, behind._backlog_bytes)
        await asyncio.sleep(0.0005)
    assert [await one for one in heard] == [list(range(1, FRAMES + 1))] * 5
    assert len(hub.of_this_loop()) == 5
    assert behind.lost
    assert 0 < most <= LONGEST_BACKLOG_BYTES
    for reader in readers:
        await reader.close()
    stuck.close()


async def _positions(reader: websockets.ClientConnection) -> list[int]:
    found: list[int] = []
    while len(found) < FRAMES:
        told = json.loads(await asyncio.wait_for(reader.recv(), 20))
        if "." in told["type"]:
            found.append(told["position"])
    return found
