"""What a charity asks for, once or always, and the public board of what is needed."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.common import clock
from backend.common.found import found
from backend.needs.actions.meet_request import meet_request
from backend.needs.actions.post_request import post_request
from backend.needs.actions.withdraw_request import withdraw_request
from backend.needs.models import Request, RequestStatus
from backend.needs.selectors import (
    public_requests,
    visible_capacities,
    visible_consents,
    visible_needs,
    visible_requests,
)
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.components import Confirm
from backend.web.form_pages import form_page, press
from backend.web.forms.charity import RequestForm
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as
from backend.web.views.charity.board import programmes_of

PAGE_SIZE = 30
USUAL = timedelta(days=2)


@require_safe
@for_audience(Audience.CHARITY)
def needs(request: HttpRequest) -> HttpResponse:
    """Everything that says what we want and can take, with the ways to change it."""
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.CHARITY)
    programmes = programmes_of(by, acting.organization)
    open_requests = visible_requests(by).filter(
        programme__in=programmes, status=RequestStatus.OPEN, needed_until_at__gt=now
    )
    capacities = visible_capacities(by).filter(location__organization=acting.organization)
    context = {
        "acting": acting,
        "programmes": programmes,
        "needs": _by_programme(visible_needs(by).filter(programme__in=programmes)),
        "consents": _by_programme(
            visible_consents(by).filter(programme__in=programmes, withdrawn_at__isnull=True)
        ),
        "capacities": capacities.filter(location__closed_at=None).order_by("location_id", "pk"),
        "requests": [(each, regional.group(each.category_group)) for each in open_requests],
    }
    return render(request, "web/charity/needs_home.html", context)


def _by_programme(rows: Any) -> dict[UUID, list[Any]]:
    found_rows: dict[UUID, list[Any]] = {}
    for row in rows:
        found_rows.setdefault(row.programme_id, []).append(row)
    return found_rows


@require_http_methods(["GET", "POST"])
@for_audience(Audience.CHARITY)
def request_new(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    acting = acting_as(request, Audience.CHARITY)
    programmes = programmes_of(by, acting.organization)
    if not programmes:
        return redirect("web:organization", acting.organization.pk)
    initial = {"needed_until_at": clock.now() + USUAL}
    form = RequestForm(request.POST or None, programmes=programmes, initial=initial)
    context = {"acting": acting}
    act = partial(_post, request, form)
    return form_page(request, "web/charity/request_new.html", form, act=act, context=context)


def _post(request: HttpRequest, form: RequestForm, wanted: dict[str, Any]) -> HttpResponse:
    names = ("category_group", "mass_g", "needed_until_at", "note", "is_public")
    post_request(
        programme_id=form.chosen().pk,
        **{name: wanted[name] for name in names},
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Asked."))
    return redirect("web:charity_needs")


@require_safe
@for_audience(Audience.CHARITY)
def request_one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One wish: whether it is met, and taking it back."""
    shown = found(visible_requests(actor(request)), request_id)
    context = {
        "wish": shown,
        "group": regional.group(shown.category_group),
        "is_open": shown.status == RequestStatus.OPEN,
        "zone": pack().zone,
        "withdraw": _withdraw_question(shown),
    }
    return render(request, "web/charity/request.html", context)


@require_POST
@for_audience(Audience.CHARITY)
def request_end(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The wish is met, or withdrawn."""
    by = actor(request)
    shown = found(visible_requests(by), request_id)
    end = meet_request if request.POST.get("end") == RequestStatus.MET else withdraw_request
    act = partial(end, request_id=shown.pk, by=by, now=clock.now())
    press(request, act, done=_("Changed."))
    return redirect("web:charity_needs")


@require_safe
def wanted(request: HttpRequest) -> HttpResponse:
    """What verified charities ask for in public, for everybody to read."""
    page = Paginator(public_requests(now=clock.now()), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        (each, regional.group(each.category_group), regional.county(_county(each))) for each in page
    ]
    return render(request, "web/charity/wanted.html", {"rows": rows, "page": page})


def _county(each: Request) -> str:
    return each.programme.location.county_code


def _withdraw_question(shown: Request) -> Confirm:
    return Confirm(
        id="withdraw-request",
        button=_("We no longer need it"),
        title=_("Take this request back?"),
        text=_("It disappears from the board of needs."),
        yes=_("Take it back"),
        url=reverse("web:charity_request_end", args=[shown.pk]),
        values={"end": RequestStatus.WITHDRAWN},
    )
