"""Ends a programme: it receives no new food."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.events.record import record
from backend.organizations.actions.change_programme import ProgrammeEnded
from backend.organizations.actions.rows import hearing, locked, refuse_if_stale
from backend.organizations.models import Programme


@transaction.atomic
def close_programme(
    *, programme_id: UUID, by: Actor, now: datetime, version: int | None = None
) -> Programme:
    """What it claimed before still arrives; ProgrammeEnded when it was ended already."""
    programme = locked(Programme, programme_id, "location")
    require(by, "organizations.change_programme", programme)
    refuse_if_stale(programme, version)
    running = Programme.objects.filter(pk=programme_id, closed_at__isnull=True)
    if not running.update(closed_at=now, version=F("version") + 1):
        raise ProgrammeEnded()
    programme.refresh_from_db()
    record(
        "programme.closed",
        subject=programme,
        by=by,
        now=now,
        audiences=hearing(programme.location),
    )
    return programme
