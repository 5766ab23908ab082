"""Starts a round of matching over one road group."""

from datetime import datetime
from typing import Any

from django.db import transaction

from backend.common.actor import Actor
from backend.events.record import record
from matching.models import Round, RoundTrigger


@transaction.atomic
def begin_round(
    *,
    area: str,
    trigger: RoundTrigger,
    seed: int,
    weights_version: str,
    digest: str,
    inputs: dict[str, Any],
    lots_considered: int,
    by: Actor,
    now: datetime,
) -> Round:
    """Stores what goes in, so that the round can be run again and gives the same."""
    round_ = Round.objects.create(
        area=area,
        trigger=trigger,
        seed=seed,
        weights_version=weights_version,
        digest=digest,
        inputs=inputs,
        lots_considered=lots_considered,
        started_at=now,
    )
    record(
        "round.begun",
        subject=round_,
        by=by,
        now=now,
        audiences=[],
        payload={"area": area, "trigger": trigger.value, "lots": lots_considered},
    )
    return round_
