"""Begins a new epoch of the event log, after a backup was restored."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from backend.common.ids import new_id
from backend.events.models import RelayLease


class Command(BaseCommand):
    help = "Tells all clients to fetch their data anew: positions of before cannot be compared."

    @transaction.atomic
    def handle(self, **_: Any) -> None:
        RelayLease.objects.get_or_create(pk=RelayLease.SINGLETON)
        epoch = new_id()
        RelayLease.objects.filter(pk=RelayLease.SINGLETON).update(epoch=epoch)
        self.stdout.write(f"The log's epoch is now {epoch}.")
