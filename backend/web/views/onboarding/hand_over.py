"""Where the QR code of a hand-over leads whoever scans it: to the page on which they record it."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from backend.claims.selectors import claims_given, claims_received
from backend.common.refusals import NotFound
from backend.web.acting import Audience, actor, audiences


@require_safe
@login_required
def hand_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A charity goes on to receiving, a donor to the listing, a driver to the route."""
    by, code = actor(request), request.GET.get("code", "")
    query = f"?{urlencode({'code': code})}" if code else ""
    if claim := claims_received(by).filter(public_id=public_id).first():
        return redirect(reverse("web:charity_receive", args=[claim.pk]) + query)
    if claim := claims_given(by).filter(public_id=public_id).first():
        return redirect("web:donor_listing", claim.listing_id)
    if Audience.DRIVER in audiences(request.user):
        return redirect(reverse("web:driver_home") + query)
    raise NotFound()
