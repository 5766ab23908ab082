"""Rounds of matching and plans of routes: what the solvers did, why, and running them now."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from backend.common.actor import Actor
from backend.common.found import found
from backend.common.permissions import may
from backend.common.refusals import NotFound
from backend.regions.packs import pack
from backend.web.acting import Audience, actor
from backend.web.components import Chip, Empty
from backend.web.donations import lot_title
from backend.web.forms.deciding import AreaForm
from backend.web.guards import for_audience
from backend.web.views.coordinator.areas import named_areas
from backend.web.views.coordinator.concerning import (
    concerning_plans,
    concerning_rounds,
    counted_plans,
    lots_here,
)
from backend.web.views.coordinator.punctuality import percent, stops_at_risk
from backend.web.views.coordinator.running import running
from backend.web.views.coordinator.what_if import trial_context
from backend.web.views.coordinator.words import UNPLANNED, said
from logistics.models import PlanStatus, ShipmentStatus
from logistics.selectors.visible import visible_routes, visible_shipments
from logistics.tasks import solve_area
from matching.models import OfferStatus, RoundStatus, RoundTrigger
from matching.selectors.explanations import offer_explanation
from matching.selectors.rounds import round_detail, rounds_of
from matching.tasks import solve_round

PAGE_SIZE = 20
ROUND_CHIPS = {
    RoundStatus.RUNNING: Chip(gettext_lazy("Being worked out"), "plain", "hourglass"),
    RoundStatus.TRIED: Chip(gettext_lazy("A trial: nothing offered"), "plain", "eye"),
    RoundStatus.APPLIED: Chip(gettext_lazy("Applied"), "good", "check"),
    RoundStatus.FAILED: Chip(gettext_lazy("Failed"), "bad", "triangle-alert"),
}
PLAN_CHIPS = {
    PlanStatus.SOLVING: ROUND_CHIPS[RoundStatus.RUNNING],
    PlanStatus.APPLIED: ROUND_CHIPS[RoundStatus.APPLIED],
    PlanStatus.FAILED: ROUND_CHIPS[RoundStatus.FAILED],
    PlanStatus.CANCELLED: Chip(gettext_lazy("Called off"), "plain", "x"),
}
OFFER_CHIPS = {
    OfferStatus.SUGGESTED: Chip(gettext_lazy("Next in line"), "plain", "hourglass"),
    OfferStatus.OFFERED: Chip(gettext_lazy("Waiting for an answer"), "now", "hourglass"),
    OfferStatus.ACCEPTED: Chip(gettext_lazy("Accepted"), "good", "check"),
    OfferStatus.DECLINED: Chip(gettext_lazy("Declined"), "plain", "x"),
    OfferStatus.LAPSED: Chip(gettext_lazy("Not answered in time"), "plain", "clock"),
    OfferStatus.SUPERSEDED: Chip(gettext_lazy("Replaced"), "plain", "refresh-cw"),
}


@for_audience(Audience.COORDINATOR)
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Those that concern the viewer's counties; with `?all=1` all of their roads."""
    viewer, shows_all = actor(request), _shows_all(request)
    chosen, others = (rounds_of(viewer), 0) if shows_all else concerning_rounds(viewer)
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    here = lots_here(viewer, shown)
    context = {
        "page": page,
        "rows": [
            (each, ROUND_CHIPS[RoundStatus(each.status)], here.get(each.pk, 0)) for each in shown
        ],
        "others": others,
        "shows_all": shows_all,
        "form": AreaForm(areas=named_areas(viewer)),
        "zone": pack().zone,
        "empty": _none_of_yours()
        if others
        else Empty(
            _("No round has run yet"),
            _("A round asks who should get the food on offer. One starts every few minutes."),
            "refresh-cw",
        ),
    }
    return render(request, "web/coordinator/rounds.html", context)


@for_audience(Audience.COORDINATOR)
@require_safe
def round_page(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Its offers with their reasons, and what stayed with the reason why."""
    viewer = actor(request)
    detail = round_detail(viewer, round_id)
    if detail is None:
        raise NotFound()
    page = Paginator(detail.offers, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "round": detail.round,
        "detail": detail,
        "chip": ROUND_CHIPS[RoundStatus(detail.round.status)],
        "lots_here": lots_here(viewer, [detail.round]).get(detail.round.pk, 0),
        "gap_percent": None if detail.gap is None else round(detail.gap * 100, 1),
        "page": page,
        "offers": [
            {
                "offer": offer,
                "chip": OFFER_CHIPS[OfferStatus(offer.status)],
                "explanation": [
                    (each, lot_title(each.lot)) for each in offer_explanation(viewer, offer)
                ],
            }
            for offer in page.object_list
        ],
        "left_over": [(each, lot_title(each.lot)) for each in detail.left_over],
        "zone": pack().zone,
        **trial_context(detail.round, detail.trial),
    }
    return render(request, "web/coordinator/round.html", context)


@for_audience(Audience.COORDINATOR)
@require_POST
def run_round(request: HttpRequest) -> HttpResponse:
    """Asks for a round now; it runs beside this request."""
    area = _chosen(request, "matching.run_round")
    solve_round.delay(
        area=area, trigger=RoundTrigger.HAND.value, asked_by_id=str(actor(request).user_id)
    )
    messages.success(request, _("The round is being worked out. It appears here when it is done."))
    return redirect("web:desk_rounds")


@for_audience(Audience.COORDINATOR)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Those with routes of the viewer's counties; with `?all=1` all of their roads."""
    viewer, shows_all = actor(request), _shows_all(request)
    chosen, others = (counted_plans(viewer), 0) if shows_all else concerning_plans(viewer)
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, PLAN_CHIPS[PlanStatus(each.status)]) for each in page.object_list],
        "others": others,
        "shows_all": shows_all,
        "waiting": _waiting(viewer),
        "form": AreaForm(areas=named_areas(viewer)),
        "zone": pack().zone,
        "empty": _none_of_yours()
        if others
        else Empty(
            _("No plan has been made yet"),
            _("As soon as food has to be driven and somebody is on shift, routes are planned."),
            "route",
        ),
    }
    return render(request, "web/coordinator/plans.html", context)


@for_audience(Audience.COORDINATOR)
@require_safe
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Its routes, as far as they lie in the viewer's counties."""
    viewer = actor(request)
    chosen = found(counted_plans(viewer), plan_id)
    context = {
        "plan": chosen,
        "chip": PLAN_CHIPS[PlanStatus(chosen.status)],
        "routes": [
            (each, percent(each.on_time_share), stops_at_risk(each))
            for each in visible_routes(viewer).filter(plan=chosen).order_by("starts_at", "pk")
        ],
        "zone": pack().zone,
        **running(chosen),
    }
    return render(request, "web/coordinator/plan.html", context)


@for_audience(Audience.COORDINATOR)
@require_POST
def run_plan(request: HttpRequest) -> HttpResponse:
    """Asks for a plan now; it runs beside this request."""
    area = _chosen(request, "logistics.plan")
    solve_area.delay(area=area, again=True)
    messages.success(request, _("The plan is being worked out. It appears here when it is done."))
    return redirect("web:desk_plans")


def _shows_all(request: HttpRequest) -> bool:
    return bool(request.GET.get("all"))


def _none_of_yours() -> Empty:
    return Empty(
        _("Nothing in your counties lately"),
        _("As soon as food of your counties is in one, it appears here."),
        "sprout",
    )


def _waiting(viewer: Actor) -> list[tuple[str, str]]:
    """Why shipments of the viewer's counties wait: a reason and how many."""
    waiting = visible_shipments(viewer).filter(status=ShipmentStatus.WAITING)
    counts: dict[str, int] = {}
    for reason in waiting.values_list("unassigned_reason", flat=True):
        counts[reason] = counts.get(reason, 0) + 1
    return [
        (
            said(UNPLANNED, reason),
            ngettext("%(count)d shipment", "%(count)d shipments", count) % {"count": count},
        )
        for reason, count in sorted(counts.items(), key=lambda item: -item[1])
    ]


def _chosen(request: HttpRequest, permission: str) -> str:
    """The area of the form, if the viewer may have it worked on; NotFound otherwise."""
    viewer = actor(request)
    form = AreaForm(request.POST, areas=named_areas(viewer))
    if not form.is_valid() or not may(viewer, permission, form.cleaned_data["area"]):
        raise NotFound()
    return str(form.cleaned_data["area"])
