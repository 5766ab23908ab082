"""Stores how a round came out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition
from backend.events import audiences
from backend.events.record import record
from matching.models import Round, RoundStatus

MG_PER_KG = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solve gave: score and bound in kilograms, codes of what the checker or the solver
    found wrong, and why lots were left (lot id to facts).
    """

    score: float | None = None
    bound: float | None = None
    truncated: bool = False
    solve_ms: int = 0
    violations: Sequence[str] = ()
    unassigned: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@transaction.atomic
def finish_round(
    *,
    round_: Round,
    outcome: Outcome,
    by: Actor,
    now: datetime,
    made: int = 0,
    dropped: int = 0,
    counties: Iterable[str] = (),
) -> Round:
    """Closes the round; one that the checker refused has failed and offered nothing.

    Raises IllegalTransition when it was closed before.
    """
    failed = bool(outcome.violations)
    status = RoundStatus.FAILED if failed else RoundStatus.APPLIED
    results: dict[str, Any] = {
        "status": status,
        "finished_at": now,
        "solve_ms": outcome.solve_ms,
        "proposals_made": made,
        "proposals_dropped": dropped,
        "objective_mg": milligrams(outcome.score),
        "bound_mg": milligrams(outcome.bound),
        "truncated": outcome.truncated,
        "checker_violations": list(outcome.violations),
        "unassigned": dict(outcome.unassigned),
    }
    running = Round.objects.filter(pk=round_.pk, status=RoundStatus.RUNNING)
    if not running.update(**results):
        raise IllegalTransition(round_.status, status)
    round_.refresh_from_db(fields=list(results))
    record(
        "round.failed" if failed else "round.applied",
        subject=round_,
        by=by,
        now=now,
        audiences=[audiences.county(code) for code in sorted(set(counties))],
        payload={
            "area": round_.area,
            "made": made,
            "dropped": dropped,
            "unassigned": len(outcome.unassigned),
            "violations": list(outcome.violations),
        },
    )
    return round_


def milligrams(kilograms: float | None) -> int | None:
    """As rounds store what a plan is worth."""
    return None if kilograms is None else round(kilograms * MG_PER_KG)
