"""Makes a trial real: what it proposes is offered."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import IllegalTransition, NotFound, Refusal
from backend.events import audiences
from backend.events.record import record
from matching.models import Round, RoundStatus, RoundTrigger

#: What was seen longer ago is no longer what would be offered.
GOOD_FOR = timedelta(minutes=30)


class TrialTooOld(Refusal):
    """The food on offer has changed too much since the trial was made."""

    code = "trial_too_old"
    message = _("This trial is more than half an hour old. Please try it again.")


@transaction.atomic
def commit_what_if(*, round_id: UUID, by: Actor, now: datetime) -> Round:
    """Compares and sets: of two who commit it one does. A worker then offers the plan that was
    seen, as far as it is still true.

    Raises NotFound, NotAllowed, TrialTooOld, IllegalTransition when it was committed before or is
    no trial that can be.
    """
    trials = Round.objects.filter(pk=round_id, trigger=RoundTrigger.WHAT_IF)
    round_ = trials.defer("inputs").first()
    if round_ is None:
        raise NotFound()
    require(by, "matching.run_round", round_.area)
    if round_.status == RoundStatus.TRIED and round_.started_at + GOOD_FOR < now:
        raise TrialTooOld()
    ready = trials.filter(status=RoundStatus.TRIED)
    if not ready.update(status=RoundStatus.RUNNING, finished_at=None):
        raise IllegalTransition(round_.status, RoundStatus.RUNNING)
    round_.refresh_from_db(fields=["status", "finished_at"])
    record(
        "round.committed",
        subject=round_,
        by=by,
        now=now,
        audiences=[audiences.person(by.user_id)] if by.user_id else [],
        payload={"area": round_.area},
    )
    return round_
