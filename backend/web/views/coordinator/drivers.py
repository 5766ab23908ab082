"""Drivers of the coordinator's counties: who applied, and decisions about them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.permissions import may
from backend.common.refusals import IllegalTransition, NotAllowed
from backend.couriers.actions.approve_courier import approve_courier
from backend.couriers.actions.end_courier import end_courier
from backend.couriers.actions.read_courier import read_courier
from backend.couriers.models import Courier, CourierStatus, Vehicle
from backend.couriers.selectors import visible_couriers
from backend.organizations.selectors import counties_of
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.components import Chip, Empty
from backend.web.form_pages import form_page
from backend.web.forms.deciding import EndDriverForm
from backend.web.guards import for_audience

PAGE_SIZE = 25
C = CourierStatus
STATUS_CHIPS = {
    C.APPLIED: Chip(gettext_lazy("Waiting for you"), "now", "hourglass"),
    C.ACTIVE: Chip(gettext_lazy("Drives"), "good", "check"),
    C.PAUSED: Chip(gettext_lazy("Takes a rest"), "plain", "moon"),
    C.ENDED: Chip(gettext_lazy("Ended"), "plain", "x"),
}


@for_audience(Audience.COORDINATOR)
@require_safe
def drivers(request: HttpRequest) -> HttpResponse:
    """Without names: those are shown, and that they were read is noted, one by one."""
    status = request.GET.get("status", C.APPLIED)
    rows = watched(actor(request)).prefetch_related(
        Prefetch("vehicles", Vehicle.objects.filter(retired_at__isnull=True))
    )
    if status in C.values:
        rows = rows.filter(status=status)
    page = Paginator(rows.order_by("created_at", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            (each, STATUS_CHIPS[C(each.status)], regional.county(each.county_code))
            for each in page.object_list
        ],
        "statuses": [(code.value, chip.word) for code, chip in STATUS_CHIPS.items()],
        "status": status,
        "zone": pack().zone,
        "empty": Empty(_("Nobody here"), _("People who want to drive appear here."), "car"),
    }
    return render(request, "web/coordinator/drivers.html", context)


@for_audience(Audience.COORDINATOR)
def driver(request: HttpRequest, courier_id: UUID) -> HttpResponse:
    """Name and phone, never the home; a POST ends or declines with a reason."""
    viewer = actor(request)
    chosen = found(watched(viewer), courier_id)
    chosen = read_courier(courier_id=chosen.pk, by=viewer, now=clock.now())
    form = EndDriverForm(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        end_courier(courier_id=chosen.pk, reason=typed["reason"], by=viewer, now=clock.now())
        messages.success(request, _("Decided. They are told."))
        return redirect("web:desk_drivers")

    context = {
        "driver": chosen,
        "chip": STATUS_CHIPS[C(chosen.status)],
        "county": regional.county(chosen.county_code),
        "vehicles": chosen.vehicles.filter(retired_at__isnull=True),
        "is_waiting": chosen.status == C.APPLIED,
        "is_over": chosen.status == C.ENDED,
        "may_decide": may(viewer, "couriers.approve", chosen),
        "zone": pack().zone,
    }
    return form_page(request, "web/coordinator/driver.html", form, act=act, context=context)


@for_audience(Audience.COORDINATOR)
@require_POST
def approve(request: HttpRequest, courier_id: UUID) -> HttpResponse:
    """Nobody approves themselves; approving twice changes nothing."""
    viewer = actor(request)
    chosen = found(watched(viewer), courier_id)
    try:
        approve_courier(courier_id=chosen.pk, by=viewer, now=clock.now())
    except (IllegalTransition, NotAllowed) as refusal:
        messages.error(request, refusal.detail)
        return redirect("web:desk_driver", chosen.pk)
    messages.success(request, _("Approved. They are told that they can begin."))
    return redirect("web:desk_drivers")


def watched(viewer: Actor) -> QuerySet[Courier]:
    """Couriers of the counties that the viewer watches over."""
    return visible_couriers(viewer).filter(county_code__in=counties_of(viewer))
