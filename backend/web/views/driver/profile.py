"""What a driver says about themselves: home, training, vehicles, a rest."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.common import clock
from backend.common.found import found
from backend.common.refusals import NotFound, Refusal
from backend.couriers.actions.add_vehicle import add_vehicle
from backend.couriers.actions.change_courier import change_courier
from backend.couriers.actions.end_courier import end_courier
from backend.couriers.actions.pause_courier import pause_courier
from backend.couriers.actions.resume_courier import resume_courier
from backend.couriers.actions.retire_vehicle import VehicleInUse, retire_vehicle
from backend.couriers.models import Courier, CourierStatus, Vehicle
from backend.couriers.selectors import visible_vehicles
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.components import Confirm
from backend.web.form_pages import form_page
from backend.web.forms.driving import HomeForm, NewVehicleForm
from backend.web.guards import for_audience
from backend.web.views.driver.apply import NAMES
from backend.web.views.driver.reading import own_courier

STEPS = {"pause": pause_courier, "resume": resume_courier}


@for_audience(Audience.DRIVER)
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    courier = own_courier(request)
    vehicles = courier.vehicles.filter(retired_at__isnull=True)
    context = {
        "courier": courier,
        "county": regional.county(courier.county_code),
        "vehicles": [(vehicle, _retire(vehicle)) for vehicle in vehicles],
        "is_active": courier.status == CourierStatus.ACTIVE,
        "is_paused": courier.status == CourierStatus.PAUSED,
        "pause": _pause(),
        "end": _end(),
    }
    return render(request, "web/driver/profile.html", context)


@for_audience(Audience.DRIVER)
def home_point(request: HttpRequest) -> HttpResponse:
    courier = own_courier(request)
    initial = {
        "lon": courier.lon,
        "lat": courier.lat,
        "training_expires_date": courier.training_expires_date,
    }
    form = HomeForm(request.POST or None, initial=initial)

    def act(typed: dict[str, Any]) -> HttpResponse:
        change_courier(
            courier_id=courier.pk,
            home=form.point(),
            training_expires_date=typed["training_expires_date"],
            by=actor(request),
            now=clock.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("web:driver_profile")

    return form_page(request, "web/driver/home_point.html", form, act=act, names=NAMES)


@for_audience(Audience.DRIVER)
def vehicle_new(request: HttpRequest) -> HttpResponse:
    courier = own_courier(request)
    form = NewVehicleForm(request.POST or None)

    def act(_typed: dict[str, Any]) -> HttpResponse:
        add_vehicle(courier_id=courier.pk, **form.vehicle(), by=actor(request), now=clock.now())
        return redirect("web:driver_profile")

    return form_page(request, "web/driver/vehicle.html", form, act=act, names=NAMES)


@for_audience(Audience.DRIVER)
@require_POST
def vehicle_retire(request: HttpRequest, vehicle_id: UUID) -> HttpResponse:
    vehicle = found(visible_vehicles(actor(request)), vehicle_id)
    try:
        retire_vehicle(vehicle_id=vehicle.pk, by=actor(request), now=clock.now())
    except VehicleInUse as refusal:
        messages.error(request, refusal.detail)
    return redirect("web:driver_profile")


@for_audience(Audience.DRIVER)
@require_POST
def step(request: HttpRequest, what: str) -> HttpResponse:
    """Pauses or goes on; what was done before already changes nothing."""
    courier = own_courier(request)
    if what not in STEPS:
        raise NotFound()
    try:
        STEPS[what](courier_id=courier.pk, by=actor(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return redirect("web:driver_profile")


@for_audience(Audience.DRIVER)
@require_POST
def stop_driving(request: HttpRequest) -> HttpResponse:
    courier: Courier = own_courier(request)
    end_courier(courier_id=courier.pk, reason="left", by=actor(request), now=clock.now())
    messages.success(request, _("Thank you for driving. You can apply again whenever you like."))
    return redirect("web:home")


def _retire(vehicle: Vehicle) -> Confirm:
    return Confirm(
        f"retire-{vehicle.pk.hex}",
        _("Remove"),
        _("Remove this vehicle?"),
        _("Past shifts keep it. A planned shift that uses it has to be changed first."),
        _("Remove it"),
        reverse("web:driver_vehicle_retire", args=[vehicle.pk]),
    )


def _pause() -> Confirm:
    return Confirm(
        "pause",
        _("Take a rest"),
        _("Take a rest?"),
        _("Shifts that have not begun are cancelled. You can go on whenever you like."),
        _("Take a rest"),
        reverse("web:driver_step", args=["pause"]),
    )


def _end() -> Confirm:
    return Confirm(
        "end",
        _("Stop driving"),
        _("Stop driving for good?"),
        _("Your shifts are cancelled. To drive again you apply again."),
        _("Stop driving"),
        reverse("web:driver_end"),
    )
