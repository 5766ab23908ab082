"""A courier has arrived at a stop."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.change_stop import change_stop
from logistics.domain.lifecycle import StopStatus
from logistics.models import Stop
from logistics.permissions import own_stop


@transaction.atomic
def arrive_at_stop(*, stop_id: UUID, by: Actor, now: datetime) -> Stop:
    """The courier is there. Raises NotFound, NotUnderWay, IllegalTransition."""
    stop = own_stop(stop_id, by)
    return change_stop(stop=stop, to=StopStatus.ARRIVED, by=by, now=now, arrived_at=now)
