"""Records an event about what a charity can take, for it and its county."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.common.actor import Actor
from backend.common.models import Row
from backend.common.refusals import NotFound
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from backend.organizations.models import Location, Programme


def record_need(
    type: str,
    *,
    subject: Row,
    location: Location,
    by: Actor,
    now: datetime,
    payload: Mapping[str, Any],
    also: Iterable[str] = (),
    reason: str = "",
) -> Event:
    """`payload` holds figures and codes only; `also` are further audiences."""
    return record(
        type,
        subject=subject,
        by=by,
        now=now,
        audiences=[
            audiences.organization(location.organization_id),
            audiences.county(location.county_code),
            *also,
        ],
        payload={"location_id": str(location.pk), **payload},
        reason=reason,
    )


def locked_programme(programme_id: UUID) -> Programme:
    """The programme with its place and charity, locked; raises NotFound, also when it has ended."""
    # Not against rows that point to it: a claim by consent holds the consent first.
    locked = Programme.objects.select_for_update(of=("self",), no_key=True)
    programmes = locked.select_related("location__organization")
    programme = programmes.filter(pk=programme_id, closed_at__isnull=True).first()
    if programme is None:
        raise NotFound()
    return programme
