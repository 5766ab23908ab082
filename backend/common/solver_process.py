"""A warm process for long calculations, so that they never run in the web process or a worker.

Some libraries hold the interpreter's lock for a whole solve. Here a child process imports them
once and answers calls as JSON lines; it is replaced after a number of calls, when it has grown too
large, when it dies, and when a call is cancelled or runs out of time.
"""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

Json = Any
OnProgress = Callable[[Json], None]

ROOT: Final = Path(__file__).resolve().parents[2]
CHILD: Final = Path(__file__).with_name("solver_child.py")
MEBIBYTE: Final = 2**20
POLL_S: Final = 0.05
CHUNK: Final = 2**16
START_UP_S: Final = 60.0


class SolverError(RuntimeError):
    """No result: see the subclasses. The process is usable again at once."""


class SolverTimedOut(SolverError):
    """The call reached its wall clock and its process was killed."""


class SolverDied(SolverError):
    """The process ended in the middle of the call, for example out of memory."""


class SolverCancelled(SolverError):
    """`cancel` ended the call."""


class SolverFailed(SolverError):
    """The called function raised; `kind` is the name of its exception."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text
        super().__init__(f"{kind}: {text}")


class SolverProcess:
    """One warm child, used by any number of threads, one call at a time.

    A call names its function as `package.module:function`; that takes `(request, call)`, both the
    request and its result JSON values, and may use `call.tell(progress)` and `call.is_late()`.
    The child imports `warm` targets as it starts. After a fork each process gets its own child.
    """

    def __init__(
        self,
        *,
        warm: Sequence[str] = (),
        recycle_after: int = 200,
        recycle_above_mib: int = 800,
        memory_cap_mib: int = 4096,
    ) -> None:
        self._warm = tuple(warm)
        self._recycle_after = recycle_after
        self._recycle_above = recycle_above_mib * MEBIBYTE
        self._memory_cap = memory_cap_mib * MEBIBYTE
        self._turn = threading.Lock()
        self._cancelled = threading.Event()
        self._child: _Child | None = None

    def call(
        self,
        target: str,
        request: Json,
        *,
        wall_s: float,
        soft_s: float | None = None,
        on_progress: OnProgress | None = None,
    ) -> Json:
        """Run a function in the child and return its result.

        After `soft_s` the function is asked to end with what it has; after `wall_s` its process is
        killed. Waiting for another thread's call counts towards neither.
        """
        with self._turn:
            self._cancelled.clear()
            child = self._ready_child()
            try:
                child.await_ready(self._cancelled)
                return child.answer(
                    {"target": target, "request": request, "soft_s": soft_s},
                    deadline=time.monotonic() + wall_s,
                    cancelled=self._cancelled,
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

    def _ready_child(self) -> "_Child":
        child = self._child
        if child is not None and child.owner != os.getpid():
            child = self._child = None
        if child is not None and self._is_spent(child):
            self._drop()
            child = None
        if child is None:
            child = self._child = _Child(self._memory_cap, self._warm)
        return child

    def _is_spent(self, child: "_Child") -> bool:
        worn = child.calls >= self._recycle_after or child.resident_bytes() > self._recycle_above
        return worn or not child.is_alive()

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """Kill the process, unless this is a fork of its owner, and let go of its pipes."""
    if owner == os.getpid():
        process.kill()
        process.wait()
    _pipe(process.stdin).close()
    _pipe(process.stdout).close()


class _Child:
    """The process and its pipes; used by one thread at a time."""

    def __init__(self, memory_cap: int, warm: Sequence[str]) -> None:
        self.owner = os.getpid()
        self.calls = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-P", str(CHILD), str(memory_cap), *warm],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
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

    def await_ready(self, cancelled: threading.Event) -> None:
        """Wait until the child has imported what it needs."""
        if not self._is_ready:
            frames = self._frames(time.monotonic() + START_UP_S, cancelled)
            self._is_ready = any("ready" in frame for frame in frames)

    def answer(
        self,
        frame: Mapping[str, Json],
        *,
        deadline: float,
        cancelled: threading.Event,
        on_progress: OnProgress | None,
    ) -> Json:
        """Send one call and read until its result; progress goes to `on_progress`."""
        self.calls += 1
        self._unsent = json.dumps({**frame, "number": self.calls}).encode() + b"\n"
        for reply in self._frames(deadline, cancelled):
            if "progress" not in reply:
                return _result(reply)
            if on_progress is not None:
                on_progress(reply["progress"])
        raise SolverDied("no answer")

    def _frames(self, deadline: float, cancelled: threading.Event) -> Iterator[Json]:
        """Frames as they arrive, sending what is unsent; neither pipe can block the other."""
        with selectors.DefaultSelector() as pipes:
            pipes.register(self._stdout, selectors.EVENT_READ)
            if self._unsent:
                pipes.register(self._stdin, selectors.EVENT_WRITE)
            while True:
                _refuse_if_over(deadline, cancelled)
                for key, _ in pipes.select(POLL_S):
                    if key.fileobj is self._stdout:
                        yield from self._read()
                    elif not self._send_some():
                        pipes.unregister(self._stdin)

    def _send_some(self) -> bool:
        """Write what the pipe takes now; whether anything is left."""
        try:
            sent = os.write(self._stdin.fileno(), self._unsent[:CHUNK])
        except BrokenPipeError as error:
            raise SolverDied("the process has ended") from error
        self._unsent = self._unsent[sent:]
        return bool(self._unsent)

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


def _refuse_if_over(deadline: float, cancelled: threading.Event) -> None:
    if cancelled.is_set():
        raise SolverCancelled("the call was cancelled")
    if time.monotonic() >= deadline:
        raise SolverTimedOut("the call reached its wall clock")


def _result(reply: Mapping[str, Json]) -> Json:
    if "result" in reply:
        return reply["result"]
    failed = reply["failed"]
    if failed["kind"] == "MemoryError":
        raise SolverDied("out of memory")
    raise SolverFailed(failed["kind"], failed["text"])
