"""One route of the driver: before it starts, stop by stop, and when it is over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from backend.common import clock
from backend.common.found import found
from backend.common.refusals import IllegalTransition, Refusal
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.components import Chip, Confirm
from backend.web.form_pages import form_page
from backend.web.forms.driving import AbandonForm
from backend.web.guards import for_audience
from backend.web.views.driver import reading
from logistics.actions.abandon_route import abandon_route
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.start_route import start_route
from logistics.domain.lifecycle import OPEN_STOPS
from logistics.models import AbandonReason, Route, RouteStatus, Stop, StopStatus
from logistics.selectors.driving import RouteUnderWay, followed
from logistics.selectors.visible import own_routes

STOP_CHIPS = {
    StopStatus.PLANNED: Chip(_("To come"), "plain", "circle-dashed"),
    StopStatus.ARRIVED: Chip(_("You are here"), "good", "map-pin"),
    StopStatus.DONE: Chip(_("Done"), "good", "check"),
    StopStatus.FAILED: Chip(_("Nothing handed over"), "warning", "triangle-alert"),
    StopStatus.SKIPPED: Chip(_("Dropped"), "plain", "minus"),
}


@for_audience(Audience.DRIVER)
@require_safe
def route(request: HttpRequest, route_id: UUID) -> HttpResponse:
    mine = found(own_routes(actor(request)), route_id)
    if mine.status == RouteStatus.OFFERED:
        return redirect("web:driver_home")
    return render(request, "web/driver/route.html", _shown(followed(mine)))


@for_audience(Audience.DRIVER)
@require_POST
def start(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """Sets out; doing so twice is the same."""
    mine = found(own_routes(actor(request)), route_id)
    try:
        start_route(route_id=mine.pk, by=actor(request), now=clock.now())
    except IllegalTransition:
        pass
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return redirect("web:driver_route", mine.pk)


@for_audience(Audience.DRIVER)
@require_POST
def arrive(request: HttpRequest, route_id: UUID, stop_id: UUID) -> HttpResponse:
    """The driver is there: what is to hand over comes next."""
    stop = reading.stop_of(found(own_routes(actor(request)), route_id), stop_id)
    try:
        arrive_at_stop(stop_id=stop.pk, by=actor(request), now=clock.now())
    except IllegalTransition:
        return redirect("web:driver_route", route_id)
    return redirect("web:driver_stop", route_id, stop.pk)


@for_audience(Audience.DRIVER)
def abandon(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """Gives the route up; what was not fetched goes to somebody else."""
    mine = found(own_routes(actor(request)), route_id)
    form = AbandonForm(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        abandon_route(
            route_id=mine.pk,
            reason=AbandonReason(typed["reason"]),
            by=actor(request),
            now=clock.now(),
        )
        return redirect("web:driver_route", mine.pk)

    context = {"route": mine, "carried": reading.on_board(mine)}
    return form_page(request, "web/driver/abandon.html", form, act=act, context=context)


def _shown(going: RouteUnderWay) -> dict[str, Any]:
    mine, stop = going.route, going.next.stop if going.next else None
    carried = reading.on_board(mine)
    coming = [each for each in going.stops if each.status in OPEN_STOPS]
    return {
        "route": mine,
        "is_accepted": mine.status == RouteStatus.ACCEPTED,
        "is_under_way": mine.status == RouteStatus.UNDER_WAY,
        "stop": stop,
        "is_there": stop is not None and stop.status == StopStatus.ARRIVED,
        "errands": reading.errands_at(stop) if stop else [],
        "area": regional.township(stop.location.township_code) if stop else "",
        "number": going.stops.index(stop) + 1 if stop else None,
        "stop_count": len(going.stops),
        "stops": [_row(each) for each in going.stops],
        "pins": reading.pins(coming),
        "mass_g": reading.planned_g(mine),
        "boxes": reading.boxes_of(mine),
        "carried": carried,
        "carried_g": sum(each.line.on_board_g for each in carried),
        "to_bring_back": bool(going.carried),
        "give_up": _give_up(mine),
        "zone": pack().zone,
    }


def _row(stop: Stop) -> dict[str, Any]:
    return {
        "stop": stop,
        "chip": STOP_CHIPS[StopStatus(stop.status)],
        "is_pickup": reading.is_pickup(stop),
        "mass_g": reading.stop_mass_g(stop),
    }


def _give_up(mine: Route) -> Confirm:
    """Before the start no reason is asked for: the time is not there."""
    return Confirm(
        "give-up",
        _("Give the route back"),
        _("Give this route back?"),
        _("It is offered to somebody else at once. The charities are told that the plan changes."),
        _("Give it back"),
        reverse("web:driver_abandon", args=[mine.pk]),
        values={"reason": AbandonReason.TIME.value},
    )
