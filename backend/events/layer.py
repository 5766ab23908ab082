"""The channel layer between processes: it carries only "something new, up to N"."""

import asyncio
from collections.abc import Callable

import structlog
from channels.layers import BaseChannelLayer, InMemoryChannelLayer, get_channel_layer

log = structlog.get_logger(__name__)

GROUP = "events"
#: Memberships of groups lapse after a day in every layer, so they are renewed.
RENEW_S = 3600.0
RETRY_S = 1.0
#: A signal that takes longer is given up: the hubs also look every second by themselves.
SEND_WITHIN_S = 1.0


def between_processes() -> BaseChannelLayer | None:
    """The layer, unless there is none or it ends with this process."""
    layer = get_channel_layer()
    return None if isinstance(layer, InMemoryChannelLayer) else layer


async def listen(call: Callable[[], None]) -> None:
    """Calls whenever another process has published something; outlives failures of the layer."""
    layer = between_processes()
    while layer is not None:
        try:
            await _hear(layer, call)
        except TimeoutError:
            continue
        except Exception:
            log.warning("channel_layer_lost", exc_info=True)
            await asyncio.sleep(RETRY_S)


async def _hear(layer: BaseChannelLayer, call: Callable[[], None]) -> None:
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    async with asyncio.timeout(RENEW_S):
        while True:
            await layer.receive(channel)
            call()


class Announcer:
    """Signals the other processes from the relay's thread, on one loop that it keeps."""

    def __init__(self) -> None:
        self._layer = between_processes()
        self._runner = asyncio.Runner() if self._layer else None

    def announce(self, position: int) -> None:
        """Says that there is something new up to `position`; never fails and never waits long."""
        if self._runner is None:
            return
        try:
            self._runner.run(self._send(position))
        except Exception:
            log.warning("announcement_lost", position=position, exc_info=True)

    def close(self) -> None:
        if self._runner is not None:
            self._runner.close()

    async def _send(self, position: int) -> None:
        assert self._layer is not None, "only made with a layer"  # noqa: S101
        message = {"type": "events.new", "up_to": position}
        async with asyncio.timeout(SEND_WITHIN_S):
            await self._layer.group_send(GROUP, message)
