"""Runs handlers: each in its own transaction with its receipt, retried, given up at last."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, QuerySet

from backend.common.correlation import correlated
from backend.common.refusals import Refusal
from backend.events import handlers
from backend.events.models import CODE_LENGTH, HandlerReceipt

log = structlog.get_logger(__name__)

BATCH = 100
#: A handler that failed this often waits for a person.
MAX_ATTEMPTS = 10
LONGEST_WAIT_S = 600


class NoSuchHandler(Exception):
    """A receipt names a handler that is not part of the running code."""


def due(now: datetime) -> QuerySet[HandlerReceipt]:
    """The receipts to work on now, in the order of their events."""
    return HandlerReceipt.objects.filter(
        handled_at__isnull=True, dead_lettered_at__isnull=True, next_attempt_at__lte=now
    ).order_by("position", "id")


def handle_batch(*, now: datetime, swallow: bool = True) -> int:
    """Runs up to BATCH due handlers; returns how many were tried.

    A failing one is noted on its receipt and tried again later, and blocks nobody else.
    With swallow=False its exception is raised instead, after its own changes were rolled back.
    """
    receipts = list(due(now).select_related("event")[:BATCH])
    for receipt in receipts:
        try:
            run(receipt, now=now)
        except Exception as error:
            if not swallow:
                raise
            _note_failure(receipt, error, now=now)
    return len(receipts)


@transaction.atomic
def run(receipt: HandlerReceipt, *, now: datetime) -> None:
    """Runs one handler unless another process was first; its effect and the receipt are one."""
    taken = HandlerReceipt.objects.filter(
        pk=receipt.pk, handled_at__isnull=True, dead_lettered_at__isnull=True
    ).update(handled_at=now, attempts=F("attempts") + 1)
    if not taken:
        return
    handler = handlers.named(receipt.handler)
    if handler is None:
        raise NoSuchHandler(receipt.handler)
    event = receipt.event
    with correlated(event.correlation_id, cause=event.pk):
        handler(event)


def retry_dead_letters(*, now: datetime) -> int:
    """Tries everything that was given up once more, from the first attempt; returns how many."""
    return HandlerReceipt.objects.filter(dead_lettered_at__isnull=False).update(
        dead_lettered_at=None, attempts=0, next_attempt_at=now
    )


def _note_failure(receipt: HandlerReceipt, error: Exception, *, now: datetime) -> None:
    attempts = receipt.attempts + 1
    given_up = attempts >= MAX_ATTEMPTS
    code = error.code if isinstance(error, Refusal) else type(error).__name__
    wait_s = min(2**attempts, LONGEST_WAIT_S)
    HandlerReceipt.objects.filter(pk=receipt.pk, handled_at__isnull=True).update(
        attempts=attempts,
        last_error_code=code[:CODE_LENGTH],
        next_attempt_at=now + timedelta(seconds=wait_s),
        dead_lettered_at=now if given_up else None,
    )
    log.error(
        "handler_given_up" if given_up else "handler_failed",
        handler=receipt.handler,
        event_id=str(receipt.event_id),
        attempts=attempts,
        error=code,
        exc_info=error,
    )
