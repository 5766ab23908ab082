"""Applying as a driver: where somebody starts, and with what."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from backend.common import clock
from backend.couriers.actions.add_vehicle import add_vehicle
from backend.couriers.actions.register_courier import register_courier
from backend.couriers.models import CourierStatus
from backend.web.acting import actor
from backend.web.form_pages import form_page
from backend.web.forms.driving import ApplyForm
from backend.web.views.driver.reading import courier_or_none

#: The action's names for what the form asks in other words.
NAMES = {
    "ambient_ml": "ambient_litres",
    "chilled_ml": "chilled_litres",
    "frozen_ml": "frozen_litres",
    "hot_ml": "hot_litres",
    "point": "lon",
    "home": "lon",
}


@login_required
def apply(request: HttpRequest) -> HttpResponse:
    """Courier and vehicle are made together, or neither is."""
    courier = courier_or_none(request)
    if courier is not None and courier.status != CourierStatus.ENDED:
        return redirect("web:driver_home")
    form = ApplyForm(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        by, now = actor(request), clock.now()
        with transaction.atomic():
            made = register_courier(
                home=form.point(),
                training_expires_date=typed["training_expires_date"],
                by=by,
                now=now,
            )
            add_vehicle(courier_id=made.pk, **form.vehicle(), by=by, now=now)
        return redirect("web:driver_home")

    return form_page(request, "web/driver/apply.html", form, act=act, names=NAMES)
