"""Sweeps over rows that are due: one row that fails does not stop the rest."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog

from backend.common.refusals import Refusal

K = TypeVar("K")
R = TypeVar("R")

log = structlog.get_logger(__name__)
_strict: ContextVar[bool] = ContextVar("strict_sweeps", default=False)


@dataclass(slots=True)
class Swept(Generic[R]):
    """What the rows that worked gave, and how many failed; expected refusals are neither."""

    results: list[R] = field(default_factory=list)
    failed: int = 0


def sweep_each(
    name: str,
    keys: Iterable[K],
    act: Callable[[K], R],
    *,
    expected: tuple[type[Refusal], ...] = (),
) -> Swept[R]:
    """Calls `act` with every key; `act` has a transaction of its own for each.

    `expected` are refusals that belong to it: somebody else was quicker, a rule says no today. Any
    other exception is logged with its key and counted, and the next row's turn comes; the failed
    one is due again at the next sweep. Inside `strictly` it is raised.
    """
    swept = Swept[R]()
    for key in keys:
        try:
            swept.results.append(act(key))
        except expected as refusal:
            log.info("sweep_refused", sweep=name, key=str(key), code=refusal.code)
        except Exception as error:
            if _strict.get():
                raise
            swept.failed += 1
            log.error("sweep_failed", sweep=name, key=str(key), exc_info=error)
    if swept.failed:
        log.error("sweep_incomplete", sweep=name, failed=swept.failed, worked=len(swept.results))
    return swept


@contextmanager
def strictly(*, strict: bool = True) -> Iterator[None]:
    """Lets the failure of a row be raised: in simulations and tests nothing fails unseen.

    `strict=False` goes on as the running system does.
    """
    token = _strict.set(strict)
    try:
        yield
    finally:
        _strict.reset(token)
