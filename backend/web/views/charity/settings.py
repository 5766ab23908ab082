"""What a charity tells about itself: programmes, room for food, needs, and consent in advance."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.needs.actions.give_consent import give_consent
from backend.needs.actions.set_capacity import set_capacity
from backend.needs.actions.set_standing_need import set_standing_need
from backend.needs.actions.withdraw_consent import withdraw_consent
from backend.needs.models import StandingConsent
from backend.needs.selectors import visible_capacities, visible_consents, visible_needs
from backend.organizations.actions.add_programme import add_programme
from backend.organizations.actions.change_programme import change_programme
from backend.organizations.actions.close_programme import close_programme
from backend.organizations.models import Location, Programme
from backend.organizations.permissions import is_manager
from backend.organizations.selectors import organizations_of, visible_programmes
from backend.web.acting import actor
from backend.web.components import Confirm
from backend.web.form_pages import form_page
from backend.web.forms.charity import CapacityForm, ConsentForm, NeedsForm, ProgrammeForm
from backend.web.views.onboarding.places import own_place

FIELDS = (
    *("name", "people_per_week", "collects_itself", "max_distance_m"),
    *("diet_rules", "categories_not_taken", "allergens_not_taken"),
)
#: Suggested when nothing is stated yet: what a car brings without effort.
USUAL_G_PER_DAY = 50_000


@require_http_methods(["GET", "POST"])
@login_required
def programme_new(request: HttpRequest, location_id: UUID) -> HttpResponse:
    place = own_place(actor(request), location_id)
    initial = {"collects_itself": True, "max_distance_m": 10_000}
    form = ProgrammeForm(request.POST or None, initial=initial)
    context = {"place": place, "organization": place.organization}
    act = partial(_add_programme, request, place)
    return form_page(request, "web/charity/programme.html", form, act=act, context=context)


def _add_programme(request: HttpRequest, place: Location, wanted: dict[str, Any]) -> HttpResponse:
    made = add_programme(
        location_id=place.pk,
        **{name: wanted[name] for name in FIELDS},
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Kept. One more question:"))
    return redirect("web:consent", made.pk)


@require_http_methods(["GET", "POST"])
@login_required
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    by = actor(request)
    mine = own_programme(by, programme_id)
    form = ProgrammeForm(
        request.POST or None, initial={name: getattr(mine, name) for name in FIELDS}
    )
    context = {
        "place": mine.location,
        "organization": mine.location.organization,
        "programme": mine,
        "is_manager": is_manager(by, mine.location),
        "close": _close_question(mine),
    }
    act = partial(_change_programme, request, mine)
    return form_page(request, "web/charity/programme.html", form, act=act, context=context)


def _change_programme(
    request: HttpRequest, mine: Programme, wanted: dict[str, Any]
) -> HttpResponse:
    changes = {name: wanted[name] for name in FIELDS}
    change_programme(programme_id=mine.pk, changes=changes, by=actor(request), now=clock.now())
    messages.success(request, _("Changed."))
    return redirect("web:place", mine.location_id)


@require_POST
@login_required
def programme_close(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    by = actor(request)
    mine = own_programme(by, programme_id)
    close_programme(programme_id=mine.pk, by=by, now=clock.now())
    messages.success(request, _("The programme has ended."))
    return redirect("web:place", mine.location_id)


@require_http_methods(["GET", "POST"])
@login_required
def capacity(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """How much a place can take in a day, for each way of keeping food."""
    by = actor(request)
    place = own_place(by, location_id)
    stated = visible_capacities(by).filter(location=place)
    before = {row.storage_class: row.limit_g for row in stated}
    form = CapacityForm(request.POST or None, initial=before)
    context = {"place": place, "organization": place.organization}
    act = partial(_set_capacity, request, place, before)
    return form_page(request, "web/charity/capacity.html", form, act=act, context=context)


@transaction.atomic
def _set_capacity(
    request: HttpRequest, place: Location, before: dict[str, int], wanted: dict[str, Any]
) -> HttpResponse:
    for storage_class, limit_g in wanted.items():
        if (limit_g or 0) != before.get(storage_class, 0):
            set_capacity(
                location_id=place.pk,
                storage_class=storage_class,
                limit_g=limit_g or 0,
                by=actor(request),
                now=clock.now(),
            )
    messages.success(request, _("Kept."))
    return redirect("web:organization", place.organization_id)


@require_http_methods(["GET", "POST"])
@login_required
def needs(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """How much of which food a programme can use in a week; it guides what is offered."""
    by = actor(request)
    mine = own_programme(by, programme_id)
    stated = visible_needs(by).filter(programme=mine)
    before = {row.category_group: row.grams_per_week for row in stated}
    form = NeedsForm(request.POST or None, initial=before)
    context = {"programme": mine, "organization": mine.location.organization}
    act = partial(_set_needs, request, mine, before)
    return form_page(request, "web/charity/needs.html", form, act=act, context=context)


@transaction.atomic
def _set_needs(
    request: HttpRequest, mine: Programme, before: dict[str, int], wanted: dict[str, Any]
) -> HttpResponse:
    for group, mass_g in wanted.items():
        if (mass_g or 0) != before.get(group, 0):
            set_standing_need(
                programme_id=mine.pk,
                category_group=group,
                grams_per_week=mass_g or 0,
                by=actor(request),
                now=clock.now(),
            )
    messages.success(request, _("Kept."))
    return redirect("web:charity_needs")


@require_http_methods(["GET", "POST"])
@login_required
def consent(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Whether we may accept for the programme, and within which limits."""
    by = actor(request)
    mine = own_programme(by, programme_id)
    standing = visible_consents(by).filter(programme=mine, withdrawn_at__isnull=True).first()
    form = ConsentForm(request.POST or None, initial=_limits(standing, mine))
    context = {
        "programme": mine,
        "organization": mine.location.organization,
        "consent": standing,
        "is_manager": is_manager(by, mine.location),
        "withdraw": _withdraw_question(standing) if standing else None,
    }
    act = partial(_consent, request, mine)
    return form_page(request, "web/charity/consent.html", form, act=act, context=context)


def _limits(standing: StandingConsent | None, mine: Programme) -> dict[str, Any]:
    names = ("max_g_per_day", "max_distance_m", "until_date", "category_groups")
    if standing:
        return {name: getattr(standing, name) for name in names}
    return {"max_g_per_day": USUAL_G_PER_DAY, "max_distance_m": mine.max_distance_m}


def _consent(request: HttpRequest, mine: Programme, wanted: dict[str, Any]) -> HttpResponse:
    give_consent(programme_id=mine.pk, by=actor(request), now=clock.now(), **wanted)
    messages.success(request, _("Thank you. Food within these limits now comes without asking."))
    return redirect("web:organization", mine.location.organization_id)


@require_POST
@login_required
def consent_withdraw(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    by = actor(request)
    mine = own_programme(by, programme_id)
    for standing in visible_consents(by).filter(programme=mine, withdrawn_at__isnull=True):
        withdraw_consent(consent_id=standing.pk, by=by, now=clock.now())
    messages.success(request, _("From now on you are asked each time."))
    return redirect("web:consent", mine.pk)


def own_programme(viewer: Actor, programme_id: UUID) -> Programme:
    """A programme of the viewer's own organizations that has not ended; NotFound otherwise."""
    mine = organizations_of(viewer).values("pk")
    rows = visible_programmes(viewer).filter(location__organization__in=mine)
    return found(rows.filter(closed_at__isnull=True), programme_id)


def _close_question(mine: Programme) -> Confirm:
    return Confirm(
        id="close-programme",
        button=_("End this programme"),
        title=_("End this programme?"),
        text=_("Nothing more is offered to it. What is promised still comes."),
        yes=_("End it"),
        url=reverse("web:programme_close", args=[mine.pk]),
    )


def _withdraw_question(standing: StandingConsent) -> Confirm:
    return Confirm(
        id="withdraw-consent",
        button=_("Ask us each time"),
        title=_("Ask you each time?"),
        text=_("Nothing more is accepted for you. What was accepted still comes."),
        yes=_("Ask us each time"),
        url=reverse("web:consent_withdraw", args=[standing.programme_id]),
    )
