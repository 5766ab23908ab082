"""Moves a request to where it ends: the common part of meeting, withdrawing and lapsing."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from backend.common.actor import Actor
from backend.common.lifecycle import advance
from backend.common.permissions import require
from backend.common.refusals import NotFound, Stale
from backend.events import audiences
from backend.needs.actions.record_need import record_need
from backend.needs.domain.lifecycle import NEXT, RequestStatus
from backend.needs.models import Request


def end_request(*, request_id: UUID, there: RequestStatus, by: Actor, now: datetime) -> Request:
    """Within the caller's transaction. Raises NotFound, NotAllowed, IllegalTransition, Stale."""
    requests = Request.objects.select_for_update(of=("self",)).select_related(
        "programme__location__organization"
    )
    request = requests.filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "needs.end_request", request)
    here = RequestStatus(request.status)
    advance(NEXT, here, there)
    unmoved = Request.objects.filter(pk=request_id, status=here)
    if not unmoved.update(status=there, version=F("version") + 1):
        raise Stale()
    request.refresh_from_db(fields=["status", "version"])
    record_need(
        f"request.{there.value}",
        subject=request,
        location=request.programme.location,
        by=by,
        now=now,
        payload={"programme_id": str(request.programme_id), "status": there.value},
        also=[audiences.public()] if request.is_public else [],
    )
    return request
