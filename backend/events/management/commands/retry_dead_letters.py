"""Gives handlers that were given up another series of attempts."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.common import clock
from backend.events import handling


class Command(BaseCommand):
    help = "Tries all dead-lettered handlers again, after their cause was mended."

    def handle(self, **_: Any) -> None:
        count = handling.retry_dead_letters(now=clock.now())
        self.stdout.write(f"{count} handlers will be tried again.")
