"""What a viewer may see of organizations, their people and their counties."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.common.actor import Actor
from backend.events import audiences
from backend.organizations.domain.hours import (
    DayException,
    Interval,
    WeeklyHours,
    open_between,
)
from backend.organizations.models import (
    Agreement,
    Coordinator,
    Invitation,
    Location,
    Membership,
    Organization,
    Programme,
    VerificationDocument,
)
from backend.regions.packs import pack


def memberships_of(viewer: Actor) -> QuerySet[Membership]:
    """The viewer's current memberships; a key bound to one organization has that one only."""
    if viewer.user_id is None:
        return Membership.objects.none()
    held = Membership.objects.current().filter(user_id=viewer.user_id)
    if viewer.organization_id is not None:
        held = held.filter(organization_id=viewer.organization_id)
    return held


def organizations_of(viewer: Actor) -> QuerySet[Organization]:
    """Organizations that the viewer acts for."""
    return Organization.objects.filter(pk__in=memberships_of(viewer).values("organization_id"))


def counties_of(viewer: Actor) -> frozenset[str]:
    """Codes of the counties that the viewer watches over; none for a key bound to one tenant."""
    if viewer.user_id is None or viewer.organization_id is not None:
        return frozenset()
    held = Coordinator.objects.filter(user_id=viewer.user_id, ended_at__isnull=True)
    return frozenset(held.values_list("county_code", flat=True))


def visible_organizations(viewer: Actor) -> QuerySet[Organization]:
    """Organizations that the viewer acts for or watches over."""
    if viewer.is_system:
        return Organization.objects.all()
    return Organization.objects.filter(
        Q(pk__in=memberships_of(viewer).values("organization_id"))
        | Q(county_code__in=counties_of(viewer))
    )


def visible_locations(viewer: Actor) -> QuerySet[Location]:
    """Places of the viewer's organizations, and those in the counties they watch over."""
    if viewer.is_system:
        return Location.objects.select_related("organization")
    return Location.objects.select_related("organization").filter(
        Q(organization_id__in=memberships_of(viewer).values("organization_id"))
        | Q(county_code__in=counties_of(viewer))
    )


def visible_programmes(viewer: Actor) -> QuerySet[Programme]:
    """Programmes at the places that the viewer sees."""
    seen = visible_locations(viewer).values("pk")
    return Programme.objects.select_related("location__organization").filter(location_id__in=seen)


def visible_members(viewer: Actor, organization_id: UUID) -> QuerySet[Membership]:
    """Current members of an organization, for its own members only."""
    return (
        Membership.objects.current()
        .select_related("user", "organization")
        .filter(
            organization_id=organization_id,
            organization__in=organizations_of(viewer).values("pk"),
        )
    )


def open_invitations(viewer: Actor, organization_id: UUID) -> QuerySet[Invitation]:
    """Invitations of the viewer's organization that were neither used nor withdrawn."""
    return Invitation.objects.select_related("organization").filter(
        organization_id=organization_id,
        organization__in=organizations_of(viewer).values("pk"),
        used_at__isnull=True,
        withdrawn_at__isnull=True,
    )


def visible_documents(viewer: Actor, organization_id: UUID) -> QuerySet[VerificationDocument]:
    """Papers of an organization, for its members and the coordinators who decide about it."""
    return VerificationDocument.objects.select_related("organization").filter(
        organization_id=organization_id, organization__in=visible_organizations(viewer).values("pk")
    )


def agreements_of(viewer: Actor, organization_id: UUID) -> QuerySet[Agreement]:
    """The terms that an organization agreed to."""
    return Agreement.objects.filter(
        organization_id=organization_id, organization__in=visible_organizations(viewer).values("pk")
    )


def open_intervals(location: Location, *, from_at: datetime, until_at: datetime) -> list[Interval]:
    """When a place is open between two instants; works on prefetched hours and exceptions."""
    weekly = [
        WeeklyHours(row.weekday, row.opens_minute, row.closes_minute)
        for row in location.opening_hours.all()
    ]
    spans: dict[date, list[tuple[int, int]]] = {}
    for row in location.hours_exceptions.all():
        own = spans.setdefault(row.local_date, [])
        if row.opens_minute is not None and row.closes_minute is not None:
            own.append((row.opens_minute, row.closes_minute))
    exceptions = [DayException(day, tuple(own)) for day, own in spans.items()]
    return open_between(weekly, exceptions, pack().zone, from_at, until_at)


@audiences.entitlement
def audiences_of_person(user_id: UUID) -> frozenset[str]:
    """What a person may hear: their organizations, and the counties they watch over."""
    members = Membership.objects.current().filter(user_id=user_id, user__is_active=True)
    counties = Coordinator.objects.filter(
        user_id=user_id, user__is_active=True, ended_at__isnull=True
    )
    return frozenset(
        {audiences.organization(each) for each in members.values_list("organization_id", flat=True)}
        | {audiences.county(code) for code in counties.values_list("county_code", flat=True)}
    )
