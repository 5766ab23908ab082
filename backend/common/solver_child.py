"""The child of `solver_process`: answers calls from stdin with JSON lines until stdin closes.

Started as a file of its own, so that nothing of the web application is imported: only the module
that a call names. It owns the only clock near the solvers.
"""

import importlib
import json
import os
import queue
import resource
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import IO, Any

Json = Any
PROGRESS_EVERY_S = 0.1
#: How a frame begins that asks the running call to come to an end.
FINISH = '{"finish":'


class Call:
    """What a called function may use: tell progress, and ask whether to come to an end."""

    def __init__(self, out: IO[str], soft_s: float | None, finishes: Callable[[], bool]) -> None:
        self._out = out
        self._finishes = finishes
        self._late_at = None if soft_s is None else time.monotonic() + soft_s
        self._told_at = 0.0

    def tell(self, progress: Json) -> None:
        """Send progress to the caller, at most ten times a second."""
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY_S:
            self._told_at = now
            send(self._out, {"progress": progress})

    def is_late(self) -> bool:
        """The soft limit is over, or the caller wants no more: return the best there is."""
        over = self._late_at is not None and time.monotonic() >= self._late_at
        return over or self._finishes()


class Inbox:
    """What the caller writes, read by a thread, so that it can end a call that is running."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._calls: queue.SimpleQueue[str | MemoryError | None] = queue.SimpleQueue()
        self._finished = 0
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def calls(self) -> Iterator[str]:
        """Calls in their order, until the caller has gone; MemoryError for one too large to read.

        They come unread, so that only the thread that answers needs memory for them.
        """
        while (line := self._calls.get()) is not None:
            if isinstance(line, MemoryError):
                raise line
            yield line

    def finishes(self, number: int) -> bool:
        """Whether the caller asked this call to come to an end."""
        return self._finished == number

    def _read(self, lines: Iterable[str]) -> None:
        try:
            for line in lines:
                if line.startswith(FINISH):
                    self._finished = json.loads(line)["finish"]
                else:
                    self._calls.put(line)
            self._calls.put(None)
        except MemoryError as error:
            self._calls.put(error)


def send(out: IO[str], frame: Json) -> None:
    out.write(json.dumps(frame, separators=(",", ":")) + "\n")
    out.flush()


def send_failure(out: IO[str], error: Exception) -> None:
    send(out, {"failed": {"kind": type(error).__name__, "text": str(error)}})


def function_at(target: str) -> Callable[..., Json]:
    """The function named `package.module:function`."""
    module, _, name = target.partition(":")
    function: Callable[..., Json] = getattr(importlib.import_module(module), name)
    return function


def answer(out: IO[str], line: str, finishes: Callable[[int], bool]) -> None:
    try:
        frame = json.loads(line)
        call = Call(out, frame["soft_s"], partial(finishes, frame["number"]))
        send(out, {"result": function_at(frame["target"])(frame["request"], call)})
    except Exception as error:
        send_failure(out, error)


def private_stdout() -> IO[str]:
    """Our own copy of stdout; what libraries print from here on goes to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def limit_memory(cap_bytes: int) -> None:
    if cap_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (cap_bytes, cap_bytes))


def warm_up(functions: Sequence[Callable[[], object]]) -> None:
    """Call what compiles or loads; calls do not wait for it, and live without what fails."""
    for function in functions:
        try:
            function()
        except Exception:
            traceback.print_exc()


def main(cap_bytes: int, warm: Sequence[str], warm_up_by: Sequence[str]) -> None:
    out = private_stdout()
    limit_memory(cap_bytes)
    for target in warm:
        function_at(target)
    functions = [function_at(target) for target in warm_up_by]
    send(out, {"ready": os.getpid()})
    threading.Thread(target=warm_up, args=(functions,), daemon=True).start()
    inbox = Inbox(sys.stdin)
    try:
        for line in inbox.calls():
            answer(out, line, inbox.finishes)
    except MemoryError as error:
        send_failure(out, error)


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
