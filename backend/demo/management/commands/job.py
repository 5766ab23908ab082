"""Runs one simulated day without a browser and prints what it came to."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from rich.console import Console
from rich.progress import Progress

from backend.demo.places import NotPlaces
from backend.demo.simulation import simulate
from backend.demo.tables import table

MOST_LISTINGS = 5_000
#: The simulated date: any will do, but the same seed must always see the same one.
DAY = datetime(2026, 11, 18, tzinfo=UTC)


class Command(BaseCommand):
    help = "Post surplus, match, route, deliver and count one simulated day, then print a summary."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--listings", type=int, default=30, help="postings in the day")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same day")
        parser.add_argument("--region", default=settings.REGION, help="code of the region pack")
        parser.add_argument("--places", type=Path, help="CSV of real places (role, lon, lat, ...)")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *_: Any, **options: Any) -> None:
        if not 1 <= options["listings"] <= MOST_LISTINGS:
            raise CommandError(f"--listings takes a number from 1 to {MOST_LISTINGS}")
        use_scratch_database()
        console = Console(stderr=True)
        with Progress(console=console, transient=True) as bar:
            line = bar.add_task("world", total=1.0)

            def told(what: str, done: float) -> None:
                bar.update(line, description=what, completed=done)

            try:
                found = simulate(
                    region_code=options["region"],
                    listings=options["listings"],
                    seed=options["seed"],
                    day=DAY,
                    places=options["places"],
                    progress=told,
                )
            except (NotPlaces, FileNotFoundError) as error:
                raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        else:
            Console().print(table(found))
        if not found.is_sound:
            raise CommandError("a checker or an invariant failed", returncode=1)


def use_scratch_database() -> None:
    """A fresh database in memory: a simulated day touches nobody's data."""
    connections["default"].close()
    connections.databases["default"] |= {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {},
    }
    del connections["default"]
    call_command("migrate", verbosity=0)
