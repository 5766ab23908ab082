"""A plan while it is worked out, as the desk watches it: how far it is, and ending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backend.common import clock
from backend.web.acting import Audience, actor
from backend.web.components import Confirm, Text
from backend.web.guards import for_audience
from logistics.actions.cancel_plan import cancel_plan
from logistics.actions.stop_plan import stop_plan
from logistics.models import Plan, PlanStatus
from logistics.permissions import PlanOver
from logistics.selectors.running import progress_of

#: What the solver process says when it gives no plan; anything else is the checker's.
FAILURES = {
    "solver:SolverOutOfMemory": gettext_lazy("The plan needed more memory than it may take."),
    "solver:SolverTimedOut": gettext_lazy("The plan was not ready in time."),
    "solver:SolverDied": gettext_lazy("The process that worked the plan out has ended."),
    "solver:SolverFailed": gettext_lazy("The solver could not work with what it was given."),
}
UNKNOWN = "–"
MG_PER_KG = 1_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of a running plan: the page's script fills it in again, divided by `per`."""

    name: str
    label: Text
    value: str
    per: int = 1


def running(plan: Plan) -> dict[str, Any]:
    """What the page shows of the search, and whether it can be ended."""
    searches = plan.status == PlanStatus.SOLVING and plan.solved_at is None
    return {
        "searches": searches,
        "readings": _readings(plan) if searches else (),
        "call_off": _call_off(plan) if searches else None,
        "failure": next((FAILURES[c] for c in plan.checker_violations if c in FAILURES), None),
    }


@for_audience(Audience.COORDINATOR)
@require_POST
def stop(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The best routes found so far are offered."""
    try:
        stop_plan(plan_id=plan_id, by=actor(request), now=clock.now())
    except PlanOver as refusal:
        messages.info(request, str(refusal))
    return redirect("web:desk_plan", plan_id)


@for_audience(Audience.COORDINATOR)
@require_POST
def cancel(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Nothing of the plan is offered; what is in force stays."""
    try:
        cancel_plan(plan_id=plan_id, by=actor(request), now=clock.now())
    except PlanOver as refusal:
        messages.info(request, str(refusal))
    return redirect("web:desk_plan", plan_id)


def _readings(plan: Plan) -> Sequence[Reading]:
    told = progress_of(plan) or {}
    rows = (
        ("unassigned", _("shipments without a route so far"), 1),
        ("cost", _("cost so far: way, time and what is left out, in kg of food"), MG_PER_KG),
        ("bound", _("no plan can cost less, in kg of food"), MG_PER_KG),
        ("iterations", _("changes tried"), 1),
        ("elapsed_ms", _("seconds of searching"), 1_000),
    )
    return [Reading(name, label, _shown(told.get(name), per), per) for name, label, per in rows]


def _shown(value: float | None, per: int) -> str:
    """One digit after the point for what is converted, none for what is counted."""
    if value is None:
        return UNKNOWN
    return str(number_format(value / per, decimal_pos=0 if per == 1 else 1))


def _call_off(plan: Plan) -> Confirm:
    return Confirm(
        "call-off",
        _("Call it off"),
        _("Call this plan off?"),
        _("Nothing of it is offered. The routes that are in force stay as they are."),
        _("Call it off"),
        reverse("web:desk_cancel_plan", args=[plan.pk]),
    )
