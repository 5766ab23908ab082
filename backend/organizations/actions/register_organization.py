"""Registers an organization; the person who does it becomes its first manager."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, Refusal
from backend.events import audiences
from backend.events.record import record
from backend.organizations.actions.rows import hearing, refuse_unless_clean
from backend.organizations.models import Membership, Organization
from backend.organizations.models.people import MembershipRole
from backend.regions.packs import pack

ROLES = ("donor", "recipient", "hub", "carrier", "authority")


class AlreadyRegistered(Refusal):
    """Another organization has this registration number."""

    code = "already_registered"
    message = _("An organization with this registration number is here already. Ask it to add you.")


@transaction.atomic
def register_organization(
    *,
    name: str,
    roles: Collection[str],
    county_code: str,
    by: Actor,
    now: datetime,
    legal_id: str = "",
    contact_email: str = "",
    contact_phone: str = "",
) -> Organization:
    """Applies for an organization with one or more of ROLES; a coordinator of the county decides.

    One that the system registers has no manager until somebody is invited.
    Raises Invalid for an unknown role or county, AlreadyRegistered for a known number.
    """
    require(by, "organizations.register")
    refuse_unknown_county(county_code)
    organization = Organization(
        name=name.strip(),
        legal_id=legal_id.strip(),
        county_code=county_code,
        contact_email=contact_email,
        contact_phone=contact_phone,
        created_at=now,
        **role_flags(roles),
    )
    refuse_unless_clean(organization)
    _store(organization)
    heard_by = hearing(organization)
    if by.user_id is not None:
        heard_by.append(audiences.person(by.user_id))
        Membership.objects.create(
            user_id=by.user_id, organization=organization, role=MembershipRole.MANAGER, since_at=now
        )
    record(
        "organization.registered",
        subject=organization,
        by=by,
        now=now,
        audiences=heard_by,
        payload={"roles": sorted(roles), "county_code": county_code, "status": organization.status},
        changed=["name", "contact_email", "contact_phone"],
    )
    return organization


def role_flags(roles: Collection[str]) -> dict[str, bool]:
    """The columns for a set of roles; Invalid for none at all or an unknown one."""
    if not roles or set(roles) - set(ROLES):
        raise Invalid.field("roles", "unknown_role", _("Please choose at least one listed role."))
    return {f"is_{role}": role in roles for role in ROLES}


def refuse_unknown_county(county_code: str) -> None:
    """Raises Invalid for a code that the region does not have."""
    if county_code not in pack().counties:
        raise Invalid.field("county_code", "unknown_county", _("Please choose a county."))


def _store(organization: Organization) -> None:
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyRegistered() from error
