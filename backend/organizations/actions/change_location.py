"""Changes what is told about a place; its point has an action of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.events.record import record
from backend.organizations.actions.add_location import refuse_long_handling
from backend.organizations.actions.close_location import refuse_if_closed
from backend.organizations.actions.rows import hearing, locked, refuse_if_stale, store_changes
from backend.organizations.models import Location

CHANGEABLE = frozenset({"name", "kind", "address", "access_notes", "phone", "is_hub", "handling_s"})


@transaction.atomic
def change_location(
    *,
    location_id: UUID,
    changes: Mapping[str, Any],
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Location:
    """Sets what `changes` names (CHANGEABLE; ValueError for another)."""
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    location = locked(Location, location_id)
    require(by, "organizations.change_location", location)
    refuse_if_closed(location)
    refuse_if_stale(location, version)
    refuse_long_handling(changes.get("handling_s", location.handling_s))
    if changed := store_changes(location, changes):
        record(
            "location.changed",
            subject=location,
            by=by,
            now=now,
            audiences=hearing(location),
            changed=changed,
        )
    return location
