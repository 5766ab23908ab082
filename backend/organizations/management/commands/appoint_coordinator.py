"""`appoint_coordinator EMAIL COUNTY...`: lets a person watch over counties."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.accounts.models import User
from backend.common import clock
from backend.common.actor import system
from backend.common.refusals import Refusal
from backend.organizations.actions.appoint_coordinator import (
    AlreadyCoordinator,
    appoint_coordinator,
)
from backend.regions.packs import pack


class Command(BaseCommand):
    """Appoints for each county named by its code; one held already is no error."""

    help = "Appoints a person as coordinator of counties."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("county", nargs="+", help="the county's code")

    def handle(self, *_: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"nobody has the address {options['email']}")
        for code in options["county"]:
            try:
                appoint_coordinator(
                    user_id=user.pk,
                    county_code=code,
                    by=system("organizations.appointing"),
                    now=clock.now(),
                )
            except AlreadyCoordinator:
                continue
            except Refusal as refusal:
                known = ", ".join(pack().counties)
                raise CommandError(f"{code}: {refusal.detail} Known: {known}") from refusal
            self.stdout.write(f"{user.email} watches over {pack().counties[code].names}")
