"""A courier takes a rest: shifts that have not begun are cancelled, none can be planned."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.couriers.actions.cancel_shift import cancel_coming_shifts
from backend.couriers.actions.move_courier import move_courier
from backend.couriers.domain.lifecycle import CourierStatus
from backend.couriers.models import Courier


@transaction.atomic
def pause_courier(
    *, courier_id: UUID, by: Actor, now: datetime, version: int | None = None
) -> Courier:
    """By the courier; a shift under way goes on to its end."""
    courier = move_courier(
        courier_id=courier_id,
        to=CourierStatus.PAUSED,
        permission="couriers.change",
        event="courier.paused",
        by=by,
        now=now,
        version=version,
    )
    cancel_coming_shifts(courier=courier, by=by, now=now)
    return courier
