"""Fans events out to this process's sockets: reads each once, writes it to all who may hear it."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

import structlog

from backend.events import audiences, layer, reading
from backend.events.frames import Frame, control
from backend.events.off_loop import read
from backend.events.principals import Principal, audiences_of
from backend.events.reading import LogEnd, Start
from backend.events.subscription import Subscription, TooSlow

log = structlog.get_logger(__name__)

#: How often the log is looked at without having been called.
POLL_S = 1.0
HEARTBEAT_S = 25.0
#: How often everybody's entitlements are looked up again; a withdrawn role ends within 5 s.
RECHECK_S = 3.0
#: Sockets looked at in one such round, and people asked about in one reading.
MOST_CHECKED, CHECKED_AT_ONCE = 1_000, 50
#: Open sockets of one person; a further one takes the place of the oldest.
MOST_SOCKETS = 20

SIGN_IN_AGAIN, NO_LONGER_ALLOWED, TOO_SLOW, TOOK_OVER = 4401, 4403, 4408, 4409


class Hub:
    """The sockets of one event loop, and the tasks that serve them while there are any."""

    def __init__(self) -> None:
        self._subscriptions: dict[Subscription, None] = {}
        self._by_audience: dict[str, dict[Subscription, None]] = defaultdict(dict)
        self._end: LogEnd | None = None
        self._called = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def call(self) -> None:
        """Says that there is something new; only on the hub's own loop (see `wake`)."""
        self._called.set()

    def __len__(self) -> int:
        return len(self._subscriptions)

    def join(self, subscription: Subscription, begin: Start) -> None:
        """Lets a socket hear everything after `begin`: a replay if need be, then live."""
        self._make_room(subscription.principal.user_id)
        self._end = self._end or begin.end
        self._add(subscription)
        self._send_from(subscription, begin)
        self._serve()

    def resume(self, subscription: Subscription, begin: Start) -> None:
        """Sends a socket that noticed a gap everything after `begin` again."""
        subscription.forget()
        self._send_from(subscription, begin)

    def leave(self, subscription: Subscription) -> None:
        """Forgets a socket; the last one to leave stops the hub's tasks."""
        subscription.stop()
        if subscription in self._subscriptions:
            del self._subscriptions[subscription]
            self._unlist(subscription)
            if not self._subscriptions:
                self._rest()

    # What sockets are sent

    def _send_from(self, subscription: Subscription, begin: Start) -> None:
        """Replays up to where the hub is now; what comes meanwhile waits in the backlog."""
        assert self._end is not None, "the hub knows the end before it has sockets"  # noqa: S101
        until = LogEnd(self._end.epoch, max(self._end.position, begin.after))
        subscription.position, subscription.previous = until.position, begin.previous
        subscription.follow(lambda: _replay(subscription, begin, until))

    def dispatch(self, frame: Frame) -> None:
        """Offers one frame to all who may hear it."""
        assert self._end is not None  # noqa: S101
        self._end = LogEnd(self._end.epoch, frame.position)
        for subscription in self._listeners(frame.audiences):
            try:
                subscription.offer(frame)
            except TooSlow:
                self._close(subscription, TOO_SLOW)

    def pass_on(self, names: Iterable[str], text: str) -> None:
        """Tells all who hear any of these audiences something that no log holds."""
        for subscription in self._listeners(names):
            subscription.tell(text)

    def _listeners(self, names: Iterable[str]) -> Collection[Subscription]:
        found = [self._by_audience[name] for name in names if name in self._by_audience]
        if len(found) == 1:
            return list(found[0])
        return list(dict.fromkeys(one for listed in found for one in listed))

    def _tell_all(self, kind: str) -> None:
        assert self._end is not None  # noqa: S101
        text = control(kind, epoch=self._end.epoch, position=self._end.position)
        for subscription in list(self._subscriptions):
            subscription.tell(text)

    # The hub's own tasks

    def _serve(self) -> None:
        if self._tasks:
            return
        loop = asyncio.get_running_loop()
        _register(loop, self)
        work = (self._listen(), self._watch(), self._beat(), layer.listen(self.call, self.pass_on))
        self._tasks = [loop.create_task(each) for each in work]

    def _rest(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks, self._end = [], None
        _unregister(asyncio.get_running_loop())

    async def _listen(self) -> None:
        while True:
            try:
                while await self._read_on():
                    pass
            except Exception:
                log.exception("hub_cannot_read")
                await asyncio.sleep(POLL_S)
            try:
                await asyncio.wait_for(self._called.wait(), POLL_S)
            except TimeoutError:
                continue
            finally:
                self._called.clear()

    async def _read_on(self) -> bool:
        """Reads and dispatches the next frames; whether there may be more."""
        assert self._end is not None  # noqa: S101
        end, frames = await read(reading.everything_after, self._end.position)
        if end.epoch != self._end.epoch or end.position < self._end.position:
            self._end = end
            self._restart_all()
        for frame in frames:
            if frame.type.partition(".")[0] in audiences.ROLE_SUBJECTS:
                await self._check(self._listeners(frame.audiences))
            self.dispatch(frame)
            await asyncio.sleep(0)
        return bool(frames)

    def _restart_all(self) -> None:
        """Another log has taken the place of ours (a restored database): positions start anew."""
        assert self._end is not None  # noqa: S101
        self._tell_all("reset")
        for subscription in self._subscriptions:
            subscription.position = subscription.previous = self._end.position

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            self._tell_all("heartbeat")

    # Who may still hear what

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_S)
            try:
                await self._check(self._next_to_check())
            except Exception:
                log.exception("hub_cannot_check_entitlements")

    def _next_to_check(self) -> Collection[Subscription]:
        """Everybody; among very many, those whose turn it is.

        What an action changes is heard of at once by its event; this finds what came without one.
        """
        waiting = list(self._subscriptions)
        if len(waiting) <= MOST_CHECKED:
            return waiting
        turn = waiting[:MOST_CHECKED]
        for subscription in turn:
            self._subscriptions[subscription] = self._subscriptions.pop(subscription)
        return turn

    async def _check(self, subscriptions: Collection[Subscription]) -> None:
        """Looks up what these sockets may hear now; closes those that lost a role."""
        asked = list(dict.fromkeys(one.principal for one in subscriptions))
        granted: dict[Principal, frozenset[str] | None] = {}
        for begin in range(0, len(asked), CHECKED_AT_ONCE):
            granted |= await read(audiences_of, asked[begin : begin + CHECKED_AT_ONCE])
        for subscription in subscriptions:
            if subscription in self._subscriptions:
                self._apply(subscription, granted[subscription.principal])

    def _apply(self, subscription: Subscription, granted: frozenset[str] | None) -> None:
        if granted is None:
            self._close(subscription, SIGN_IN_AGAIN)
        elif audiences.roles(subscription.audiences) - granted:
            self._close(subscription, NO_LONGER_ALLOWED)
        elif granted != subscription.audiences:
            self._unlist(subscription)
            subscription.audiences = granted
            self._add(subscription)

    def _make_room(self, user_id: UUID | None) -> None:
        if user_id is None:
            return
        own = [one for one in self._subscriptions if one.principal.user_id == user_id]
        for oldest in own[: max(0, len(own) - MOST_SOCKETS + 1)]:
            self._close(oldest, TOOK_OVER)

    def _close(self, subscription: Subscription, code: int) -> None:
        self.leave(subscription)
        subscription.socket.close_soon(code)

    def _add(self, subscription: Subscription) -> None:
        self._subscriptions[subscription] = None
        for name in subscription.audiences:
            self._by_audience[name][subscription] = None

    def _unlist(self, subscription: Subscription) -> None:
        for name in subscription.audiences:
            listed = self._by_audience[name]
            listed.pop(subscription, None)
            if not listed:
                del self._by_audience[name]


async def _replay(subscription: Subscription, begin: Start, until: LogEnd) -> None:
    """Sends all of (begin.after, until], between a frame that says so and one that ends it."""
    if not begin.recoverable:
        await subscription.send(control("reset", epoch=until.epoch, position=until.position))
        return
    if begin.after < until.position:
        first = control("replay", epoch=until.epoch, position=begin.after, until=until.position)
        await subscription.send(first)
    after = begin.after
    while frames := await read(
        reading.entitled_after, subscription.audiences, after=after, end=until
    ):
        for frame in frames:
            await subscription.send(frame.text(subscription.previous))
            subscription.previous = after = frame.position
    await subscription.send(control("live", epoch=until.epoch, position=until.position))


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}
_guard = threading.Lock()


def of_this_loop() -> Hub:
    """The hub of the running loop. Join it at once: a hub without sockets is forgotten."""
    with _guard:
        return _hubs.get(asyncio.get_running_loop()) or Hub()


def wake() -> None:
    """Calls the hubs of this process from any thread, on the loops that they live on.

    Scheduling on the server's own loop is what makes a push fast and certain: a loop made for the
    occasion was 10 to 60 times slower, and lost messages under one server.
    """
    _on_their_loops(lambda hub: hub.call())


def pass_on(names: Iterable[str], text: str) -> None:
    """Tells the sockets of this process, from any thread."""
    heard_by = frozenset(names)
    _on_their_loops(lambda hub: hub.pass_on(heard_by, text))


def _on_their_loops(act: Callable[[Hub], None]) -> None:
    with _guard:
        hubs = list(_hubs.items())
    for loop, hub in hubs:
        try:
            loop.call_soon_threadsafe(act, hub)
        except RuntimeError:
            _unregister(loop)


def _register(loop: asyncio.AbstractEventLoop, hub: Hub) -> None:
    with _guard:
        _hubs[loop] = hub


def _unregister(loop: asyncio.AbstractEventLoop) -> None:
    with _guard:
        _hubs.pop(loop, None)
