"""How long a hand-over takes at each location, by what was recorded there and by the region."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from backend.custody.models import HandOver
from backend.organizations.models import Location
from backend.regions.packs import pack
from logistics.domain.service_times import Spread, learnt, sigma_of
from logistics.models import Stop, StopStatus

#: Parking and finding the door, once per visit.
SETUP_S: Final = 60
#: Older visits say little about who works there now.
REMEMBERED: Final = timedelta(days=120)
#: Of each location, the latest so many.
MOST_VISITS: Final = 60

_Row = tuple[UUID, datetime, datetime, datetime, datetime, int]


def hand_over_times(locations: Iterable[Location], *, now: datetime) -> dict[UUID, Spread]:
    """By location, the time that handing over one shipment takes there, set-up not counted."""
    known = {one.pk: one for one in locations}
    region = pack().logistics.hand_overs
    sigma = sigma_of(p50=region.p50, p90=region.p90)
    seen = _seen(known, now)
    return {
        pk: learnt(Spread(one.handling_s * region.p50, sigma), seen[pk], weight=region.visits)
        for pk, one in known.items()
    }


def _seen(locations: Mapping[UUID, Location], now: datetime) -> dict[UUID, list[float]]:
    """Seconds per shipment of the latest visits to each location."""
    seen: dict[UUID, list[float]] = {pk: [] for pk in locations}
    for pk, *visit in _visits(locations, now):
        if len(seen[pk]) < MOST_VISITS:
            seen[pk].append(_seconds_each(*visit))
    return seen


def _visits(locations: Iterable[UUID], now: datetime) -> "QuerySet[Stop, _Row]":
    """Visits at which somebody arrived and handed over, the latest first.

    The device's time of the last hand-over ends a visit; the stop itself closes when the server
    hears of it, which may be hours later.
    """
    handed = HandOver.objects.filter(visit_id=OuterRef("pk")).order_by("-at")
    visits = Stop.objects.filter(
        location__in=list(locations),
        status=StopStatus.DONE,
        arrived_at__gt=now - REMEMBERED,
    ).annotate(handed_at=Subquery(handed.values("at")[:1]), shipments=Count("tasks"))
    return (
        visits.filter(handed_at__isnull=False, shipments__gt=0)
        .order_by("-arrived_at")
        .values_list(
            *("location_id", "arrived_at", "handed_at"),
            *("arrive_at", "service_from_at", "shipments"),
        )
    )


def _seconds_each(
    arrived_at: datetime,
    handed_at: datetime,
    planned_at: datetime,
    opens_at: datetime,
    shipments: int,
) -> float:
    """From the arrival, or from the opening where the plan had the courier wait for it."""
    setup = timedelta(seconds=SETUP_S)
    waits = opens_at > planned_at + setup
    began_at = max(arrived_at + setup, opens_at) if waits else arrived_at + setup
    return (handed_at - began_at).total_seconds() / shipments
