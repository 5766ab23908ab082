"""`manage.py serve`: the whole product in one process, for one machine."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from backend.config import embedded


class Command(BaseCommand):
    """Brings the database up to date, then serves pages, sockets and background work."""

    help = "Serve the whole product from one process (embedded mode)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_: Any, host: str, port: int, **__: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("REDIS_URL is set: run the processes of docker-compose.yml instead.")
        call_command("migrate", verbosity=0)
        try:
            listener = embedded.listen(host, port)
            host, port = listener.getsockname()[:2]
            embedded.serve(listener, on_ready=lambda: self._say(host, port))
        except embedded.PortTaken as error:
            raise CommandError(f"{error} is taken. Try --port {port + 1}.") from error
        except embedded.AlreadyRunning as error:
            raise CommandError(f"Already running from this folder ({error}).") from error

    def _say(self, host: str, port: int) -> None:
        self.stdout.write(f"Serving at http://{host}:{port}/ - stop with Ctrl-C.")
        self.stdout.flush()
