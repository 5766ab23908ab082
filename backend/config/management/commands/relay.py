"""`manage.py relay`: the process that publishes events, in a deployment of several processes."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from backend.events import relay


class Command(BaseCommand):
    """Runs the relay until SIGINT or SIGTERM; a second one waits for the first one's lease."""

    help = "Publish events and run their handlers until stopped."

    def handle(self, *_: Any, **__: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        relay.run_forever(stop)
