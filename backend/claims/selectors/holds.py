"""Which lots wait for those who got least, and until when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from backend.claims.domain.hold import Hold
from backend.claims.models import LotHold


def holds_on(lot_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Hold]:
    """The holds in force on these lots, in a constant number of queries."""
    holds = LotHold.objects.filter(lot__in=lot_ids, until_at__gt=now)
    return {
        each.lot_id: Hold(each.until_at, frozenset(str(one.pk) for one in each.programmes.all()))
        for each in holds.prefetch_related("programmes")
    }
