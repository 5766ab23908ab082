"""Rounds of matching and the ends of offers, as background work."""

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import shared_task

from backend.common import clock
from backend.common.actor import person, system
from backend.common.sweeping import sweep_each
from backend.regions.packs import pack
from matching.actions.apply_round import Applied, apply_round
from matching.actions.begin_round import begin_round
from matching.actions.finish_round import Outcome, finish_round
from matching.actions.lapse_offer import lapse_offer
from matching.domain.apply import shares_of
from matching.domain.backups import backups_of
from matching.domain.weights import Weights
from matching.models import Offer, OfferStatus, Round, RoundStatus, RoundTrigger
from matching.selectors.round_inputs import RoundInputs, areas_with_food, round_inputs
from matching.solver_process import Answer, SolveFailed, inputs_of, solve

#: A round that found nothing to offer is not repeated on the same inputs for so long.
REPEAT_AFTER = timedelta(minutes=30)
#: No round runs for longer, not even on the fast clock of a demonstration.
LONGEST = timedelta(hours=6)
ROUND = system("matching.round")
SWEEP = system("matching.sweep")


@shared_task(name="matching.tasks.run_rounds")
def run_rounds(**_: Any) -> int:
    """Starts a round for every road group and day with food nobody was promised; returns how many.

    Rounds that never came to an end, because their worker did, are closed first.
    """
    now = clock.now()
    close_abandoned(now=now)
    due = areas_with_food(now)
    for area, pickup_date in due:
        solve_round.delay(area=area, pickup_date=pickup_date.isoformat())
    return len(due)


def close_abandoned(*, now: datetime) -> int:
    """Closes rounds that are running for longer than any can; returns how many."""
    lost = Round.objects.filter(status=RoundStatus.RUNNING, started_at__lte=now - LONGEST)
    rounds = list(lost.defer("inputs").order_by("pk")[:100])
    outcome = Outcome(violations=["abandoned"])
    close = partial(finish_round, outcome=outcome, by=SWEEP, now=now)
    return len(sweep_each("rounds", rounds, lambda lost_one: close(round_=lost_one)).results)


@shared_task(name="matching.tasks.solve_round")
def solve_round(
    *,
    area: str,
    trigger: str = RoundTrigger.SCHEDULE.value,
    listing_ids: Sequence[str] | None = None,
    pickup_date: str | None = None,
    asked_by_id: str | None = None,
    **_: Any,
) -> str | None:
    """One round: read, solve in the solver process, check, offer. Returns the round's id, if any.

    Safe to run twice: a second run finds the mass held by the first one's offers. `asked_by_id` is
    the person who wanted it now.
    """
    now = clock.now()
    inputs = round_inputs(
        area,
        now=now,
        weights=Weights(),
        listing_ids=None if listing_ids is None else [UUID(one) for one in listing_ids],
        pickup_date=None if pickup_date is None else date.fromisoformat(pickup_date),
    )
    by_hand = trigger == RoundTrigger.HAND
    if inputs.is_idle or (_was_fruitless(inputs) and not by_hand):
        return None
    by = person(UUID(asked_by_id)) if asked_by_id else ROUND
    round_ = begin_round(
        area=area,
        trigger=RoundTrigger(trigger),
        seed=Round.objects.filter(area=area).count(),
        weights_version=inputs.problem.weights.version,
        digest=inputs.digest,
        inputs=inputs_of(inputs.problem),
        lots_considered=len(inputs.lots),
        by=by,
        now=now,
    )
    _solve_and_finish(round_, inputs)
    return str(round_.pk)


def _solve_and_finish(round_: Round, inputs: RoundInputs) -> None:
    """Offers what was found, if the checker agrees, and closes the round either way.

    What nobody expected closes it as failed, with what was offered until then, and is raised.
    """
    counties = {lot.listing.county_code for lot in inputs.lots.values()}
    close = partial(finish_round, round_=round_, counties=counties, by=ROUND)
    try:
        outcome, applied, now = _work_out(round_, inputs)
    except Exception as error:
        outcome = Outcome(violations=[f"crashed:{type(error).__name__}"])
        close(outcome=outcome, made=round_.offers.count(), now=clock.now())
        raise
    close(outcome=outcome, made=applied.made, dropped=applied.dropped, now=now)


def _work_out(round_: Round, inputs: RoundInputs) -> tuple[Outcome, Applied, datetime]:
    started_s = time.monotonic()
    try:
        answer = solve(round_.inputs, seed=round_.seed)
    except SolveFailed as failure:
        return Outcome(violations=[failure.code]), Applied(), clock.now()
    outcome = _outcome(answer, solve_ms=round((time.monotonic() - started_s) * 1_000))
    now = clock.now()
    return outcome, _apply(round_, inputs, answer, now=now), now


def _apply(round_: Round, inputs: RoundInputs, answer: Answer, *, now: datetime) -> Applied:
    if answer.breaches:
        return Applied()
    problem, explanations, zone = inputs.problem, answer.explanations, pack().zone
    shares = list(shares_of(problem, answer.solution, explanations, zone))
    backups = {
        (each.behind.listing_id, each.behind.programme_id): each.share
        for each in backups_of(problem, shares, explanations, zone)
    }
    return apply_round(round_=round_, shares=shares, backups=backups, by=ROUND, now=now)


def _outcome(answer: Answer, *, solve_ms: int) -> Outcome:
    solution = answer.solution
    return Outcome(
        score=solution.score,
        bound=solution.bound,
        truncated=solution.truncated,
        solve_ms=solve_ms,
        violations=answer.breaches,
        unassigned={
            left.lot_id: {"mass_g": left.mass_g, "reason": left.reason}
            for left in solution.unassigned
        },
    )


def _was_fruitless(inputs: RoundInputs) -> bool:
    """Whether the same inputs gave nothing to offer a short while ago."""
    last = Round.objects.filter(
        area=inputs.area,
        status=RoundStatus.APPLIED,
        digest=inputs.digest,
        proposals_made=0,
        started_at__gt=inputs.problem.now - REPEAT_AFTER,
    )
    return last.exists()


@shared_task(name="matching.tasks.lapse_offers")
def lapse_offers(**_: Any) -> int:
    """Ends offers whose time is over; returns how many."""
    now = clock.now()
    due = Offer.objects.filter(status=OfferStatus.OFFERED, answer_by_at__lte=now)
    ids = list(due.order_by("answer_by_at").values_list("pk", flat=True)[:500])
    swept = sweep_each("offers", ids, lambda pk: lapse_offer(offer_id=pk, by=SWEEP, now=now))
    return sum(lapsed is not None for lapsed in swept.results)
