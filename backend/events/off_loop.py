"""Runs database reads of the event loop in a few threads of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

#: Few: they share the database with the views, and a storm of handshakes should queue here.
THREADS = 4

_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="events")


async def read(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The function's answer, worked out beside the loop with a connection that is given back."""

    def work() -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, work)
