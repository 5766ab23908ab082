"""How long a hand-over takes at each location, by what was recorded there and by the region."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, OuterRef, Q, Subquery

from backend.custody.models import HandOver
from backend.custody.selectors.hand_over_times import estimates
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


@dataclass(frozen=True, slots=True)
class _Visit:
    """One visit as it went, beside how it was planned; `ready_at` when food is picked up."""

    location_id: UUID
    arrived_at: datetime
    handed_at: datetime
    planned_at: datetime
    service_from_at: datetime
    ready_at: datetime | None
    shipments: int

    @property
    def seconds_each(self) -> float:
        """From being ready at the door, or from its opening, to the end; per shipment."""
        setup = timedelta(seconds=SETUP_S)
        waits = self.service_from_at > self.planned_at + setup
        opens_at = self.service_from_at if waits else self.arrived_at
        began_at = max(self.arrived_at + setup, opens_at, self.ready_at or opens_at)
        return (self.handed_at - began_at).total_seconds() / self.shipments


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


@estimates
def planned_times(locations: Iterable[Location], *, now: datetime) -> dict[UUID, int]:
    """By location, the seconds that routes allow for one hand-over there."""
    return seconds_allowed(hand_over_times(locations, now=now))


def seconds_allowed(hand_overs: Mapping[UUID, Spread]) -> dict[UUID, int]:
    """What the share HAND_OVER_QUANTILE of all hand-overs does not exceed."""
    share = settings.HAND_OVER_QUANTILE
    return {pk: round(one.quantile_s(share)) for pk, one in hand_overs.items()}


def _seen(locations: Iterable[UUID], now: datetime) -> dict[UUID, list[float]]:
    """Seconds per shipment of the latest visits to each location."""
    seen: dict[UUID, list[float]] = {pk: [] for pk in locations}
    for visit in _visits(seen, now):
        times = seen[visit.location_id]
        if len(times) < MOST_VISITS:
            times.append(visit.seconds_each)
    return seen


def _visits(locations: Iterable[UUID], now: datetime) -> Iterator[_Visit]:
    """Visits at which somebody arrived and handed over, the latest first.

    The device's time of the last hand-over ends a visit; the stop itself closes when the server
    hears of it, which may be hours later.
    """
    handed = HandOver.objects.filter(visit_id=OuterRef("pk")).order_by("-at")
    rows = (
        Stop.objects.filter(
            location__in=list(locations),
            status=StopStatus.DONE,
            arrived_at__gt=now - REMEMBERED,
        )
        .annotate(
            handed_at=Subquery(handed.values("at")[:1]),
            ready_at=Max("tasks__shipment__pickup_from_at", filter=Q(tasks__is_pickup=True)),
            shipments=Count("tasks"),
        )
        .filter(handed_at__isnull=False, shipments__gt=0)
        .order_by("-arrived_at")
    )
    columns = ("location_id", "arrived_at", "handed_at", "arrive_at", "service_from_at")
    for row in rows.values_list(*columns, "ready_at", "shipments"):
        yield _Visit(*row)
