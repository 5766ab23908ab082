"""Cancels a planned shift."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, Stale
from backend.couriers.actions.change_shift import held_for_change
from backend.couriers.actions.telling import tell
from backend.couriers.domain.lifecycle import ShiftStatus, advance_shift
from backend.couriers.models import Courier, Shift
from backend.organizations.actions.rows import refuse_if_stale

REASONS = ("unavailable", "vehicle_broken", "not_needed", "weather", "courier_stopped")


@transaction.atomic
def cancel_shift(
    *, shift_id: UUID, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Shift:
    """By the courier or a coordinator of the county, with one of REASONS; routes on it go back
    when logistics hears. Raises IllegalTransition when it was cancelled before.
    """
    if reason not in REASONS:
        raise Invalid.field("reason", "unknown_reason", _("Please choose one of the reasons."))
    shift = held_for_change(shift_id)
    require(by, "couriers.cancel_shift", shift)
    refuse_if_stale(shift, version)
    return _cancelled(shift, reason=reason, by=by, now=now)


def cancel_coming_shifts(*, courier: Courier, by: Actor, now: datetime) -> None:
    """Cancels every shift of the courier that has not begun; part of pausing and ending."""
    coming = Shift.objects.select_for_update().planned().filter(courier=courier, from_at__gt=now)
    for shift in coming.order_by("pk"):
        shift.courier = courier
        _cancelled(shift, reason="courier_stopped", by=by, now=now)


def _cancelled(shift: Shift, *, reason: str, by: Actor, now: datetime) -> Shift:
    there = advance_shift(ShiftStatus(shift.status), ShiftStatus.CANCELLED)
    here = Shift.objects.filter(pk=shift.pk, status=shift.status)
    if not here.update(status=there.value, version=F("version") + 1):
        raise Stale()
    shift.refresh_from_db(fields=["status", "version"])
    tell(shift, "shift.cancelled", by=by, now=now, reason=reason)
    return shift
