"""Takes the planning of one road group for a while, so that only one solver works on it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.refusals import Refusal
from backend.events.record import record
from logistics.models import Plan, PlanStatus
from logistics.selectors.audience import plan_audiences

#: Longer than any solve: a plan whose solver died is taken over after this.
LEASE = timedelta(minutes=3)
ABANDONED = "abandoned"


class AreaBusy(Refusal):
    """Another plan of the road group is being worked out."""

    code = "area_busy"
    message = _("A plan for this area is being worked out already.")


@transaction.atomic
def begin_plan(
    *, area: str, digest: str, inputs: dict[str, Any], seed: int, by: Actor, now: datetime
) -> Plan:
    """A new plan under lease; one whose lease is over has failed. Raises AreaBusy."""
    _fail_abandoned(area, by=by, now=now)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                area=area,
                seed=seed,
                digest=digest,
                inputs=inputs,
                started_at=now,
                lease_until_at=now + LEASE,
            )
    except IntegrityError as error:
        raise AreaBusy() from error
    record(
        "plan.begun",
        subject=plan,
        by=by,
        now=now,
        audiences=plan_audiences(area),
        payload={"area": area},
    )
    return plan


def _fail_abandoned(area: str, *, by: Actor, now: datetime) -> None:
    """Plans of which the lease is over: whoever worked them out is gone."""
    over = Plan.objects.filter(area=area, status=PlanStatus.SOLVING, lease_until_at__lte=now)
    for plan in over.order_by("pk"):
        if not over.filter(pk=plan.pk).update(status=PlanStatus.FAILED, finished_at=now):
            continue
        plan.refresh_from_db(fields=["status", "finished_at"])
        record(
            "plan.failed",
            subject=plan,
            by=by,
            now=now,
            audiences=plan_audiences(area),
            payload={"area": area, "routes_offered": plan.routes.count()},
            reason=ABANDONED,
        )
