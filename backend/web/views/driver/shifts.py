"""A driver's shifts: see, plan, change, cancel, repeat last week's."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.refusals import Refusal
from backend.couriers.actions.cancel_shift import cancel_shift
from backend.couriers.actions.change_shift import change_shift
from backend.couriers.actions.plan_shift import plan_shift
from backend.couriers.domain.shift_window import ShiftTimes
from backend.couriers.models import Courier, CourierStatus, Shift, ShiftStatus
from backend.couriers.selectors import visible_shifts
from backend.geo.domain.points import Point
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.components import Empty
from backend.web.form_pages import form_page
from backend.web.forms.driving import CancelShiftForm, ShiftForm
from backend.web.guards import for_audience
from backend.web.views.driver.reading import own_courier

WEEK = timedelta(days=7)
NAMES = {
    "from_at": "from_time",
    "until_at": "until_time",
    "break_s": "break_minutes",
    "longest_route_m": "longest_route_km",
    "vehicle_id": "vehicle",
    "end": "ends_at_home",
}


@for_audience(Audience.DRIVER)
@require_safe
def shifts(request: HttpRequest) -> HttpResponse:
    now, courier = clock.now(), own_courier(request)
    coming = list(_own(request, courier).filter(until_at__gt=now).order_by("from_at"))
    days = groupby(coming, key=lambda shift: shift.from_at.astimezone(pack().zone).date())
    context = {
        "days": [(regional.day(day, now), list(each)) for day, each in days],
        "can_plan": courier.status == CourierStatus.ACTIVE,
        "last_week": _last_week(courier, now).count(),
        "zone": pack().zone,
        "empty": Empty(
            _("No shift is planned"),
            _("Say when you have time. Routes are offered only within your shifts."),
            "calendar",
        ),
    }
    return render(request, "web/driver/shifts.html", context)


@for_audience(Audience.DRIVER)
def shift_new(request: HttpRequest) -> HttpResponse:
    courier = own_courier(request)
    form = ShiftForm(
        request.POST or None,
        courier=courier,
        zone=pack().zone,
        initial={"date": regional.today(clock.now())},
    )

    def act(typed: dict[str, Any]) -> HttpResponse:
        plan_shift(
            courier_id=courier.pk,
            vehicle_id=typed["vehicle"].pk,
            times=form.times(),
            end=courier.point if typed["ends_at_home"] else None,
            longest_route_m=form.longest_route_m(),
            by=actor(request),
            now=clock.now(),
        )
        return redirect("web:driver_shifts")

    context = {"courier": courier, "can_plan": courier.status == CourierStatus.ACTIVE}
    return form_page(request, "web/driver/shift.html", form, act=act, context=context, names=NAMES)


@for_audience(Audience.DRIVER)
def shift_change(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    courier = own_courier(request)
    shift = found(_own(request, courier), shift_id)
    form = ShiftForm(
        request.POST or None,
        courier=courier,
        zone=pack().zone,
        initial=ShiftForm.initial_of(shift, pack().zone),
    )

    def act(typed: dict[str, Any]) -> HttpResponse:
        change_shift(
            shift_id=shift.pk,
            vehicle_id=typed["vehicle"].pk,
            times=form.times(),
            end=_end(shift, courier) if typed["ends_at_home"] else None,
            ends_anywhere=not typed["ends_at_home"],
            longest_route_m=form.longest_route_m(),
            by=actor(request),
            now=clock.now(),
        )
        return redirect("web:driver_shifts")

    context = {"shift": shift, "can_plan": True}
    return form_page(request, "web/driver/shift.html", form, act=act, context=context, names=NAMES)


@for_audience(Audience.DRIVER)
def shift_cancel(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    shift = found(_own(request, own_courier(request)), shift_id)
    form = CancelShiftForm(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        cancel_shift(shift_id=shift.pk, reason=typed["reason"], by=actor(request), now=clock.now())
        messages.success(request, _("The shift is cancelled."))
        return redirect("web:driver_shifts")

    context = {"shift": shift, "zone": pack().zone}
    return form_page(request, "web/driver/shift_cancel.html", form, act=act, context=context)


@for_audience(Audience.DRIVER)
@require_POST
def shifts_repeat(request: HttpRequest) -> HttpResponse:
    """Plans each shift of the last seven days again, a week later; what overlaps is left out."""
    now, courier = clock.now(), own_courier(request)
    planned = left_out = 0
    for shift in _last_week(courier, now):
        try:
            _again(shift, by=actor(request), now=now)
            planned += 1
        except Refusal:
            left_out += 1
    if planned:
        text = ngettext("%(count)d shift is planned.", "%(count)d shifts are planned.", planned)
        messages.success(request, text % {"count": planned})
    if left_out:
        text = ngettext(
            "%(count)d was left out: it overlaps another shift, or its vehicle is gone.",
            "%(count)d were left out: they overlap other shifts, or their vehicle is gone.",
            left_out,
        )
        messages.warning(request, text % {"count": left_out})
    return redirect("web:driver_shifts")


def _again(shift: Shift, *, by: Actor, now: datetime) -> Shift:
    """The same local times a week later, also across a change of clocks."""
    return plan_shift(
        courier_id=shift.courier_id,
        vehicle_id=shift.vehicle_id,
        times=ShiftTimes(
            _later(shift.from_at),
            _later(shift.until_at),
            shift.break_s,
            _later(shift.break_from_at) if shift.break_from_at else None,
            _later(shift.break_until_at) if shift.break_until_at else None,
        ),
        start=Point(shift.start_lon, shift.start_lat),
        end=_known_end(shift),
        longest_route_m=shift.longest_route_m,
        by=by,
        now=now,
    )


def _end(shift: Shift, courier: Courier) -> Point:
    """Where the shift ends already, or the driver's point."""
    return _known_end(shift) or courier.point


def _known_end(shift: Shift) -> Point | None:
    if shift.end_lon is None or shift.end_lat is None:
        return None
    return Point(shift.end_lon, shift.end_lat)


def _later(at: datetime) -> datetime:
    return at.astimezone(pack().zone) + WEEK


def _last_week(courier: Courier, now: datetime) -> QuerySet[Shift]:
    return courier.shifts.planned().filter(from_at__gt=now - WEEK, from_at__lte=now)


def _own(request: HttpRequest, courier: Courier) -> QuerySet[Shift]:
    return visible_shifts(actor(request)).filter(courier=courier, status=ShiftStatus.PLANNED)
