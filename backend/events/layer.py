"""The channel layer between processes: "something new, up to N", and what is said in passing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from channels.layers import BaseChannelLayer, InMemoryChannelLayer, get_channel_layer

log = structlog.get_logger(__name__)

GROUP = "events"
#: Memberships of groups lapse after a day in every layer, so they are renewed.
RENEW_S = 3600.0
RETRY_S = 1.0
#: A signal that takes longer is given up: the hubs also look every second by themselves.
SEND_WITHIN_S = 1.0
NEW, PASSING = "events.new", "events.passing"

PassOn = Callable[[Sequence[str], str], None]


def between_processes() -> BaseChannelLayer | None:
    """The layer, unless there is none or it ends with this process."""
    layer = get_channel_layer()
    return None if isinstance(layer, InMemoryChannelLayer) else layer


async def listen(call: Callable[[], None], pass_on: PassOn) -> None:
    """Calls whenever another process has published something, and passes on what is said to
    audiences; outlives failures of the layer.
    """
    layer = between_processes()
    while layer is not None:
        try:
            await _hear(layer, call, pass_on)
        except TimeoutError:
            continue
        except Exception:
            log.warning("channel_layer_lost", exc_info=True)
            await asyncio.sleep(RETRY_S)


async def _hear(layer: BaseChannelLayer, call: Callable[[], None], pass_on: PassOn) -> None:
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    async with asyncio.timeout(RENEW_S):
        while True:
            message = await layer.receive(channel)
            if message["type"] == PASSING:
                pass_on(message["audiences"], message["text"])
            else:
                call()


class Announcer:
    """Signals the other processes from one thread, on one loop that it keeps."""

    def __init__(self) -> None:
        self._layer = between_processes()
        self._runner = asyncio.Runner() if self._layer else None

    def announce(self, position: int) -> None:
        """Says that there is something new up to `position`; never fails and never waits long."""
        self._say({"type": NEW, "up_to": position})

    def pass_on(self, audiences: Sequence[str], text: str) -> bool:
        """Says something to the audiences of all processes; False where there is only this one."""
        self._say({"type": PASSING, "audiences": list(audiences), "text": text})
        return self._runner is not None

    def close(self) -> None:
        if self._runner is not None:
            self._runner.close()

    def _say(self, message: Mapping[str, Any]) -> None:
        if self._runner is None:
            return
        try:
            self._runner.run(self._send(dict(message)))
        except Exception:
            log.warning("announcement_lost", kind=message["type"], exc_info=True)

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._layer is not None, "only made with a layer"  # noqa: S101
        async with asyncio.timeout(SEND_WITHIN_S):
            await self._layer.group_send(GROUP, message)
