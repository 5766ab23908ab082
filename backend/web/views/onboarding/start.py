"""What somebody wants to do here, and the organizations they already act for."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from backend.organizations.selectors import memberships_of
from backend.web.acting import actor, audiences
from backend.web.tenancy import choose


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    mine = memberships_of(actor(request)).select_related("organization")
    context = {
        "memberships": mine.order_by("organization__name"),
        "audiences": audiences(request.user),
    }
    return render(request, "web/onboarding/start.html", context)


@require_POST
@login_required
def choose_organization(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Acts for this one from now on, and goes back to where the person was."""
    choose(request, organization_id)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("web:organization", organization_id)
