"""Makes things happen in tests of the log, without any app above it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from backend.accounts.models import User
from backend.common.actor import system
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from tests.builders.accounts import make_user
from tests.conftest import MORNING

SOMEBODY = system("test.happenings")


def happen(
    type_: str = "crate.opened",
    *,
    subject: User | None = None,
    to: Iterable[str] = (audiences.public(),),
    **payload: Any,
) -> Event:
    """One committed event about a person."""
    about = subject or make_user()
    with transaction.atomic():
        return record(type_, subject=about, by=SOMEBODY, now=MORNING, audiences=to, payload=payload)
