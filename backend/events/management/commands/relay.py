"""Runs the relay as a process of its own; a second one waits for the lease."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from backend.events import relay


class Command(BaseCommand):
    help = "Publishes events and runs their handlers until it is told to stop (SIGTERM, SIGINT)."

    def handle(self, **_: Any) -> None:
        stop = threading.Event()

        def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        relay.run_forever(stop)
