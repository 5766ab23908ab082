"""A coordinator calls a plan off while it is worked out: nothing of it is offered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.events.record import record
from logistics.models import Plan, PlanStatus
from logistics.permissions import PlanOver, planned_by
from logistics.selectors.audience import plan_audiences
from logistics.selectors.running import still_searching


@transaction.atomic
def cancel_plan(*, plan_id: UUID, by: Actor, now: datetime) -> Plan:
    """Ends the plan at once, even if the process that works it out is gone; that one sees it.

    What is in force stays. Raises NotFound for strangers, PlanOver when the search is over.
    """
    plan = planned_by(plan_id, by)
    ended = still_searching(plan.pk).update(status=PlanStatus.CANCELLED, finished_at=now)
    if not ended:
        raise PlanOver()
    plan.refresh_from_db()
    record(
        "plan.cancelled",
        subject=plan,
        by=by,
        now=now,
        audiences=plan_audiences(plan.area),
        payload={"area": plan.area},
    )
    return plan
