"""Races: many runners at one instant, each on a database connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def nothing() -> None:
    """What a runner reads before the race, where it reads nothing."""


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
