"""Writes a few places of an import in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import Refusal
from backend.events.record import record
from backend.organizations.actions.place_in_region import place_in_region
from backend.organizations.actions.plan_import import Deed, Step, organization_fields
from backend.organizations.actions.rows import hearing, locked, store_changes
from backend.organizations.actions.set_opening_hours import as_rows
from backend.organizations.domain.default_hours import default_hours
from backend.organizations.domain.places_file import Place
from backend.organizations.models import Location, OpeningHours, Organization
from backend.organizations.models.organization import DecisionReason, OrganizationStatus
from backend.regions.packs import pack

#: With up to 21 rows for a new place this keeps a transaction near a hundred rows.
PLACES_AT_ONCE = 5
VERIFIED_FOR = timedelta(days=365)


class ImportCollided(Refusal):
    """Somebody else imported or registered the same places at the same time."""

    code = "import_collided"
    message = _("Somebody changed the same places meanwhile. Please start the import again.")


def import_chunk(*, steps: Sequence[Step], verified: bool, by: Actor, now: datetime) -> None:
    """Writes up to PLACES_AT_ONCE places, all or none. Raises ImportCollided, then writes none."""
    try:
        with transaction.atomic():
            for step in steps:
                if step.deed is Deed.CREATE:
                    _create(step.place, verified=verified, by=by, now=now)
                elif step.deed is Deed.UPDATE:
                    _update(step, by=by, now=now)
    except IntegrityError as error:
        raise ImportCollided() from error


def _create(place: Place, *, verified: bool, by: Actor, now: datetime) -> None:
    organization = None
    if place.legal_id:
        organization = Organization.objects.filter(legal_id=place.legal_id).first()
    if organization is None:
        organization = _new_organization(place, verified=verified, by=by, now=now)
    else:
        _add_roles(organization, place, by=by, now=now)
    location = Location(
        organization=organization,
        name=place.name,
        kind=place.category,
        address=place.address or pack().label(place.township, pack().languages[0]),
        phone=place.phone,
        county_code=place.township.county_code,
        township_code=place.township.code,
        road_group=place.township.road_group,
        is_hub="hub" in place.roles,
        source=place.source,
        source_ref=place.source_ref,
        created_at=now,
    )
    location.point = place.point
    location.save(force_insert=True)
    OpeningHours.objects.bulk_create(as_rows(location, default_hours(place.category, place.roles)))
    record(
        "location.added",
        subject=location,
        by=by,
        now=now,
        audiences=hearing(location),
        payload={
            "organization_id": str(organization.pk),
            "county_code": location.county_code,
            "township_code": location.township_code,
            "road_group": location.road_group,
            "source": place.source,
        },
        changed=["name", "address", "point", "phone"],
    )


def _new_organization(place: Place, *, verified: bool, by: Actor, now: datetime) -> Organization:
    organization = Organization.objects.create(
        **organization_fields(place),
        county_code=place.township.county_code,
        source=place.source,
        source_ref=place.source_ref,
        created_at=now,
    )
    record(
        "organization.registered",
        subject=organization,
        by=by,
        now=now,
        audiences=hearing(organization),
        payload={
            "roles": sorted(place.roles),
            "county_code": organization.county_code,
            "status": organization.status,
            "source": place.source,
        },
        changed=["name", "contact_email", "contact_phone"],
    )
    if verified:
        _verify(organization, by=by, now=now)
    return organization


def _verify(organization: Organization, *, by: Actor, now: datetime) -> None:
    """The coordinator vouches for their own list; the import asked for the permission before."""
    store_changes(
        organization,
        {
            "status": OrganizationStatus.VERIFIED.value,
            "decision_code": DecisionReason.IMPORTED.value,
            "verified_until_date": (now.astimezone(pack().zone) + VERIFIED_FOR).date(),
        },
    )
    record(
        "organization.verified",
        subject=organization,
        by=by,
        now=now,
        audiences=hearing(organization),
        payload={"status": organization.status, "was": OrganizationStatus.APPLIED.value},
        reason=DecisionReason.IMPORTED,
    )


def _add_roles(organization: Organization, place: Place, *, by: Actor, now: datetime) -> None:
    """A chain's second place may make it a recipient too; it never loses a role here."""
    wanted = {f"is_{role}": True for role in place.roles}
    if changed := store_changes(organization, wanted):
        record(
            "organization.changed",
            subject=organization,
            by=by,
            now=now,
            audiences=hearing(organization),
            changed=changed,
        )


def _update(step: Step, *, by: Actor, now: datetime) -> None:
    assert step.location_id is not None  # noqa: S101 - only known places are updated
    location = locked(Location, step.location_id, "organization")
    organization = location.organization
    heard_by = hearing(location)
    if changed := store_changes(organization, step.of_organization):
        record(
            "organization.changed",
            subject=organization,
            by=by,
            now=now,
            audiences=hearing(organization),
            changed=changed,
        )
    changed = store_changes(location, step.of_location)
    if step.moves:
        location.township_code = place_in_region(location, step.place.point).code
        location.version += 1
        location.save()
        changed.append("point")
    if changed:
        record(
            "location.changed",
            subject=location,
            by=by,
            now=now,
            audiences=[*heard_by, *hearing(location)],
            changed=changed,
        )
