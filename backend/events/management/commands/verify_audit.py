"""Checks the hash chain of the audit log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.events import audit_chain


class Command(BaseCommand):
    help = "Walks the audit log's hash chain; names the first row that does not hold and exits 1."

    def handle(self, **_: Any) -> None:
        verdict = audit_chain.verify()
        if verdict.broken:
            broken = verdict.broken
            raise CommandError(
                f"Broken at entry {broken.sequence} (id {broken.entry_id or '-'}): {broken.why}. "
                f"The {verdict.checked} entries before it hold."
            )
        self.stdout.write(f"All {verdict.checked} audit entries hold.")
