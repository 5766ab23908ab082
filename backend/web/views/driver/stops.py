"""At a stop: what is handed over, or why nothing was; and what is brought back."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backend.common import clock
from backend.common.found import found
from backend.common.refusals import FieldError, NotFound
from backend.custody.actions.record_hand_over import WrongCode
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import SubmittedLine
from backend.custody.models import AttemptReason
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.form_pages import form_page
from backend.web.forms.driving import FailForm
from backend.web.forms.stop_hand_over import GiveBackForm, StopHandOverForm
from backend.web.guards import for_audience
from backend.web.views.driver import reading
from backend.web.views.driver.reading import Carried, Errand
from logistics.actions.fail_stop import fail_stop
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.models import Route, RouteStatus, Stop
from logistics.selectors.visible import own_routes


@for_audience(Audience.DRIVER)
def stop(request: HttpRequest, route_id: UUID, stop_id: UUID) -> HttpResponse:
    """One errand at a time: the first that is not done, or the one that was just sent."""
    mine = found(own_routes(actor(request)), route_id)
    here = reading.stop_of(mine, stop_id)
    errands = reading.errands_at(here)
    errand = _chosen(request, errands)
    if errand is None or (request.method != "POST" and mine.status != RouteStatus.UNDER_WAY):
        return redirect("web:driver_route", mine.pk)
    form = StopHandOverForm(
        request.POST or None, kind=errand.kind, expected=errand.lines, claim_id=errand.claim.pk
    )
    context = {
        "route": mine,
        "stop": here,
        "errand": errand,
        "later": [each for each in errands if not each.is_done and each is not errand],
        "area": regional.township(here.location.township_code),
        "zone": pack().zone,
    }
    return form_page(
        request,
        "web/driver/stop.html",
        form,
        act=lambda _typed: _hand_over(request, here, errand, form),
        context=context,
        names={"mass_g": f"mass-{errand.lines[0].line.pk.hex}"} if errand.lines else {},
    )


def _hand_over(
    request: HttpRequest, here: Stop, errand: Errand, form: StopHandOverForm
) -> HttpResponse:
    """Records it; the next errand of the stop follows, else the route goes on."""
    now, typed = clock.now(), form.cleaned_data
    try:
        hand_over_at_stop(
            stop_id=here.pk,
            client_id=typed["client_id"],
            claim_id=errand.claim.pk,
            kind=errand.kind,
            lines=form.lines(),
            at=now,
            code=typed["code"],
            signer_name=typed["signer_name"],
            note=typed["note"],
            by=actor(request),
            now=now,
        )
    except WrongCode as refusal:
        refusal.fields = {"code": [FieldError(refusal.code, refusal.detail)]}
        raise
    messages.success(request, _("Recorded. Thank you."))
    if any(not each.is_done for each in reading.errands_at(here)):
        return redirect("web:driver_stop", here.route_id, here.pk)
    return redirect("web:driver_route", here.route_id)


def _chosen(request: HttpRequest, errands: Sequence[Errand]) -> Errand | None:
    if request.method == "POST":
        sent = request.POST.get("claim", "")
        return next((each for each in errands if str(each.claim.pk) == sent), None)
    return next((each for each in errands if not each.is_done), None)


@for_audience(Audience.DRIVER)
def fail(request: HttpRequest, route_id: UUID, stop_id: UUID) -> HttpResponse:
    """Nothing could be handed over here."""
    mine = found(own_routes(actor(request)), route_id)
    here = reading.stop_of(mine, stop_id)
    form = FailForm(request.POST or None, is_pickup=reading.is_pickup(here))

    def act(typed: dict[str, Any]) -> HttpResponse:
        now = clock.now()
        fail_stop(
            stop_id=here.pk,
            client_id=typed["client_id"],
            reason=AttemptReason(typed["reason"]),
            at=now,
            by=actor(request),
            now=now,
        )
        messages.success(request, _("Recorded. The people concerned are told."))
        return redirect("web:driver_route", mine.pk)

    context = {"route": mine, "stop": here, "is_pickup": reading.is_pickup(here)}
    return form_page(request, "web/driver/fail.html", form, act=act, context=context)


@for_audience(Audience.DRIVER)
def cargo(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """What is in the vehicle, by claim."""
    mine = found(own_routes(actor(request)), route_id)
    carried = reading.on_board(mine)
    groups = groupby(carried, key=lambda each: each.claim)
    context = {
        "route": mine,
        "groups": [(claim, list(each)) for claim, each in groups],
        "total_g": sum(each.line.on_board_g for each in carried),
    }
    return render(request, "web/driver/cargo.html", context)


@for_audience(Audience.DRIVER)
def give_back(request: HttpRequest, route_id: UUID, claim_id: UUID) -> HttpResponse:
    """All that is on board of one claim goes back to the donor, or is disposed of."""
    mine = found(own_routes(actor(request)), route_id)
    carried = [each for each in reading.on_board(mine) if each.claim.pk == claim_id]
    if not carried:
        if request.method == "POST":
            return redirect("web:driver_route", mine.pk)
        raise NotFound()
    form = GiveBackForm(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        now = clock.now()
        hand_over_at_stop(
            stop_id=_where(mine, carried).pk,
            client_id=typed["client_id"],
            claim_id=claim_id,
            kind=Kind(typed["what"]),
            lines=tuple(SubmittedLine(each.line.pk, each.line.on_board_g) for each in carried),
            at=now,
            signer_name=typed["signer_name"],
            by=actor(request),
            now=now,
        )
        messages.success(request, _("Recorded. Thank you."))
        return redirect("web:driver_route", mine.pk)

    context = {
        "route": mine,
        "carried": carried,
        "claim": carried[0].claim,
        "donor": carried[0].claim.listing.location,
    }
    return form_page(request, "web/driver/give_back.html", form, act=act, context=context)


def _where(mine: Route, carried: Sequence[Carried]) -> Stop:
    """The visit where it was fetched; without one on this route, the last visit."""
    fetched_at = carried[0].pickup
    return fetched_at or list(mine.stops.all())[-1]
