"""Verifies an organization: from then on it may give and receive."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import Invalid
from backend.organizations.actions.decide_organization import decide_organization
from backend.organizations.domain.lifecycle import OrganizationStatus
from backend.organizations.models import Organization
from backend.regions.packs import pack

#: How long a verification holds unless the coordinator sets a date.
HOLDS_FOR = timedelta(days=365)
LONGEST = timedelta(days=3 * 366)


def verify_organization(
    *,
    organization_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    note: str = "",
    until_date: date | None = None,
    version: int | None = None,
) -> Organization:
    """A coordinator of the county vouches for it up to and including a local date.

    Also lifts a suspension and answers a re-certification. Invalid for a date in the past or more
    than three years away.
    """
    today = now.astimezone(pack().zone).date()
    until = until_date or today + HOLDS_FOR
    if not today <= until <= today + LONGEST:
        raise Invalid.field("until_date", "bad_date", _("Please choose a date within three years."))
    return decide_organization(
        organization_id=organization_id,
        to=OrganizationStatus.VERIFIED,
        reason=reason,
        note=note,
        by=by,
        now=now,
        version=version,
        verified_until_date=until,
    )
