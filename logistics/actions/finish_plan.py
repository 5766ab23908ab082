"""Stores how a plan came out and why what waits could not be planned."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.events import audiences
from backend.events.record import record
from logistics.domain.lifecycle import ShipmentStatus
from logistics.models import Plan, PlanStatus, Shipment


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a solve came out; `violations` are the codes of what the checker or solver objects to,
    `unassigned` gives the reason for each shipment that is on no route.
    """

    figures: Mapping[str, Any]
    violations: Sequence[str]
    unassigned: Mapping[str, str]
    routes_offered: int
    routes_dropped: int
    is_estimated: bool
    solve_ms: int


@transaction.atomic
def finish_plan(*, plan_id: UUID, outcome: Outcome, by: Actor, now: datetime) -> Plan:
    """Closes the plan; one that the checker refused has failed and offered nothing.

    A plan that lost its lease meanwhile stays as it is.
    """
    status = PlanStatus.FAILED if outcome.violations else PlanStatus.APPLIED
    closed = Plan.objects.filter(pk=plan_id, status=PlanStatus.SOLVING).update(
        status=status,
        figures=dict(outcome.figures) | {"routes_offered": outcome.routes_offered},
        checker_violations=list(outcome.violations),
        routes_dropped=outcome.routes_dropped,
        is_estimated=outcome.is_estimated,
        solve_ms=outcome.solve_ms,
        finished_at=now,
    )
    plan = Plan.objects.get(pk=plan_id)
    if not closed:
        return plan
    counties = _note_reasons(outcome.unassigned)
    record(
        f"plan.{status.value}",
        subject=plan,
        by=by,
        now=now,
        audiences=[audiences.county(code) for code in counties],
        payload={
            "area": plan.area,
            "routes_offered": outcome.routes_offered,
            "routes_dropped": outcome.routes_dropped,
            "unassigned": len(outcome.unassigned),
        },
    )
    return plan


def _note_reasons(unassigned: Mapping[str, str]) -> list[str]:
    """Stores on waiting shipments why no route has them; returns the counties concerned."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for shipment_id, reason in unassigned.items():
        by_reason[reason].append(shipment_id)
    waiting = Shipment.objects.filter(status=ShipmentStatus.WAITING)
    for reason, ids in sorted(by_reason.items()):
        waiting.filter(pk__in=ids).update(unassigned_reason=reason)
    concerned = waiting.filter(pk__in=list(unassigned)).order_by()
    return sorted(set(concerned.values_list("county_code", flat=True)))
