"""Which hand-overs, attempts and incidents a viewer may see."""

from django.db.models import Q, QuerySet

from backend.common.actor import Actor
from backend.custody.models import Attempt, HandOver, Incident, IncidentStatus
from backend.organizations.selectors import counties_of, organizations_of


def visible_hand_overs(viewer: Actor) -> QuerySet[HandOver]:
    """Of the viewer's organizations' claims, of their counties, and those they carried."""
    rows = HandOver.objects.select_related("claim").prefetch_related("lines")
    if viewer.is_system:
        return rows
    return rows.filter(_of_claim(viewer, "claim__") | _carried(viewer)).distinct()


def visible_attempts(viewer: Actor) -> QuerySet[Attempt]:
    """Of the viewer's organizations' claims, of their counties, and their own."""
    rows = Attempt.objects.select_related("claim")
    if viewer.is_system:
        return rows
    own = Q(recorded_by_id=viewer.user_id) if viewer.organization_id is None else Q(pk__in=())
    return rows.filter(_of_claim(viewer, "claim__") | own)


def visible_incidents(viewer: Actor) -> QuerySet[Incident]:
    """Of the viewer's counties, and of their organizations' claims; decided by coordinators."""
    rows = Incident.objects.select_related("hand_over__claim").prefetch_related("hand_over__lines")
    if viewer.is_system:
        return rows
    watched = Q(county_code__in=counties_of(viewer))
    return rows.filter(watched | _of_claim(viewer, "hand_over__claim__"))


def open_incidents(viewer: Actor) -> QuerySet[Incident]:
    """What waits for this coordinator's decision, oldest first."""
    waiting = visible_incidents(viewer).filter(
        status=IncidentStatus.OPEN, county_code__in=counties_of(viewer)
    )
    return waiting.order_by("opened_at", "id")


def _of_claim(viewer: Actor, prefix: str) -> Q:
    own, counties = organizations_of(viewer).values("pk"), list(counties_of(viewer))
    return (
        Q(**{f"{prefix}organization__in": own})
        | Q(**{f"{prefix}listing__organization__in": own})
        | Q(**{f"{prefix}county_code__in": counties})
        | Q(**{f"{prefix}listing__county_code__in": counties})
    )


def _carried(viewer: Actor) -> Q:
    """By the viewer as courier; a key that is bound to an organization is no courier."""
    if viewer.user_id is None or viewer.organization_id is not None:
        return Q(pk__in=())
    return Q(from_courier__user_id=viewer.user_id) | Q(to_courier__user_id=viewer.user_id)
