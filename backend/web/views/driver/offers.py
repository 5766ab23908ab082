"""One offered route: how far, how long, how heavy, and yes or no."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backend.common import clock
from backend.common.found import found
from backend.regions.packs import pack
from backend.web.acting import Audience, actor
from backend.web.form_pages import form_page
from backend.web.forms.driving import DeclineForm
from backend.web.guards import for_audience
from backend.web.views.driver.home import offer_shown
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.answer_route_offer import OfferOver
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.models import RouteOfferStatus
from logistics.selectors.visible import own_route_offers


@for_audience(Audience.DRIVER)
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The page with both answers; a POST declines, with or without a reason."""
    now = clock.now()
    asked = found(own_route_offers(actor(request)), offer_id)
    if asked.status == RouteOfferStatus.ACCEPTED:
        return redirect("web:driver_route", asked.route_id)
    form = DeclineForm(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        decline_route_offer(
            offer_id=asked.pk, reason=typed["reason"], by=actor(request), now=clock.now()
        )
        messages.success(request, _("Thank you for answering. Somebody else is asked."))
        return redirect("web:driver_home")

    is_open = asked.status == RouteOfferStatus.OFFERED and asked.answer_by_at > now
    context = {"shown": offer_shown(asked, now), "is_open": is_open, "zone": pack().zone}
    return form_page(request, "web/driver/offer.html", form, act=act, context=context)


@for_audience(Audience.DRIVER)
@require_POST
def accept(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Yes; saying it twice leads to the same route."""
    asked = found(own_route_offers(actor(request)), offer_id)
    try:
        accept_route_offer(offer_id=asked.pk, by=actor(request), now=clock.now())
    except OfferOver as refusal:
        asked.refresh_from_db(fields=["status"])
        if asked.status != RouteOfferStatus.ACCEPTED:
            messages.warning(request, refusal.detail)
            return redirect("web:driver_home")
    return redirect("web:driver_route", asked.route_id)
