"""Rounds of matching and the ends of offers, as background work."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import shared_task

from backend.claims.domain.reasons import Reason
from backend.common import clock
from backend.common.actor import person, system
from backend.common.sweeping import sweep_each
from backend.listings.models import Lot
from backend.regions.packs import pack
from matching.actions.apply_round import Applied, apply_round
from matching.actions.begin_round import begin_round
from matching.actions.finish_round import Outcome, finish_round
from matching.actions.finish_what_if import Trial, finish_what_if
from matching.actions.lapse_offer import lapse_offer
from matching.domain.apply import shares_of
from matching.domain.backups import backups_of
from matching.domain.codec import from_json, to_json
from matching.domain.problem import Problem
from matching.domain.shortages import Shortage
from matching.domain.solution import Unassigned
from matching.domain.weights import Weights
from matching.domain.what_if import Changes, measure, shifts, with_changes
from matching.models import Offer, OfferStatus, Round, RoundStatus, RoundTrigger
from matching.selectors.round_inputs import RoundInputs, areas_with_food, round_inputs
from matching.selectors.rounds import counties_touched
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


def _solve_and_finish(
    round_: Round, inputs: RoundInputs, *, counties: Iterable[str] | None = None
) -> None:
    """Offers what was found, if the checker agrees, and closes the round either way.

    What nobody expected closes it as failed, with what was offered until then, and is raised.
    `counties` hear how it came out; those of the food when not told.
    """
    if counties is None:
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
            left.lot_id: _left(left, answer.shortages.get(left.lot_id))
            for left in solution.unassigned
        },
    )


def _left(left: Unassigned, short: Shortage | None) -> dict[str, Any]:
    """How much stays and why; where only a driver is missing, what of it is short."""
    if short is None:
        return {"mass_g": left.mass_g, "reason": left.reason}
    reason = Reason.NO_COURIER_ON_SHIFT.value
    return {"mass_g": left.mass_g, "reason": reason, "short": to_json(short)}


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


@shared_task(name="matching.tasks.solve_what_if")
def solve_what_if(*, round_id: str, **_: Any) -> None:
    """Solves a trial twice, as it is and as it would be, and stores the comparison.

    Safe to run twice: the second finds it closed.
    """
    round_ = Round.objects.filter(pk=UUID(round_id), status=RoundStatus.RUNNING).first()
    if round_ is None or round_.comparison:
        return
    now, asked = clock.now(), round_.changes
    on = asked["pickup_date"]
    inputs = round_inputs(
        round_.area,
        now=now,
        weights=Weights(),
        pickup_date=date.fromisoformat(on) if on else None,
    )
    changed = with_changes(inputs.problem, from_json(Changes, asked["changes"], "changes"))
    trial = Trial(
        inputs=inputs_of(changed),
        digest=inputs.digest,
        weights_version=changed.weights.version,
        lots_considered=len(inputs.lots),
    )
    counties = counties_touched(round_.area)
    close = partial(finish_what_if, round_=round_, counties=counties, by=ROUND)
    try:
        trial = _try(trial, inputs.problem, seed=round_.seed)
    except Exception as error:
        failed = replace(trial, violations=[f"crashed:{type(error).__name__}"])
        close(trial=failed, now=clock.now())
        raise
    close(trial=trial, now=clock.now())


def _try(trial: Trial, as_it_is: Problem, *, seed: int) -> Trial:
    """Both plans, compared; what the solver or the checker says is wrong with either."""
    started_s = time.monotonic()
    try:
        before = solve(inputs_of(as_it_is), seed=seed)
        after = solve(trial.inputs, seed=seed)
    except SolveFailed as failure:
        return replace(trial, violations=[failure.code])
    return replace(
        trial,
        score=after.solution.score,
        bound=after.solution.bound,
        truncated=after.solution.truncated,
        solve_ms=round((time.monotonic() - started_s) * 1_000),
        violations=sorted({*before.breaches, *after.breaches}),
        comparison={
            "before": to_json(measure(as_it_is, before.solution)),
            "after": to_json(measure(as_it_is, after.solution)),
            "shifts": [to_json(each) for each in shifts(before.solution, after.solution)],
        },
    )


@shared_task(name="matching.tasks.solve_committed")
def solve_committed(*, round_id: str, **_: Any) -> None:
    """Offers what a trial proposed: its inputs and seed give the same plan again.

    What is no longer true by now is dropped and counted. Safe to run twice: mass that is held
    already is not there.
    """
    round_ = Round.objects.filter(pk=UUID(round_id), status=RoundStatus.RUNNING).first()
    if round_ is None:
        return
    problem = from_json(Problem, round_.inputs["problem"], "problem")
    lots = Lot.objects.select_related("listing").in_bulk([UUID(s.id) for s in problem.supplies])
    inputs = RoundInputs(
        area=round_.area,
        problem=replace(problem, now=clock.now()),
        lots={str(pk): lot for pk, lot in lots.items()},
        programmes={},
        digest=round_.digest,
    )
    _solve_and_finish(round_, inputs, counties=counties_touched(round_.area))


@shared_task(name="matching.tasks.lapse_offers")
def lapse_offers(**_: Any) -> int:
    """Ends offers whose time is over; returns how many."""
    now = clock.now()
    due = Offer.objects.filter(status=OfferStatus.OFFERED, answer_by_at__lte=now)
    ids = list(due.order_by("answer_by_at").values_list("pk", flat=True)[:500])
    swept = sweep_each("offers", ids, lambda pk: lapse_offer(offer_id=pk, by=SWEEP, now=now))
    return sum(lapsed is not None for lapsed in swept.results)
