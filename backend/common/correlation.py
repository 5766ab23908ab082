"""Which request or chain of work the current code runs for, so that its records can be joined."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse

from backend.common.ids import new_id

_correlation: ContextVar[UUID | None] = ContextVar("correlation", default=None)
_cause: ContextVar[UUID | None] = ContextVar("cause", default=None)


def current() -> UUID:
    """The id of the request or chain of work under way; a new one when there is none."""
    return _correlation.get() or new_id()


def current_cause() -> UUID | None:
    """The event whose handler is running, or none."""
    return _cause.get()


@contextmanager
def correlated(correlation_id: UUID, *, cause: UUID | None = None) -> Iterator[None]:
    """Everything recorded within the block carries this correlation, and this cause if given."""
    before, caused = _correlation.set(correlation_id), _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(caused)
        _correlation.reset(before)


class CorrelationMiddleware:
    """Gives every request a correlation id: the log's request id, so that both can be joined.

    Stands after the middleware that binds the request id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with correlated(_request_id() or new_id()):
            return self.get_response(request)


def _request_id() -> UUID | None:
    try:
        return UUID(str(structlog.contextvars.get_contextvars().get("request_id", "")))
    except ValueError:
        return None
