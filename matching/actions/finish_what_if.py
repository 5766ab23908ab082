"""Stores how a trial compares with what is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition
from backend.events import audiences
from backend.events.record import record
from matching.actions.finish_round import milligrams
from matching.models import Round, RoundStatus


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found: the inputs with the changes, its plan's worth in kilograms, and how it
    compares. `violations` are codes of what the checker or the solver found wrong.
    """

    inputs: dict[str, Any]
    digest: str
    weights_version: str
    lots_considered: int
    score: float | None = None
    bound: float | None = None
    truncated: bool = False
    solve_ms: int = 0
    comparison: dict[str, Any] = field(default_factory=dict)
    violations: Sequence[str] = ()


@transaction.atomic
def finish_what_if(
    *, round_: Round, trial: Trial, by: Actor, now: datetime, counties: Iterable[str] = ()
) -> Round:
    """The trial can be compared and committed; one with violations has failed.

    Raises IllegalTransition when it was closed before.
    """
    status = RoundStatus.FAILED if trial.violations else RoundStatus.TRIED
    results: dict[str, Any] = {
        "status": status,
        "finished_at": now,
        "inputs": trial.inputs,
        "digest": trial.digest,
        "weights_version": trial.weights_version,
        "lots_considered": trial.lots_considered,
        "objective_mg": milligrams(trial.score),
        "bound_mg": milligrams(trial.bound),
        "truncated": trial.truncated,
        "solve_ms": trial.solve_ms,
        "comparison": trial.comparison,
        "checker_violations": list(trial.violations),
    }
    running = Round.objects.filter(pk=round_.pk, status=RoundStatus.RUNNING)
    if not running.update(**results):
        raise IllegalTransition(round_.status, status)
    round_.refresh_from_db(fields=list(results))
    record(
        "round.failed" if trial.violations else "round.tried",
        subject=round_,
        by=by,
        now=now,
        audiences=[audiences.county(code) for code in sorted(set(counties))],
        payload={"area": round_.area, "violations": list(trial.violations)},
    )
    return round_
