"""Functions that the process tests run in the child."""

import os
import sys
import threading
import time
from typing import Any

hoard: list[bytes] = []
may_warm_up = threading.Event()
warmed_up = threading.Event()
warm_thread: list[str] = []


def echo(request: Any, call: Any) -> Any:
    return request


def count(request: Any, call: Any) -> Any:
    """Tell each number, slowly enough for every frame to be sent."""
    for number in range(request):
        call.tell({"at": number})
        time.sleep(0.12)
    return request


def sleep(request: Any, call: Any) -> Any:
    call.tell({"begun": os.getpid()})
    time.sleep(request)
    return "awake"


def until_late(request: Any, call: Any) -> Any:
    call.tell({"begun": os.getpid()})
    while not call.is_late():
        time.sleep(0.01)
    return "in time"


def fail(request: Any, call: Any) -> Any:
    raise KeyError(request)


def crash(request: Any, call: Any) -> Any:
    os._exit(3)


def take_memory(request: Any, call: Any) -> Any:
    """Keep so many megabytes from now on."""
    hoard.append(bytes(1) * (request * 2**20))
    return len(hoard)


def chatter(request: Any, call: Any) -> Any:
    """What a library in C prints goes to the file descriptor, not to `sys.stdout`."""
    os.write(1, b"noise\n")
    print("more noise")
    sys.stdout.flush()
    return "heard"


def modules(request: Any, call: Any) -> Any:
    return sorted({name.partition(".")[0] for name in sys.modules})


def warm_up() -> None:
    """Is not done before a call says so: that call did not wait for it."""
    may_warm_up.wait(20)
    warm_thread.append(threading.current_thread().name)
    warmed_up.set()


def warm_up_in_vain() -> None:
    raise RuntimeError("no compiler")


def let_warm_up(request: Any, call: Any) -> Any:
    """Whether the warm-up was over before, and whether it came to its end after this call began."""
    before = warmed_up.is_set()
    may_warm_up.set()
    after = warmed_up.wait(20)
    return {"before": before, "after": after, "apart": warm_thread != ["MainThread"]}
