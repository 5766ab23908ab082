"""A courier stops driving, or a coordinator declines or ends it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import Invalid
from backend.couriers.actions.cancel_shift import cancel_coming_shifts
from backend.couriers.actions.move_courier import move_courier
from backend.couriers.domain.lifecycle import CourierStatus
from backend.couriers.models import Courier

REASONS = ("left", "no_training", "not_suitable", "misuse", "duplicate")


@transaction.atomic
def end_courier(
    *, courier_id: UUID, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Courier:
    """With one of REASONS; shifts that have not begun are cancelled."""
    if reason not in REASONS:
        raise Invalid.field("reason", "unknown_reason", _("Please choose one of the reasons."))
    courier = move_courier(
        courier_id=courier_id,
        to=CourierStatus.ENDED,
        permission="couriers.end",
        event="courier.ended",
        by=by,
        now=now,
        reason=reason,
        version=version,
    )
    cancel_coming_shifts(courier=courier, by=by, now=now)
    return courier
