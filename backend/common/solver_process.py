"""A warm process for long calculations, so that they never run in the web process or a worker.

Some libraries hold the interpreter's lock for a whole solve. Here a child process imports them
once and answers calls as JSON lines; it is replaced after a number of calls, when it has grown too
large, when it dies, and when a call is cancelled or runs out of time. Who calls may watch: it is
asked while the call runs whether to go on, to finish with what there is, or to give up.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from backend.common.solver_pipe import (
    POLL_S,
    Child,
    Control,
    Json,
    OnProgress,
    Order,
    SolverCancelled,
    SolverDied,
    SolverError,
    SolverFailed,
    SolverOutOfMemory,
    SolverTimedOut,
    Watch,
)

__all__ = [
    "OnProgress",
    "Order",
    "SolverCancelled",
    "SolverDied",
    "SolverError",
    "SolverFailed",
    "SolverOutOfMemory",
    "SolverProcess",
    "SolverTimedOut",
    "Watch",
]

MEBIBYTE: Final = 2**20


class SolverProcess:
    """One warm child, used by any number of threads, one call at a time.

    A call names its function as `package.module:function`; that takes `(request, call)`, both the
    request and its result JSON values, and may use `call.tell(progress)` and `call.is_late()`.
    The child imports `warm` targets as it starts, and then calls the functions named by `warm_up`,
    without arguments and in a thread of its own, beside the first calls. After a fork each process
    gets its own child.
    """

    def __init__(
        self,
        *,
        warm: Sequence[str] = (),
        warm_up: Sequence[str] = (),
        recycle_after: int = 200,
        recycle_above_mib: int = 800,
        memory_cap_mib: int = 4096,
    ) -> None:
        self._child_is = {
            "cap_bytes": memory_cap_mib * MEBIBYTE,
            "warm": list(warm),
            "warm_up_by": list(warm_up),
        }
        self._recycle_after = recycle_after
        self._recycle_above = recycle_above_mib * MEBIBYTE
        self._turn = threading.Lock()
        self._cancelled = threading.Event()
        self._child: Child | None = None

    def call(
        self,
        target: str,
        request: Json,
        *,
        wall_s: float,
        soft_s: float | None = None,
        on_progress: OnProgress | None = None,
        watch: Watch | None = None,
    ) -> Json:
        """Run a function in the child and return its result.

        After `soft_s`, or when `watch` says FINISH, the function is asked to end with what it has;
        after `wall_s` its process is killed. Waiting for another thread's call counts towards
        neither. On CANCEL it raises `SolverCancelled`.
        """
        with self._my_turn(watch):
            self._cancelled.clear()
            child = self._ready_child()
            control = Control(self._cancelled, watch)
            try:
                child.await_ready(control)
                control.deadline = time.monotonic() + wall_s
                return child.answer(
                    {"target": target, "request": request, "soft_s": soft_s},
                    control=control,
                    on_progress=on_progress,
                )
            except SolverFailed:
                raise
            except BaseException:
                self._drop()
                raise

    def cancel(self) -> None:
        """End the call that is running now, if any; it raises `SolverCancelled`."""
        self._cancelled.set()

    def start(self) -> None:
        """Start the child now rather than with the first call."""
        with self._turn:
            self._ready_child()

    def close(self) -> None:
        """End the child; a later call starts a new one."""
        with self._turn:
            self._drop()

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._child.pid if self._child else None

    @contextmanager
    def _my_turn(self, watch: Watch | None) -> Iterator[None]:
        """Wait for the calls of other threads; who watches may give up meanwhile."""
        while not self._turn.acquire(timeout=-1 if watch is None else POLL_S):
            if watch is not None and watch() is Order.CANCEL:
                raise SolverCancelled("the call was cancelled before its turn")
        try:
            yield
        finally:
            self._turn.release()

    def _ready_child(self) -> Child:
        child = self._child
        if child is not None and child.owner != os.getpid():
            child = self._child = None
        if child is not None and self._is_spent(child):
            self._drop()
            child = None
        if child is None:
            child = self._child = Child(self._child_is)
        return child

    def _is_spent(self, child: Child) -> bool:
        worn = child.calls >= self._recycle_after or child.resident_bytes() > self._recycle_above
        return worn or not child.is_alive()

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None
