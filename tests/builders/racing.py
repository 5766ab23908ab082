"""Races: many runners at one instant, each on a database connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection

#: Long enough to reach the database, and to notice two that wait for each other.
A_WHILE_S = 0.5


def nothing() -> None:
    """What a runner reads before the race, where it reads nothing."""


class Meanwhile:
    """Does something on a connection of its own, while the test's transaction is open."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act = act
        self.result: Any = None
        self._thread = Thread(target=self._run)
        self._thread.start()
        self._thread.join(A_WHILE_S)

    def _run(self) -> None:
        try:
            self.result = self._act()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def end(self) -> Any:
        self._thread.join()
        return self.result


def race(*runners: Callable[[], Any], ready: Callable[[], None] = nothing) -> list[Any]:
    """Runs all at once; gives what each returned or raised. Each calls `ready` before the start."""
    barrier = Barrier(len(runners), timeout=30)
    results: list[Any] = [None] * len(runners)

    def run(index: int) -> None:
        try:
            ready()
            connection.close()  # back to the pool, which may be smaller than the crowd
            barrier.wait()
            results[index] = runners[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,)) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
