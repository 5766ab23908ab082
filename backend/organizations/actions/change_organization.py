"""Changes an organization's own data: name, roles, number and contact."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.events.record import record
from backend.organizations.actions.register_organization import AlreadyRegistered, role_flags
from backend.organizations.actions.rows import hearing, locked, refuse_if_stale, store_changes
from backend.organizations.models import Organization

CHANGEABLE = frozenset({"name", "legal_id", "contact_email", "contact_phone"})


@transaction.atomic
def change_organization(
    *,
    organization_id: UUID,
    changes: Mapping[str, Any],
    by: Actor,
    now: datetime,
    roles: Collection[str] | None = None,
    version: int | None = None,
) -> Organization:
    """Sets what `changes` names (CHANGEABLE; ValueError for another) and, if given, the roles.

    The county stays: it is the one whose coordinators decided. Raises Stale when `version` is not
    the present one.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    organization = locked(Organization, organization_id)
    require(by, "organizations.change", organization)
    refuse_if_stale(organization, version)
    wanted = dict(changes) | (role_flags(roles) if roles is not None else {})
    try:
        with transaction.atomic():
            changed = store_changes(organization, wanted)
    except IntegrityError as error:
        raise AlreadyRegistered() from error
    if changed:
        record(
            "organization.changed",
            subject=organization,
            by=by,
            now=now,
            audiences=hearing(organization),
            changed=changed,
        )
    return organization
