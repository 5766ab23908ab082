"""A coordinator ends the search of a plan early: the best routes found so far are offered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.events.record import record
from logistics.models import Plan
from logistics.permissions import PlanOver, planned_by
from logistics.selectors.audience import plan_audiences
from logistics.selectors.running import still_searching


@transaction.atomic
def stop_plan(*, plan_id: UUID, by: Actor, now: datetime) -> Plan:
    """Asks whichever process works the plan out to come to an end; asked twice is asked once.

    Raises NotFound for strangers, PlanOver when the search is over.
    """
    plan = planned_by(plan_id, by)
    running = still_searching(plan.pk)
    asked = running.filter(stop_asked_at__isnull=True).update(stop_asked_at=now)
    if not asked and not running.exists():
        raise PlanOver()
    plan.refresh_from_db()
    if asked:
        record(
            "plan.stop_asked",
            subject=plan,
            by=by,
            now=now,
            audiences=plan_audiences(plan.area),
            payload={"area": plan.area},
        )
    return plan
