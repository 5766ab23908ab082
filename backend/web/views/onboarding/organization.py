"""An organization: registering it, where it stands with verification, changing its facts."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.accounts.models import User
from backend.common import clock
from backend.common.found import found
from backend.organizations.actions.apply_again import apply_again as apply_once_more
from backend.organizations.actions.change_organization import change_organization
from backend.organizations.actions.register_organization import ROLES, register_organization
from backend.organizations.models import Organization
from backend.organizations.permissions import is_manager
from backend.organizations.selectors import organizations_of
from backend.web.acting import actor
from backend.web.form_pages import form_page
from backend.web.forms.onboarding import OrganizationForm, RegisterForm
from backend.web.tenancy import choose
from backend.web.views.onboarding.checklist import checklist, places_of

FORM = "web/onboarding/organization_form.html"
PLAIN = ("name", "legal_id", "contact_email", "contact_phone")


@require_http_methods(["GET", "POST"])
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """A new organization; the person who registers it becomes its manager."""
    asked = request.GET.get("role", "")
    email = request.user.email if isinstance(request.user, User) else ""
    initial = {"roles": [asked] if asked in ROLES else [], "contact_email": email}
    form = RegisterForm(request.POST or None, initial=initial)
    return form_page(request, FORM, form, act=partial(_register, request))


def _register(request: HttpRequest, wanted: dict[str, Any]) -> HttpResponse:
    organization = register_organization(
        roles=wanted["roles"],
        county_code=wanted["county_code"],
        **{name: wanted[name] for name in PLAIN},
        by=actor(request),
        now=clock.now(),
    )
    choose(request, organization.pk)
    return redirect("web:organization", organization.pk)


@require_safe
@login_required
def organization(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Where it stands: what is still to do, and what happens next."""
    by = actor(request)
    mine = found(organizations_of(by), organization_id)
    places = places_of(by, mine.pk)
    steps = checklist(by, mine, places)
    context = {
        "organization": mine,
        "is_manager": is_manager(by, mine),
        "steps": steps,
        "places": places,
        "next_step": next((step for step in steps if not step.is_done), None),
    }
    return render(request, "web/onboarding/organization.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    mine = found(organizations_of(actor(request)), organization_id)
    initial = {name: getattr(mine, name) for name in PLAIN}
    initial |= {"roles": [role for role in ROLES if getattr(mine, f"is_{role}")]}
    form = OrganizationForm(request.POST or None, initial=initial)
    context = {"organization": mine}
    return form_page(request, FORM, form, act=partial(_change, request, mine), context=context)


def _change(request: HttpRequest, mine: Organization, wanted: dict[str, Any]) -> HttpResponse:
    roles = set(wanted["roles"]) | ({"authority"} if mine.is_authority else set())
    change_organization(
        organization_id=mine.pk,
        changes={name: wanted[name] for name in PLAIN},
        roles=roles,
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Changed."))
    return redirect("web:organization", mine.pk)


@require_POST
@login_required
def apply_again(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """After a no: the coordinators are asked to look again."""
    by = actor(request)
    mine = found(organizations_of(by), organization_id)
    apply_once_more(organization_id=mine.pk, by=by, now=clock.now())
    messages.success(request, _("Sent. The coordinators look at it again."))
    return redirect("web:organization", mine.pk)
