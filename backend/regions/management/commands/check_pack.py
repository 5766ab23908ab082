"""Checks a region pack, by code or by folder, and says what it holds or what is wrong."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from backend.regions.domain.loader import load
from backend.regions.domain.pack import RegionPack
from backend.regions.domain.pack_files import PackError
from backend.regions.packs import folder


class Command(BaseCommand):
    help = "Check a region pack: all its files, or the first thing that is wrong with them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", help="the pack's code, or the folder it lies in")

    def handle(self, *args: Any, **options: Any) -> None:
        given = options["pack"]
        try:
            directory = Path(given).resolve() if "/" in given else folder(given)
            pack = load(directory)
        except (PackError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_summary(pack))


def _summary(pack: RegionPack) -> str:
    rules = pack.rules
    count = sum(
        map(len, (rules.dates, rules.lives, rules.needs, rules.temperatures, rules.out_of_cold))
    )
    return (
        f"{pack.code} {pack.version} ({pack.names.in_language('en')}) is whole: "
        f"{len(pack.counties)} counties, {len(pack.townships)} townships, "
        f"{len(pack.categories)} categories, {count} food-safety rules, "
        f"languages {', '.join(pack.languages)}."
    )
