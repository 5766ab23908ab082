"""Who may hear what happens on the open board."""

from uuid import UUID

from backend.events import audiences
from backend.organizations.models import Location, Organization


@audiences.entitlement
def boards_of(user_id: UUID) -> frozenset[str]:
    """The boards of the road groups in which the person's verified organizations have places."""
    acting = Organization.objects.acting().filter(
        memberships__user_id=user_id, memberships__ended_at__isnull=True
    )
    places = Location.objects.filter(organization__in=acting, closed_at__isnull=True)
    groups = places.order_by().values_list("road_group", flat=True).distinct()
    return frozenset(audiences.board(group) for group in groups)
