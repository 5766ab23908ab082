"""Recurring work that belongs to no app: what the frameworks leave behind."""

from typing import Any

from celery import shared_task
from django.core.management import call_command
from knox.models import get_token_model

from backend.common import clock


@shared_task
def remove_ended_sessions(**_: Any) -> None:
    """Deletes sessions and API keys whose time is over."""
    call_command("clearsessions")
    get_token_model().objects.filter(expiry__lte=clock.now()).delete()
