"""The one place where a stop's status changes, with its event."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from backend.common import lifecycle
from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition
from backend.events.record import record
from logistics.domain.lifecycle import STOP_NEXT, StopStatus
from logistics.models import Stop
from logistics.selectors.audience import route_audiences


@transaction.atomic
def change_stop(
    *,
    stop: Stop,
    to: StopStatus,
    by: Actor,
    now: datetime,
    reason: str = "",
    **columns: Any,
) -> Stop:
    """Compares and sets the status and the given columns; raises IllegalTransition otherwise."""
    here = StopStatus(stop.status)
    lifecycle.advance(STOP_NEXT, here, to)
    changed = Stop.objects.filter(pk=stop.pk, status=here).update(
        status=to, version=F("version") + 1, **columns
    )
    if not changed:
        stop.refresh_from_db()
        raise IllegalTransition(stop.status, to.value)
    stop.refresh_from_db()
    record(
        f"stop.{to.value}",
        subject=stop,
        by=by,
        now=now,
        audiences=route_audiences(stop.route),
        payload={"route_id": str(stop.route_id), "sequence": stop.sequence},
        reason=reason,
    )
    return stop
