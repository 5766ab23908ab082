"""What a driver has driven: hours, kilometres, kilograms."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.couriers.models import Courier
from backend.custody.models import HandOverKind, HandOverLine, LineOutcome
from backend.custody.selectors.visible import visible_hand_overs
from backend.regions.packs import pack
from backend.web import regional, wording
from backend.web.acting import Audience, actor
from backend.web.components import Empty, Figure
from backend.web.guards import for_audience
from backend.web.views.driver.reading import own_courier
from logistics.models import Route, RouteStatus
from logistics.selectors.visible import own_routes

PAGE_SIZE = 20


@for_audience(Audience.DRIVER)
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    now, courier = clock.now(), own_courier(request)
    driven = own_routes(actor(request)).filter(ended_at__isnull=False, started_at__isnull=False)
    page = Paginator(driven.order_by("-ended_at", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    carried = _carried_g(request, courier, list(page.object_list))
    context = {
        "page": page,
        "rows": [(route, carried.get(route.pk, 0), _hours(route)) for route in page.object_list],
        "figures": _figures(request, courier, now),
        "finished": RouteStatus.FINISHED,
        "zone": pack().zone,
        "empty": Empty(
            _("You have not driven a route yet"),
            _("After your first route you find here what you moved."),
            "history",
            _("See what is on offer"),
            reverse("web:driver_home"),
        ),
    }
    return render(request, "web/driver/history.html", context)


def _figures(request: HttpRequest, courier: Courier, now: datetime) -> list[Figure]:
    """This month's sums, in the region's time."""
    begins = now.astimezone(pack().zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    driven = own_routes(actor(request)).filter(started_at__gte=begins, ended_at__isnull=False)
    routes = list(driven.prefetch_related(None))
    spent = sum((_hours(route) for route in routes), timedelta())
    mass_g = (
        _delivered(request, courier)
        .filter(hand_over__at__gte=begins)
        .aggregate(total_g=Sum("mass_g", default=0))["total_g"]
    )
    return [
        Figure(wording.mass(mass_g), _("brought this month"), regional.meals(mass_g)),
        Figure(wording.duration(spent), _("on the road")),
        Figure(wording.distance(sum(route.distance_m for route in routes)), _("driven")),
    ]


def _delivered(request: HttpRequest, courier: Courier) -> QuerySet[HandOverLine]:
    """Lines that the driver handed to charities."""
    own = visible_hand_overs(actor(request)).filter(
        from_courier=courier, kind=HandOverKind.DELIVERED
    )
    return HandOverLine.objects.filter(
        hand_over__in=own.order_by().values("pk"), outcome=LineOutcome.ACCEPTED
    )


def _carried_g(request: HttpRequest, courier: Courier, routes: list[Route]) -> dict[UUID, int]:
    """Grams delivered on each of the routes."""
    route_of = {stop.pk: route.pk for route in routes for stop in route.stops.all()}
    rows = _delivered(request, courier).filter(hand_over__visit_id__in=route_of)
    sums: dict[UUID, int] = {}
    for visit_id, mass_g in rows.values_list("hand_over__visit_id", "mass_g"):
        if visit_id is not None:
            sums[route_of[visit_id]] = sums.get(route_of[visit_id], 0) + mass_g
    return sums


def _hours(route: Route) -> timedelta:
    if route.started_at is None or route.ended_at is None:
        return timedelta()
    return route.ended_at - route.started_at
