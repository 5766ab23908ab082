"""Moves a courier along their life: what approving, pausing, resuming and ending share."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import IllegalTransition, NotFound, Stale
from backend.couriers.actions.telling import tell
from backend.couriers.domain.lifecycle import CourierStatus, advance
from backend.couriers.models import Courier
from backend.organizations.actions.rows import refuse_if_stale


@transaction.atomic
def move_courier(
    *,
    courier_id: UUID,
    to: CourierStatus,
    permission: str,
    event: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    only_from: CourierStatus | None = None,
    version: int | None = None,
) -> Courier:
    """Advances the status if nobody else did meanwhile; `only_from` narrows what the table allows.

    Raises NotFound, NotAllowed, IllegalTransition, Stale.
    """
    courier = Courier.objects.filter(pk=courier_id).first()
    if courier is None:
        raise NotFound()
    require(by, permission, courier)
    refuse_if_stale(courier, version)
    here = CourierStatus(courier.status)
    if only_from not in (None, here):
        raise IllegalTransition(here, to)
    advance(here, to)
    unmoved = Courier.objects.filter(pk=courier_id, status=here)
    if not unmoved.update(status=to.value, version=F("version") + 1):
        raise Stale()
    courier.refresh_from_db()
    tell(courier, event, by=by, now=now, reason=reason)
    return courier
