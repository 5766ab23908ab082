"""`import_places FILE`: organizations and locations from a county's CSV list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.common import clock
from backend.common.actor import system
from backend.common.refusals import Refusal
from backend.organizations.actions.import_places import (
    DEFAULT_SOURCE,
    ROW_MESSAGES,
    ImportReport,
    import_places,
)

SHOWN_OBJECTIONS = 50


class Command(BaseCommand):
    """Prints what it did, or each objection with line and column and exits with status 1."""

    help = "Imports organizations and locations from a CSV file; run it again to update them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument(
            "--source", default=DEFAULT_SOURCE, help="name of the list, where it names none itself"
        )
        parser.add_argument(
            "--county", action="append", default=[], help="code; only rows there (repeatable)"
        )
        parser.add_argument(
            "--verified", action="store_true", help="the list vouches for the organizations"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            report = import_places(
                content=content,
                by=system("organizations.import"),
                now=clock.now(),
                source=options["source"],
                counties=options["county"],
                verified=options["verified"],
                dry_run=options["dry_run"],
                on_progress=self._show_progress if self.stderr.isatty() else None,
            )
        except Refusal as refusal:
            messages = [str(each.message) for all_ in refusal.fields.values() for each in all_]
            raise CommandError(" ".join(messages) or refusal.detail) from refusal
        self._print(report)
        if report.is_refused:
            raise CommandError(f"{len(report.objections)} objections; nothing was written")

    def _print(self, report: ImportReport) -> None:
        for each in report.objections[:SHOWN_OBJECTIONS]:
            self.stdout.write(f"line {each.line}, {each.column}: {ROW_MESSAGES[each.code]}")
        if (more := len(report.objections) - SHOWN_OBJECTIONS) > 0:
            self.stdout.write(f"... and {more} more")
        verb = "would be" if report.dry_run or report.is_refused else "were"
        self.stdout.write(
            f"{report.rows} rows: {report.created} {verb} created, {report.updated} updated, "
            f"{report.unchanged} unchanged, {report.left_alone} left alone, "
            f"{report.skipped} skipped"
        )

    def _show_progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done} of {total}", ending="\n" if done == total else "")
