"""The caller's end of a solver child: its process, the frames on its pipes, what ends a call."""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import IO, Any, Final


class Order(Enum):
    """What becomes of a running call."""

    GO_ON = "go_on"
    FINISH = "finish"
    CANCEL = "cancel"


Json = Any
OnProgress = Callable[[Json], None]
Watch = Callable[[], Order]
"""Asked by the caller's own thread, some twenty times a second, also while it waits its turn."""

ROOT: Final = Path(__file__).resolve().parents[2]
CHILD: Final = Path(__file__).with_name("solver_child.py")
CHILD_ENVIRONMENT: Final = {
    "PYTHONPATH": str(ROOT),
    "OMP_NUM_THREADS": "1",
    # Each further thread would reserve address space of its own, which the memory cap counts.
    "MALLOC_ARENA_MAX": "2",
}
POLL_S: Final = 0.05
CHUNK: Final = 2**16
START_UP_S: Final = 60.0
FINISH_WITHIN_S: Final = 10.0
"""A function that was asked to finish and has not done so after this is killed."""


class SolverError(RuntimeError):
    """No result: see the subclasses. The process is usable again at once."""


class SolverTimedOut(SolverError):
    """The call reached its wall clock and its process was killed."""


class SolverDied(SolverError):
    """The process ended in the middle of the call, for example out of memory."""


class SolverOutOfMemory(SolverDied):
    """The call asked for more than the memory cap of its process."""


class SolverCancelled(SolverError):
    """`cancel`, or whoever watched the call, ended it."""


class SolverFailed(SolverError):
    """The called function raised; `kind` is the name of its exception."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text
        super().__init__(f"{kind}: {text}")


class Control:
    """What ends a call: its deadline, `cancel`, and whoever watches it."""

    def __init__(self, cancelled: threading.Event, watch: Watch | None) -> None:
        self.deadline = time.monotonic() + START_UP_S
        self.finishes = False
        self._cancelled = cancelled
        self._watch = watch

    def hear(self) -> None:
        """Ask everything once; raises SolverCancelled or SolverTimedOut."""
        if self._cancelled.is_set():
            raise SolverCancelled("the call was cancelled")
        if time.monotonic() >= self.deadline:
            raise SolverTimedOut("the call reached its wall clock")
        order = Order.GO_ON if self._watch is None else self._watch()
        if order is Order.CANCEL:
            raise SolverCancelled("whoever watches the call gave it up")
        self.finishes |= order is Order.FINISH


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """Kill the process, unless this is a fork of its owner, and let go of its pipes."""
    if owner == os.getpid():
        process.kill()
        process.wait()
    _pipe(process.stdin).close()
    _pipe(process.stdout).close()


class Child:
    """The process and its pipes; used by one thread at a time."""

    def __init__(self, child_is: Mapping[str, Json]) -> None:
        self.owner = os.getpid()
        self.calls = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-P", str(CHILD), json.dumps(child_is)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **CHILD_ENVIRONMENT},
        )
        # Also when the interpreter ends, so that a child never outlives who asks it.
        self.kill = weakref.finalize(self, _end, self._process, self.owner)
        self._unread = b""
        self._unsent = b""
        self._is_ready = False
        for pipe in (self._stdin, self._stdout):
            os.set_blocking(pipe.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def _stdin(self) -> IO[bytes]:
        return _pipe(self._process.stdin)

    @property
    def _stdout(self) -> IO[bytes]:
        return _pipe(self._process.stdout)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def resident_bytes(self) -> int:
        """Memory in use; 0 where the system does not tell or the process is gone."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def await_ready(self, control: Control) -> None:
        """Wait until the child has imported what it needs."""
        if not self._is_ready:
            self._is_ready = any("ready" in frame for frame in self._frames(control))

    def answer(
        self,
        frame: Mapping[str, Json],
        *,
        control: Control,
        on_progress: OnProgress | None,
    ) -> Json:
        """Send one call and read until its result; progress goes to `on_progress`."""
        self.calls += 1
        self._say({**frame, "number": self.calls})
        for reply in self._frames(control, finish={"finish": self.calls}):
            if "progress" not in reply:
                return _result(reply)
            if on_progress is not None:
                on_progress(reply["progress"])
        raise SolverDied("no answer")

    def _say(self, frame: Mapping[str, Json]) -> None:
        self._unsent += json.dumps(frame).encode() + b"\n"

    def _frames(
        self, control: Control, *, finish: Mapping[str, Json] | None = None
    ) -> Iterator[Json]:
        """Frames as they arrive, sending what is unsent; neither pipe can block the other.

        `finish` is sent when the call must come to an end.
        """
        with selectors.DefaultSelector() as pipes:
            pipes.register(self._stdout, selectors.EVENT_READ)
            while True:
                control.hear()
                if finish is not None and control.finishes:
                    control.deadline = min(control.deadline, time.monotonic() + FINISH_WITHIN_S)
                    self._say(finish)
                    finish = None
                self._listen_to_stdin(pipes)
                for key, _ in pipes.select(POLL_S):
                    if key.fileobj is self._stdout:
                        yield from self._read()
                    else:
                        self._send_some()

    def _listen_to_stdin(self, pipes: selectors.BaseSelector) -> None:
        """Look for room in stdin just while something is unsent."""
        listens = self._stdin in pipes.get_map()
        if self._unsent and not listens:
            pipes.register(self._stdin, selectors.EVENT_WRITE)
        elif listens and not self._unsent:
            pipes.unregister(self._stdin)

    def _send_some(self) -> None:
        """Write what the pipe takes now."""
        try:
            sent = os.write(self._stdin.fileno(), self._unsent[:CHUNK])
        except BrokenPipeError as error:
            raise SolverDied("the process has ended") from error
        self._unsent = self._unsent[sent:]

    def _read(self) -> list[Json]:
        chunk = os.read(self._stdout.fileno(), CHUNK)
        if not chunk:
            raise SolverDied(f"the process ended with {self._process.wait()}")
        *lines, self._unread = (self._unread + chunk).split(b"\n")
        return [json.loads(line) for line in lines]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise SolverDied("the process has no pipes")
    return pipe


def _result(reply: Mapping[str, Json]) -> Json:
    if "result" in reply:
        return reply["result"]
    failed = reply["failed"]
    if failed["kind"] == "MemoryError":
        raise SolverOutOfMemory("out of memory")
    raise SolverFailed(failed["kind"], failed["text"])
