"""A courier comes back from a rest."""

from datetime import datetime
from uuid import UUID

from backend.common.actor import Actor
from backend.couriers.actions.move_courier import move_courier
from backend.couriers.domain.lifecycle import CourierStatus
from backend.couriers.models import Courier


def resume_courier(
    *, courier_id: UUID, by: Actor, now: datetime, version: int | None = None
) -> Courier:
    """By the courier; IllegalTransition for one who was not pausing (applying is not pausing)."""
    return move_courier(
        courier_id=courier_id,
        to=CourierStatus.ACTIVE,
        only_from=CourierStatus.PAUSED,
        permission="couriers.change",
        event="courier.resumed",
        by=by,
        now=now,
        version=version,
    )
