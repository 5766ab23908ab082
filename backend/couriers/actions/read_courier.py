"""Opens a courier's details for somebody, and notes when that is another person."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.common.refusals import NotFound
from backend.couriers.models import Courier
from backend.couriers.selectors import visible_couriers
from backend.events.record import audit


@transaction.atomic
def read_courier(*, courier_id: UUID, by: Actor, now: datetime) -> Courier:
    """The courier, for themselves and the coordinators of their county; NotFound for others."""
    courier = visible_couriers(by).filter(pk=courier_id).first()
    if courier is None:
        raise NotFound()
    if courier.user_id != by.user_id:
        audit("courier.read", subject=courier.user, by=by, now=now)
    return courier
