"""A driver's first page: what is under way, what is asked, when the next shift is."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.couriers.models import Courier, CourierStatus
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import actor
from backend.web.components import Empty, TimeBar
from backend.web.views.driver import reading
from logistics.models import RouteOffer
from logistics.selectors.driving import coming_routes, route_offers_of, route_under_way


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """People who do not drive yet are led to the application."""
    now = clock.now()
    courier = reading.courier_or_none(request)
    if courier is None or courier.status == CourierStatus.ENDED:
        return redirect("web:driver_apply")
    return render(request, "web/driver/home.html", _shown(courier, actor(request), now))


def _shown(courier: Courier, viewer: Actor, now: datetime) -> dict[str, Any]:
    going = route_under_way(viewer)
    routes = ([going.route] if going else []) + list(coming_routes(viewer))
    shifts = courier.shifts.planned().filter(until_at__gt=now).select_related("vehicle")
    shift = shifts.first()
    return {
        "courier": courier,
        "is_waiting": courier.status == CourierStatus.APPLIED,
        "is_paused": courier.status == CourierStatus.PAUSED,
        "routes": [(route, reading.planned_g(route)) for route in routes],
        "offers": [offer_shown(offer, now) for offer in route_offers_of(viewer, now=now)],
        "shift": shift,
        "is_on_shift": shift is not None and shift.from_at <= now,
        "zone": pack().zone,
        "county": regional.county(courier.county_code),
        "empty": Empty(
            _("No route is waiting for you"),
            _("As soon as food needs a lift during one of your shifts, it is offered to you here."),
            "route",
            _("Plan a shift"),
            reverse("web:driver_shift_new"),
        ),
    }


def offer_shown(offer: RouteOffer, now: datetime) -> dict[str, Any]:
    """An offered route without the exact addresses: those are for whoever says yes."""
    route = offer.route
    stops = list(route.stops.all())
    return {
        "offer": offer,
        "route": route,
        "mass_g": reading.planned_g(route),
        "boxes": reading.boxes_of(route),
        "bar": TimeBar(offer.offered_at, offer.answer_by_at, now, _("Answer by"), pack().zone),
        "areas": [(stop, regional.township(stop.location.township_code)) for stop in stops],
        "stop_count": len(stops),
    }
