"""What a viewer was told, and who is to be told."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from backend.common.actor import Actor
from backend.organizations.models import Membership
from matching.models import Offer
from notifications.models import Notification


def inbox(viewer: Actor) -> QuerySet[Notification]:
    """The viewer's own messages, the newest first; a key for one organization has no inbox."""
    if viewer.user_id is None or viewer.organization_id is not None:
        return Notification.objects.none()
    return Notification.objects.filter(user_id=viewer.user_id)


def unseen(viewer: Actor) -> QuerySet[Notification]:
    """Those of them that the viewer has not looked at."""
    return inbox(viewer).filter(seen_at__isnull=True)


def members_of(*organization_ids: UUID) -> set[UUID]:
    """The people who act for these organizations now."""
    held = Membership.objects.current().filter(
        organization_id__in=organization_ids, user__is_active=True
    )
    return set(held.values_list("user_id", flat=True))


def offer_facts(offer: Offer) -> dict[str, Any]:
    """What messages about an offer say."""
    mass_g = offer.proposals.aggregate(total=Sum("mass_g", default=0))["total"]
    return {
        "offer_id": str(offer.pk),
        "title": offer.listing.title,
        "mass_g": mass_g,
        "time_at": offer.answer_by_at.isoformat(),
    }
