"""Leaves a failing server alone for a while instead of waiting for it on every call."""

import time
from collections.abc import Callable
from threading import Lock


class Breaker:
    """Counts failures in a row; after `failures` of them it stays open for `rest_s` seconds.

    After the rest one call is let through: its success closes the breaker, its failure starts
    another rest. Shared by the threads of a process.
    """

    def __init__(
        self, *, failures: int, rest_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._rest_s, self._clock = failures, rest_s, clock
        self._failures = 0
        self._until = 0.0
        self._lock = Lock()

    def may_call(self) -> bool:
        """Whether to call now; a True after a rest takes the one trial call."""
        with self._lock:
            if self._failures < self._limit:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._rest_s
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._until = self._clock() + self._rest_s
