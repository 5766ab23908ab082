"""Routes under way as the desk sees them, and taking one off the road."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from backend.common import clock
from backend.common.found import found
from backend.organizations.selectors import counties_of
from backend.regions.packs import pack
from backend.web.acting import Audience, actor
from backend.web.components import Confirm
from backend.web.guards import for_audience
from backend.web.views.coordinator.punctuality import (
    MAY_BE_LATE,
    is_at_risk,
    percent,
    stops_at_risk,
)
from backend.web.views.driver import reading
from backend.web.views.driver.routes import STOP_CHIPS
from logistics.actions.abandon_route import abandon_route
from logistics.models import COMMITTED, AbandonReason, Route, StopStatus
from logistics.selectors.visible import visible_routes


@for_audience(Audience.COORDINATOR)
@require_safe
def route(request: HttpRequest, route_id: UUID) -> HttpResponse:
    chosen = _watched(request, route_id)
    carried = reading.on_board(chosen)
    context = {
        "route": chosen,
        "stops": [
            {
                "stop": stop,
                "chip": STOP_CHIPS[StopStatus(stop.status)],
                "is_pickup": reading.is_pickup(stop),
                "mass_g": reading.stop_mass_g(stop),
                "on_time": percent(stop.on_time_share),
                "is_at_risk": is_at_risk(stop),
            }
            for stop in chosen.stops.all()
        ],
        "pins": reading.pins(list(chosen.stops.all())),
        "carried_g": sum(each.line.on_board_g for each in carried),
        "mass_g": reading.planned_g(chosen),
        "on_time": percent(chosen.on_time_share),
        "may_be_late": MAY_BE_LATE,
        "at_risk": stops_at_risk(chosen),
        "take_off": _take_off(chosen) if chosen.status in COMMITTED else None,
        "zone": pack().zone,
    }
    return render(request, "web/coordinator/route.html", context)


@for_audience(Audience.COORDINATOR)
@require_POST
def take_off(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """What is not fetched goes to another driver; with food on board it is refused."""
    chosen = _watched(request, route_id)
    abandon_route(
        route_id=chosen.pk, reason=AbandonReason.COORDINATOR, by=actor(request), now=clock.now()
    )
    return redirect("web:desk_route", chosen.pk)


def _watched(request: HttpRequest, route_id: UUID) -> Route:
    viewer = actor(request)
    watched: QuerySet[Route] = visible_routes(viewer).filter(county_code__in=counties_of(viewer))
    return found(watched, route_id)


def _take_off(chosen: Route) -> Confirm:
    return Confirm(
        "take-off",
        _("Take it off the road"),
        _("Take this route off the road?"),
        _("What was not fetched is planned again at once. Call the driver first."),
        _("Take it off"),
        reverse("web:desk_take_off", args=[chosen.pk]),
    )
