"""An organization agrees to terms; a version is signed once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.events.record import record
from backend.organizations.actions.rows import hearing, locked, refuse_unless_clean
from backend.organizations.models import Agreement, Organization


@transaction.atomic
def agree_terms(
    *, organization_id: UUID, terms: str, terms_version: str, by: Actor, now: datetime
) -> Agreement:
    """The agreement, new or the one that stands already (then nothing changes)."""
    organization = locked(Organization, organization_id)
    require(by, "organizations.change", organization)
    signed = Agreement.objects.filter(
        organization=organization, terms=terms, terms_version=terms_version
    ).first()
    if signed is not None:
        return signed
    agreement = Agreement(
        organization=organization,
        terms=terms,
        terms_version=terms_version,
        agreed_by_id=by.user_id,
        agreed_at=now,
    )
    refuse_unless_clean(agreement)
    agreement.save(force_insert=True)
    record(
        "agreement.signed",
        subject=agreement,
        by=by,
        now=now,
        audiences=hearing(organization),
        payload={
            "organization_id": str(organization_id),
            "terms": terms,
            "terms_version": terms_version,
        },
    )
    return agreement
