"""Ends an appointment as coordinator, from this moment."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.organizations.actions.appoint_coordinator import tell_county
from backend.organizations.models import Coordinator


@transaction.atomic
def end_coordinator(*, coordinator_id: UUID, by: Actor, now: datetime) -> Coordinator:
    """By the back office or a command; NotFound when it was ended before."""
    require(by, "organizations.appoint_coordinators")
    held = Coordinator.objects.filter(pk=coordinator_id, ended_at__isnull=True)
    if not held.update(ended_at=now):
        raise NotFound()
    coordinator = Coordinator.objects.get(pk=coordinator_id)
    tell_county(coordinator, "coordinator.ended", by=by, now=now)
    return coordinator
