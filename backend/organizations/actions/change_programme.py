"""Changes a programme's figures and rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Refusal
from backend.events.record import record
from backend.organizations.actions.add_programme import refuse_unless_known
from backend.organizations.actions.rows import hearing, locked, refuse_if_stale, store_changes
from backend.organizations.models import Programme

CHANGEABLE = frozenset(
    {
        "name",
        "people_per_week",
        "diet_rules",
        "categories_not_taken",
        "allergens_not_taken",
        "max_distance_m",
        "collects_itself",
    }
)


class ProgrammeEnded(Refusal):
    """The programme was ended."""

    code = "programme_ended"
    message = _("This programme has ended.")


@transaction.atomic
def change_programme(
    *,
    programme_id: UUID,
    changes: Mapping[str, Any],
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Programme:
    """Sets what `changes` names (CHANGEABLE; ValueError for another); claims keep their terms."""
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    programme = locked(Programme, programme_id, "location")
    require(by, "organizations.change_programme", programme)
    if programme.closed_at is not None:
        raise ProgrammeEnded()
    refuse_if_stale(programme, version)
    refuse_unless_known(changes)
    if changed := store_changes(programme, changes):
        record(
            "programme.changed",
            subject=programme,
            by=by,
            now=now,
            audiences=hearing(programme.location),
            changed=changed,
        )
    return programme
