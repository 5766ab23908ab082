"""Sweeps over what charities ask for."""

from datetime import datetime

from celery import shared_task

from backend.common import clock
from backend.common.actor import system
from backend.common.refusals import IllegalTransition
from backend.common.sweeping import sweep_each
from backend.needs.actions.lapse_request import lapse_request
from backend.needs.models import Request, RequestStatus

SWEEP = system("needs.sweep")
MOST_AT_ONCE = 500


@shared_task
def lapse_due_requests(**_: object) -> int:
    """Ends requests whose time is over; returns how many."""
    return lapse_due(now=clock.now())


def lapse_due(*, now: datetime) -> int:
    due = Request.objects.filter(status=RequestStatus.OPEN, needed_until_at__lte=now)
    swept = sweep_each(
        "requests",
        list(due.order_by("id").values_list("pk", flat=True)[:MOST_AT_ONCE]),
        lambda request_id: lapse_request(request_id=request_id, by=SWEEP, now=now),
        expected=(IllegalTransition,),
    )
    return len(swept.results)
