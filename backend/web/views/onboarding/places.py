"""Places of an organization: finding the address, moving the pin, changing and closing."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.geo.domain.places import Place, Precision
from backend.geo.domain.points import Point
from backend.geo.geocoding import LONGEST_TEXT, geocode
from backend.organizations.actions.add_location import add_location
from backend.organizations.actions.change_location import change_location
from backend.organizations.actions.close_location import close_location
from backend.organizations.actions.move_pin import move_pin
from backend.organizations.models import Location, Organization
from backend.organizations.permissions import is_manager
from backend.organizations.selectors import organizations_of, visible_locations
from backend.web import regional
from backend.web.acting import actor
from backend.web.components import Confirm
from backend.web.form_pages import form_page
from backend.web.forms.onboarding import NewPlaceForm, PlaceForm

MOST_CANDIDATES = 5
POINT_FIELDS = {"point": "lat", "hours": "closes"}
TEXTS = ("name", "address", "access_notes", "phone")


@require_http_methods(["GET", "POST"])
@login_required
def add(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """First the address is looked up, then its pin can be moved; the best match is set at once."""
    mine = found(organizations_of(actor(request)), organization_id)
    address = request.GET.get("address", "").strip()[:LONGEST_TEXT]
    candidates = geocode(address, get_language() or "")[:MOST_CANDIDATES] if address else []
    chosen = _chosen(request, candidates)
    form = NewPlaceForm(request.POST or None, initial=_initial(mine, address, chosen))
    context = {
        "organization": mine,
        "address": address,
        "candidates": candidates,
        "chosen": chosen,
        "is_exact": chosen is not None and chosen.precision is Precision.ADDRESS,
        "is_looking": not address and request.method == "GET",
    }
    template = "web/onboarding/place_new.html"
    act = partial(_add, request, mine, form)
    return form_page(request, template, form, act=act, context=context, names=POINT_FIELDS)


def _chosen(request: HttpRequest, candidates: list[Place]) -> Place | None:
    number = request.GET.get("candidate", "0")
    at = int(number) if number.isdecimal() else 0
    return candidates[at] if at < len(candidates) else None


def _initial(mine: Organization, address: str, chosen: Place | None) -> dict[str, Any]:
    point = {"lon": round(chosen.point.lon, 6), "lat": round(chosen.point.lat, 6)} if chosen else {}
    days = [str(day) for day in range(7)]
    return {"name": mine.name, "address": address, "open_days": days, **point}


def _add(
    request: HttpRequest, mine: Organization, form: NewPlaceForm, wanted: dict[str, Any]
) -> HttpResponse:
    add_location(
        organization_id=mine.pk,
        point=Point(wanted["lon"], wanted["lat"]),
        hours=form.hours(),
        **{name: wanted[name] for name in TEXTS},
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("The place is kept."))
    return redirect("web:organization", mine.pk)


@require_http_methods(["GET", "POST"])
@login_required
def place(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """What is known of a place; managers change it here."""
    by = actor(request)
    location = own_place(by, location_id)
    initial = {name: getattr(location, name) for name in TEXTS}
    initial |= {"lon": location.lon, "lat": location.lat}
    form = PlaceForm(request.POST or None, initial=initial)
    context = {
        "place": location,
        "organization": location.organization,
        "township": regional.township(location.township_code),
        "is_manager": is_manager(by, location),
        "programmes": location.programmes.filter(closed_at__isnull=True),
        "close": _close_question(location),
    }
    act = partial(_change, request, location)
    template = "web/onboarding/place.html"
    return form_page(request, template, form, act=act, context=context, names=POINT_FIELDS)


def _change(request: HttpRequest, location: Location, wanted: dict[str, Any]) -> HttpResponse:
    by, now = actor(request), clock.now()
    point = Point(wanted["lon"], wanted["lat"])
    move_pin(location_id=location.pk, point=point, by=by, now=now)
    changes = {name: wanted[name] for name in TEXTS}
    change_location(location_id=location.pk, changes=changes, by=by, now=now)
    messages.success(request, _("Changed."))
    return redirect("web:place", location.pk)


@require_POST
@login_required
def close(request: HttpRequest, location_id: UUID) -> HttpResponse:
    by = actor(request)
    location = own_place(by, location_id)
    close_location(location_id=location.pk, by=by, now=clock.now())
    messages.success(request, _("The place is no longer used."))
    return redirect("web:organization", location.organization_id)


def own_place(viewer: Actor, location_id: UUID) -> Location:
    """A place of the viewer's own organizations that is in use; NotFound otherwise."""
    mine = organizations_of(viewer).values("pk")
    rows = visible_locations(viewer).filter(organization__in=mine, closed_at__isnull=True)
    return found(rows, location_id)


def _close_question(location: Location) -> Confirm:
    return Confirm(
        id="close-place",
        button=_("Stop using this place"),
        title=_("Stop using this place?"),
        text=_("Nothing new is posted or delivered here. What is promised still happens."),
        yes=_("Stop using it"),
        url=reverse("web:place_close", args=[location.pk]),
    )
