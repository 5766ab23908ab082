"""What programmes received in the past, as far as it still weighs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet, Sum
from django.db.models.functions import TruncDate

from backend.regions.packs import pack
from matching.domain.fairness import HALF_LIFE
from matching.models import FairnessEntry

#: What was received longer ago than this weighs less than a sixtieth.
WEIGHS_FOR: timedelta = 6 * HALF_LIFE


def received_by_day(
    entries: QuerySet[FairnessEntry], *, now: datetime
) -> Mapping[UUID, list[tuple[int, datetime]]]:
    """Grams of each local day by programme, with the day's last instant; days without are left out.

    The database adds up: however much a programme received, it is one row a day and half a year.
    """
    by_day = (
        entries.filter(at__gt=now - WEIGHS_FOR)
        .order_by()
        .annotate(day=TruncDate("at", tzinfo=pack().zone))
        .values("programme_id", "day")
        .annotate(total_g=Sum("mass_g"), last_at=Max("at"))
        .order_by("programme_id", "day")
    )
    received: dict[UUID, list[tuple[int, datetime]]] = {}
    for row in by_day:
        received.setdefault(row["programme_id"], []).append((row["total_g"], row["last_at"]))
    return received
