"""The child of `solver_process`: answers calls from stdin with JSON lines until stdin closes.

Started as a file of its own, so that nothing of the web application is imported: only the module
that a call names. It owns the only clock near the solvers.
"""

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import IO, Any

Json = Any
PROGRESS_EVERY_S = 0.1


class Call:
    """What a called function may use: tell progress, and ask whether to come to an end."""

    def __init__(self, out: IO[str], number: int, soft_s: float | None) -> None:
        self._out = out
        self._number = number
        self._late_at = None if soft_s is None else time.monotonic() + soft_s
        self._told_at = 0.0

    def tell(self, progress: Json) -> None:
        """Send progress to the caller, at most ten times a second."""
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY_S:
            self._told_at = now
            send(self._out, {"number": self._number, "progress": progress})

    def is_late(self) -> bool:
        """The soft limit is over: the function should return the best it has."""
        return self._late_at is not None and time.monotonic() >= self._late_at


def send(out: IO[str], frame: Json) -> None:
    out.write(json.dumps(frame, separators=(",", ":")) + "\n")
    out.flush()


def function_at(target: str) -> Callable[[Json, Call], Json]:
    """The function named `package.module:function`."""
    module, _, name = target.partition(":")
    function: Callable[[Json, Call], Json] = getattr(importlib.import_module(module), name)
    return function


def answer(out: IO[str], frame: Json) -> None:
    call = Call(out, frame["number"], frame["soft_s"])
    try:
        result = function_at(frame["target"])(frame["request"], call)
    except Exception as error:
        kind, text = type(error).__name__, str(error)
        send(out, {"number": frame["number"], "failed": {"kind": kind, "text": text}})
    else:
        send(out, {"number": frame["number"], "result": result})


def private_stdout() -> IO[str]:
    """Our own copy of stdout; what libraries print from here on goes to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def limit_memory(cap_bytes: int) -> None:
    if cap_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (cap_bytes, cap_bytes))


def main(cap_bytes: int, warm_targets: list[str]) -> None:
    out = private_stdout()
    limit_memory(cap_bytes)
    for target in warm_targets:
        function_at(target)
    send(out, {"ready": os.getpid()})
    for line in sys.stdin:
        answer(out, json.loads(line))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
