"""Keeps a plan under lease while it is worked out for longer than others are."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from logistics.actions.begin_plan import LEASE
from logistics.selectors.running import still_searching


@transaction.atomic
def keep_plan(*, plan_id: UUID, now: datetime) -> bool:
    """False for a plan that was called off or taken over: nothing of it will be offered."""
    return bool(still_searching(plan_id).update(lease_until_at=now + LEASE))
