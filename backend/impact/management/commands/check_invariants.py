"""Checks on the stored rows that what must always hold does hold."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.impact.selectors.invariants import Verdict, check_all
from matching.models import Round, RoundStatus
from matching.selectors.rerun import differences

#: Breaches of one invariant that are printed; the rest are only counted.
SHOWN = 10


class Command(BaseCommand):
    """Prints a verdict for each invariant; the exit status is 1 when one is broken."""

    help = "Checks ledgers, custody, plans, capacity, the log and the audit chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rerun",
            type=int,
            default=0,
            metavar="N",
            help="also run the latest N rounds of matching again and compare what they allot",
        )

    def handle(self, *_: Any, rerun: int, **__: Any) -> None:
        verdicts = check_all()
        if rerun > 0:
            verdicts.append(rounds_allot_the_same_again(rerun))
        for verdict in verdicts:
            self._tell(verdict)
        broken = sum(not verdict.holds for verdict in verdicts)
        if broken:
            raise CommandError(f"{broken} of {len(verdicts)} invariants are broken", returncode=1)
        self.stdout.write(f"{len(verdicts)} invariants hold")

    def _tell(self, verdict: Verdict) -> None:
        words = verdict.name.replace("_", " ")
        if verdict.holds:
            self.stdout.write(self.style.SUCCESS("holds   ") + words)
            return
        self.stdout.write(self.style.ERROR("BROKEN  ") + words)
        for breach in verdict.breaches[:SHOWN]:
            self.stdout.write(f"        {breach}")
        if len(verdict.breaches) > SHOWN:
            self.stdout.write(f"        and {len(verdict.breaches) - SHOWN} more")


def rounds_allot_the_same_again(latest: int) -> Verdict:
    """The latest rounds, run again from what they stored."""
    return Verdict("rounds_allot_the_same_again", tuple(_differences(latest)))


def _differences(latest: int) -> Iterator[str]:
    rounds = Round.objects.filter(status=RoundStatus.APPLIED).order_by("-started_at", "-id")
    for round_ in rounds[:latest]:
        yield from differences(round_)
