"""What a viewer may see of needs, consent, capacity and requests."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.common.actor import Actor
from backend.needs.models import (
    Capacity,
    CapacityUse,
    Request,
    RequestStatus,
    StandingConsent,
    StandingNeed,
)
from backend.organizations.models import Location
from backend.organizations.selectors import visible_locations, visible_programmes


def visible_needs(viewer: Actor) -> QuerySet[StandingNeed]:
    """Standing needs of the programmes that the viewer sees."""
    return StandingNeed.objects.select_related("programme").filter(
        programme__in=visible_programmes(viewer).values("pk")
    )


def visible_consents(viewer: Actor) -> QuerySet[StandingConsent]:
    """Consents, withdrawn ones too, of the programmes that the viewer sees."""
    return StandingConsent.objects.select_related("programme").filter(
        programme__in=visible_programmes(viewer).values("pk")
    )


def consents_in_force(*, on: date) -> QuerySet[StandingConsent]:
    """Consents that matching may use on that local date; for rounds, which have no viewer."""
    current = Q(until_date__isnull=True) | Q(until_date__gte=on)
    return StandingConsent.objects.in_force().filter(current).select_related("programme")


def visible_capacities(viewer: Actor) -> QuerySet[Capacity]:
    """Capacities of the places that the viewer sees."""
    return Capacity.objects.select_related("location").filter(
        location__in=visible_locations(viewer).values("pk")
    )


def visible_requests(viewer: Actor) -> QuerySet[Request]:
    """Requests of the programmes that the viewer sees, whatever became of them."""
    return Request.objects.select_related("programme__location__organization").filter(
        programme__in=visible_programmes(viewer).values("pk")
    )


def public_requests(*, now: datetime) -> QuerySet[Request]:
    """The public need board: open public requests of verified charities, for everybody."""
    return (
        Request.objects.select_related("programme__location__organization")
        .filter(is_public=True, status=RequestStatus.OPEN, needed_until_at__gt=now)
        .filter(programme__location__in=Location.objects.in_use().values("pk"))
    )


def room_left(location_ids: Iterable[UUID], *, on: date) -> Mapping[UUID, Mapping[str, int]]:
    """Grams that each place can still take in per storage class on a local date, in two queries.

    A storage class without a stated capacity is missing: nothing can be kept that way.
    """
    ids = list(location_ids)
    by_date = room_by_date(ids, dates=[on])
    return {location_id: by_date[location_id, on] for location_id in ids}


def room_by_date(
    location_ids: Iterable[UUID], *, dates: Iterable[date]
) -> Mapping[tuple[UUID, date], Mapping[str, int]]:
    """The same for several local dates at once, by place and date, still in two queries."""
    ids, days = list(location_ids), sorted(set(dates))
    stated: dict[UUID, dict[str, int]] = {location_id: {} for location_id in ids}
    for capacity in Capacity.objects.filter(location__in=ids):
        stated[capacity.location_id][capacity.storage_class] = capacity.limit_g
    room = {(location_id, day): dict(stated[location_id]) for location_id in ids for day in days}
    for use in CapacityUse.objects.filter(location__in=ids, local_date__in=days):
        of_day = room[use.location_id, use.local_date]
        if use.storage_class in of_day:
            of_day[use.storage_class] = max(0, use.limit_g - use.used_g)
    return room
