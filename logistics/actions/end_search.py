"""The search of a plan is over: from now on it is applied and can no longer be called off."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from logistics.selectors.running import still_searching


@transaction.atomic
def end_search(*, plan_id: UUID, now: datetime) -> bool:
    """Whether what was found may be offered: False for a plan that was cancelled or taken over.

    The plan's own end tells what became of it; this step is told to nobody.
    """
    return bool(still_searching(plan_id).update(solved_at=now))
