"""Says that what was asked for has come."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.needs.actions.end_request import end_request
from backend.needs.domain.lifecycle import RequestStatus
from backend.needs.models import Request


@transaction.atomic
def meet_request(*, request_id: UUID, by: Actor, now: datetime) -> Request:
    """Raises NotFound, NotAllowed, IllegalTransition when it has ended already."""
    return end_request(request_id=request_id, there=RequestStatus.MET, by=by, now=now)
