"""Approves a courier: from then on they may plan shifts."""

from datetime import datetime
from uuid import UUID

from backend.common.actor import Actor
from backend.couriers.actions.move_courier import move_courier
from backend.couriers.domain.lifecycle import CourierStatus
from backend.couriers.models import Courier


def approve_courier(
    *, courier_id: UUID, by: Actor, now: datetime, version: int | None = None
) -> Courier:
    """By a coordinator of the county; IllegalTransition for one who has not just applied."""
    return move_courier(
        courier_id=courier_id,
        to=CourierStatus.ACTIVE,
        only_from=CourierStatus.APPLIED,
        permission="couriers.approve",
        event="courier.approved",
        by=by,
        now=now,
        version=version,
    )
