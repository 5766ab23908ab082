"""A plan while it is worked out: how far it is, and what became of it meanwhile."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet

from logistics.adapters.running_plan import progress_key
from logistics.models import Plan, PlanStatus


def still_searching(plan_id: UUID) -> QuerySet[Plan]:
    """The plan as long as its search may be stopped or called off; nothing after that."""
    return Plan.objects.filter(pk=plan_id, status=PlanStatus.SOLVING, solved_at__isnull=True)


def progress_of(plan: Plan) -> Mapping[str, Any] | None:
    """How far the search was a moment ago; None when it is over or has not told anything yet."""
    if plan.status != PlanStatus.SOLVING or plan.solved_at is not None:
        return None
    told: Mapping[str, Any] | None = cache.get(progress_key(plan.pk))
    return told
