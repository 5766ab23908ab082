"""Starts the demonstration: sets up the database, makes the world if it is empty, and serves."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from backend.config.embedded import AlreadyRunning, Part, PortTaken, listen, serve
from backend.demo.live import Demonstration, Settings, seed_if_empty
from backend.regions.packs import pack

FIRST_PORT, PORTS_TRIED = 8000, 20


class Command(BaseCommand):
    help = "Run FoodRelay with a world to try it in; prints where to look. Ctrl-C stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help="default: the first free one from 8000 on")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the demonstration needs DEMO=true, which ./run sets")
        call_command("migrate", verbosity=0)
        wanted = Settings(region=pack(), seed=options["seed"])
        made = 0

        def told(_: str) -> None:
            nonlocal made
            made += 1
            self.stderr.write(f"\rMaking the demo world: {made}", ending="")

        if seed_if_empty(wanted, told):
            self.stderr.write("")
        listener = self._listener(options["host"], options["port"])
        host, port = listener.getsockname()[:2]
        demonstration = Demonstration(wanted)

        def ready() -> None:
            self.stdout.write(f"\nFoodRelay runs at http://{host}:{port}/demo")
            self.stdout.write("Choose who you want to be there. Press Ctrl-C to stop.\n")

        try:
            serve(listener, on_ready=ready, also=[Part("demo", demonstration.run)])
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error

    def _listener(self, host: str, port: int | None) -> Any:
        ports = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
        for each in ports:
            try:
                return listen(host, each)
            except PortTaken as error:
                taken = error
        raise CommandError(str(taken))
