"""Notes that somebody tried to register with an address that has an account."""

from datetime import datetime

from django.db import transaction

from backend.accounts.models import User
from backend.common.actor import system
from backend.events import audiences
from backend.events.record import record


@transaction.atomic
def note_repeated_registration(*, user: User, now: datetime) -> None:
    """Changes nothing but the log: the owner hears of it by mail, the one who tried does not."""
    record(
        "person.registration_repeated",
        subject=user,
        by=system("accounts.registration"),
        now=now,
        audiences=[audiences.person(user.pk)],
    )
