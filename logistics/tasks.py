"""Plans of routes, and the ends of offers and shipments, as background work."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from celery import current_app, shared_task
from celery.signals import worker_process_init
from django.conf import settings

from backend.common import clock
from backend.common.actor import system
from backend.common.refusals import IllegalTransition, Refusal
from backend.common.solver_process import SolverError
from backend.common.sweeping import sweep_each
from logistics.actions.begin_plan import AreaBusy, begin_plan
from logistics.actions.end_search import end_search
from logistics.actions.expire_shipment import expire_shipment
from logistics.actions.finish_plan import Outcome, finish_plan
from logistics.actions.keep_plan import keep_plan
from logistics.actions.lapse_route_offer import lapse_route_offer
from logistics.actions.replace_routes import replace_routes
from logistics.adapters.plan_parts import KEPT_S, Place, PlanParts, help_with
from logistics.adapters.running_plan import RunningPlan
from logistics.domain.checker import check
from logistics.domain.lifecycle import ShipmentStatus
from logistics.domain.limits import Limits
from logistics.domain.offering import MG_PER_G
from logistics.domain.problem import Problem
from logistics.domain.solution import Solution
from logistics.domain.splitting.parts import Part
from logistics.domain.splitting.stages import is_large, solve_in_parts
from logistics.domain.stability import Threshold, reconsidered
from logistics.domain.uncertainty import Punctuality
from logistics.models import Plan, PlanStatus, RouteOffer, RouteOfferStatus, Shipment
from logistics.selectors.audience import plan_audiences
from logistics.selectors.drafting import route_drafts
from logistics.selectors.planning import PlanningInputs, areas_with_work, planning_inputs
from logistics.selectors.punctuality import plan_punctuality, punctuality_figures
from logistics.selectors.reopening import Reopened, RouteChange, reopened, route_changes
from logistics.solver_process import routing_process

log = structlog.get_logger(__name__)

#: The same inputs are looked at again after this, since time has passed.
REPEAT_AFTER = timedelta(minutes=10)
NOT_REPEATED = (PlanStatus.APPLIED, PlanStatus.CANCELLED)
PLAN = system("logistics.plan")
SWEEP = system("logistics.sweep")
#: A sweep leaves what is beyond this to the next one.
MOST_AT_ONCE = 500

Solve = Callable[..., Solution]


@worker_process_init.connect
def begin_solver(**_: Any) -> None:
    """Where plans are worked out, the solver starts beside the worker, before the first of them."""
    if "solve" in current_app.amqp.queues.consume_from:
        routing_process().start()


@shared_task(name="logistics.tasks.plan_areas")
def plan_areas(**_: Any) -> int:
    """Starts a plan in every road group in which something waits; returns how many."""
    areas = areas_with_work(clock.now())
    for area in areas:
        solve_area.delay(area=area)
    return len(areas)


@shared_task(name="logistics.tasks.solve_area")
def solve_area(*, area: str, again: bool = False, **_: Any) -> str | None:
    """Plans one road group; returns the plan's id, None when there was nothing to plan.

    `again`: somebody asked for it, so also if nothing has changed since the last plan.
    """
    plan = plan_area(area, now=clock.now(), again=again)
    return str(plan.pk) if plan else None


def plan_area(
    area: str,
    *,
    now: datetime,
    again: bool = False,
    limits: Limits | None = None,
    solve: Solve | None = None,
) -> Plan | None:
    """Reads, solves in the solver process, checks, and offers each route on its own.

    None when nothing waits, nobody drives, another plan of the area is being worked out, or one of
    the same inputs was applied or cancelled a short while ago, unless asked to do it `again`.

    A plan that fails or is cancelled offers nothing: what is in force stays. Safe to run twice: a
    second run finds the shipments on the first one's routes.
    """
    inputs = planning_inputs(area, now=now)
    if inputs.is_idle or (not again and _is_fresh(inputs, now)):
        return None
    seed = int(inputs.digest[:8], 16)
    try:
        plan = begin_plan(
            area=area, digest=inputs.digest, inputs=_sizes(inputs), seed=seed, by=PLAN, now=now
        )
    except AreaBusy:
        return None
    with RunningPlan(plan, plan_audiences(area)) as running:
        parts = PlanParts(plan.pk, running, ask=None if settings.EMBEDDED else _ask_a_worker)
        one = solve or partial(routing_process().solve, watch=parts.order)
        work = _work_out(inputs, _search(plan, running, parts, one, limits or Limits()))
    now = max(now, clock.now())
    if not end_search(plan_id=plan.pk, now=now):
        plan.refresh_from_db()
        return plan
    return _apply(plan, inputs, work, now=now)


def _search(
    plan: Plan, running: RunningPlan, parts: PlanParts, solve: Solve, limits: Limits
) -> Solve:
    """How a problem of this plan is solved: as a whole, or in parts when it is large."""

    def stage(of: Sequence[Part]) -> list[Solution | None]:
        keep_plan(plan_id=plan.pk, now=clock.now())
        return parts.solve(of, solve)

    def search(problem: Problem, **given: Any) -> Solution:
        chosen = {"limits": limits, "seed": plan.seed, **given}
        if is_large(problem):
            return solve_in_parts(problem, stage, is_over=parts.is_over, **chosen)
        return solve(problem, on_progress=running.hear, **chosen)

    return search


def _ask_a_worker(place: Place) -> None:
    """To work out one part of a plan. Nobody waits for it: the plan takes over what lies."""
    solve_part.apply_async(
        kwargs={"plan_id": str(place.plan_id), "stage": place.stage, "number": place.number},
        expires=KEPT_S,
    )


@shared_task(name="logistics.tasks.solve_part")
def solve_part(*, plan_id: str, stage: int, number: int, **_: Any) -> bool:
    """Works out one part of a large plan; whether there was anything to do."""
    return help_with(Place(UUID(plan_id), stage, number), routing_process().solve)


def _is_fresh(inputs: PlanningInputs, now: datetime) -> bool:
    """Whether the area's last plan was made of the same inputs a short while ago."""
    last = Plan.objects.filter(area=inputs.area, status__in=NOT_REPEATED).first()
    if last is None or last.digest != inputs.digest:
        return False
    return last.started_at > now - REPEAT_AFTER


def _sizes(inputs: PlanningInputs) -> dict[str, Any]:
    problem = inputs.problem
    return {
        "shipments": len(problem.shipments),
        "vehicles": len(problem.vehicles),
        "points": problem.points,
        "locked_tasks": sum(len(lock.tasks) for lock in problem.locks),
    }


@dataclass(frozen=True, slots=True)
class _Work:
    """What the solver found, if anything; `violations` say why it cannot be used.

    `opened` when it takes offers back that nobody has answered yet.
    """

    solution: Solution | None
    violations: tuple[str, ...]
    opened: Reopened | None = None
    solve_ms: int = 0


def _work_out(inputs: PlanningInputs, solve: Solve) -> _Work:
    """First with every offer as it stands; then whether changing some brings enough."""
    started_s = time.monotonic()
    work = _with_offers_kept(inputs.problem, solve)
    opened = None if work.solution is None or work.violations else reopened(inputs)
    if work.solution is not None and opened is not None:
        better = _with_offers_open(opened, work.solution, solve)
        work = work if better is None else replace(work, solution=better, opened=opened)
    return replace(work, solve_ms=round((time.monotonic() - started_s) * 1_000))


def _with_offers_kept(problem: Problem, solve: Solve) -> _Work:
    try:
        solution = solve(problem)
    except SolverError as error:
        return _Work(None, (f"solver:{type(error).__name__}",))
    return _Work(solution, tuple(sorted({each.code for each in check(problem, solution)})))


def _with_offers_open(opened: Reopened, plan: Solution, solve: Solve) -> Solution | None:
    """None when the offers should stay, or nobody can tell."""
    gain = settings.ROUTE_CHANGE_GAIN
    threshold = Threshold(per_route=gain["per_route_g"] * MG_PER_G, percent=gain["percent"])
    try:
        return reconsidered(
            opened.inputs.problem,
            plan,
            lambda problem, start: solve(problem, start=start),
            threshold,
            opened.promised,
        )
    except SolverError as error:
        log.warning("offers_not_reconsidered", error=type(error).__name__)
        return None


def _apply(plan: Plan, inputs: PlanningInputs, work: _Work, *, now: datetime) -> Plan:
    """Offers the routes, what belongs together at once, and closes the plan either way."""
    offered = dropped = taken_back = 0
    unassigned, figures = {}, _figures(work.solution)
    if work.solution is not None and not work.violations:
        planned = inputs if work.opened is None else work.opened.inputs
        punctuality = plan_punctuality(planned, work.solution, seed=plan.seed)
        figures |= punctuality_figures(punctuality)
        for change in _changes(inputs, work, work.solution, punctuality):
            try:
                replace_routes(
                    plan=plan,
                    taken_back=change.taken_back,
                    drafts=change.drafts,
                    by=PLAN,
                    now=now,
                )
                offered += len(change.drafts)
                taken_back += len(change.taken_back)
            except Refusal:
                dropped += len(change.drafts)
        figures |= {"routes_taken_back": taken_back}
        unassigned = {key: reason.value for key, reason in work.solution.unassigned.items()}
    return finish_plan(
        plan_id=plan.pk,
        outcome=Outcome(
            figures=figures,
            violations=work.violations,
            unassigned=unassigned,
            routes_offered=offered,
            routes_dropped=dropped,
            is_estimated=inputs.is_estimated,
            solve_ms=work.solve_ms,
        ),
        by=PLAN,
        now=now,
    )


def _changes(
    inputs: PlanningInputs, work: _Work, solution: Solution, punctuality: Punctuality
) -> Iterator[RouteChange]:
    if work.opened is not None:
        yield from route_changes(work.opened, solution, punctuality)
    else:
        for draft in route_drafts(inputs, solution, punctuality):
            yield RouteChange((), (draft,))


def _figures(solution: Solution | None) -> dict[str, Any]:
    if solution is None:
        return {}
    return {
        "engine": solution.engine,
        "truncated": solution.truncated,
        "bound": solution.bound,
        "cost": asdict(solution.cost),
        "routes": len(solution.routes),
        "distance_m": sum(route.distance_m for route in solution.routes),
        "unassigned": len(solution.unassigned),
        **solution.figures,
    }


@shared_task(name="logistics.tasks.lapse_route_offers")
def lapse_route_offers(**_: Any) -> int:
    """Ends offers of routes that nobody answered in time; returns how many."""
    return lapse_due(now=clock.now())


def lapse_due(*, now: datetime) -> int:
    due = RouteOffer.objects.filter(status=RouteOfferStatus.OFFERED, answer_by_at__lte=now)
    ids = list(due.order_by("answer_by_at", "id").values_list("pk", flat=True)[:MOST_AT_ONCE])
    swept = sweep_each(
        "route offers", ids, lambda pk: lapse_route_offer(offer_id=pk, by=SWEEP, now=now)
    )
    return sum(lapsed is not None for lapsed in swept.results)


@shared_task(name="logistics.tasks.expire_shipments")
def expire_shipments(**_: Any) -> int:
    """Gives up what nobody fetched while it could be fetched; returns how many it looked at."""
    return expire_due(now=clock.now())


def expire_due(*, now: datetime) -> int:
    open_ones = (ShipmentStatus.WAITING, ShipmentStatus.PLANNED)
    due = Shipment.objects.filter(status__in=open_ones, pickup_until_at__lte=now)
    ids = list(due.order_by("pickup_until_at", "id").values_list("pk", flat=True)[:MOST_AT_ONCE])
    sweep_each(
        "shipments",
        ids,
        lambda pk: expire_shipment(shipment_id=pk, by=SWEEP, now=now),
        expected=(IllegalTransition,),  # somebody else moved it: the next sweep looks again
    )
    return len(ids)
