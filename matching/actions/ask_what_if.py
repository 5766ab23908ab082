"""Asks for a trial: what a round would do if something were different."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid
from backend.events import audiences
from backend.events.record import record
from matching.domain.codec import to_json
from matching.domain.weights import Weights
from matching.domain.what_if import Changes
from matching.models import Round, RoundTrigger


@transaction.atomic
def ask_what_if(
    *, area: str, pickup_date: date | None, changes: Changes, by: Actor, now: datetime
) -> Round:
    """Stores what is to be tried; a worker solves it, with and without the changes.

    Nothing is offered. Raises NotAllowed, and Invalid when nothing would be different.
    """
    require(by, "matching.run_round", area)
    if changes.is_nothing:
        raise Invalid.field("changes", "nothing_changes", _("Please change something first."))
    round_ = Round.objects.create(
        area=area,
        trigger=RoundTrigger.WHAT_IF,
        seed=Round.objects.filter(area=area).count(),
        weights_version=Weights().version,
        digest="",
        started_at=now,
        changes={
            "changes": to_json(changes),
            "pickup_date": pickup_date.isoformat() if pickup_date else None,
        },
    )
    record(
        "round.asked",
        subject=round_,
        by=by,
        now=now,
        audiences=[audiences.person(by.user_id)] if by.user_id else [],
        payload={"area": area, "trigger": RoundTrigger.WHAT_IF.value},
    )
    return round_
