"""Sweeps over the shared tables."""

from typing import Any

from celery import shared_task

from backend.common import clock
from backend.common.rest import idempotency


@shared_task
def forget_idempotency_keys(**_: Any) -> int:
    """Forgets keys older than 48 hours."""
    return idempotency.sweep(now=clock.now())
