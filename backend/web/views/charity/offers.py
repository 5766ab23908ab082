"""Offers that wait for an answer: why us, taking all or part, saying no."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.common import clock
from backend.common.found import found
from backend.geo.domain.points import distance_m
from backend.regions.packs import pack
from backend.web import donations, wording
from backend.web.acting import Audience, actor
from backend.web.components import Chip, Ticket, TimeBar
from backend.web.form_pages import form_page, press
from backend.web.forms.charity import AnswerForm, DeclineForm
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as
from backend.web.views.charity.places import area
from matching.actions.accept_offer import accept_offer
from matching.actions.decline_offer import decline_offer
from matching.models import DeclineReason, Offer, OfferStatus
from matching.selectors.explanations import LotExplanation, offer_explanation
from matching.selectors.offers import in_waiting, offers_received, unanswered

#: Distances are told in steps of this before somebody has claimed.
ROUNDED_TO_M = 100
#: Terms below this many kilograms say nothing to a person.
SMALLEST_KG = 0.05
KILOGRAM_G = 1_000


@require_safe
@for_audience(Audience.CHARITY)
def offers(request: HttpRequest) -> HttpResponse:
    """What is offered now, the one that must be answered first at the top."""
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.CHARITY)
    rows = offers_received(by).filter(location__organization=acting.organization)
    context = {
        "acting": acting,
        "tickets": [_ticket(offer) for offer in unanswered(rows, now=now)],
        "in_waiting": [_waiting_ticket(offer) for offer in in_waiting(rows, now=now)],
    }
    return render(request, "web/charity/offers.html", context)


@require_http_methods(["GET", "POST"])
@for_audience(Audience.CHARITY)
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """One offer with its reasons; sent, it is taken as far as the form says."""
    shown = found(offers_received(actor(request)), offer_id)
    form = AnswerForm(request.POST or None, offered=_offered(shown))
    act = partial(_accept, request, shown, form)
    return form_page(
        request,
        "web/charity/offer.html",
        form,
        act=act,
        context=lambda: _shown(request, offer_id, form),
    )


def _shown(request: HttpRequest, offer_id: UUID, form: AnswerForm) -> dict[str, Any]:
    now = clock.now()
    shown = found(offers_received(actor(request)), offer_id)
    held_g = {each.lot_id: each.held_g for each in shown.proposals.all()}
    return {
        "offer": shown,
        "is_open": shown.status == OfferStatus.OFFERED and shown.answer_by_at > now,
        "ticket": _ticket(shown),
        "bar": TimeBar(shown.made_at, shown.answer_by_at, now, _("Answer by"), pack().zone),
        "lots": [
            (
                donations.lot_ticket(each.lot, mass_g=each.mass_g, now=now),
                _why(each),
                form[_name(each.lot.pk)] if held_g.get(each.lot.pk) else None,
            )
            for each in offer_explanation(actor(request), shown)
        ],
        "transport": donations.TRANSPORT_WORDS[shown.transport],
        "decline": DeclineForm(),
        "area": area(shown.listing),
    }


def _why(each: LotExplanation) -> dict[str, Any]:
    """The terms that a person can weigh, and one sentence for each kind of runner-up."""
    terms = [
        (term.label, wording.mass(round(abs(term.kilograms) * KILOGRAM_G)), term.kilograms < 0)
        for term in each.terms
        if abs(term.kilograms) >= SMALLEST_KG
    ]
    return {"terms": terms, "runners_up": list(dict.fromkeys(one.text for one in each.runners_up))}


def _accept(
    request: HttpRequest, shown: Offer, form: AnswerForm, wanted: dict[str, Any]
) -> HttpResponse:
    claim = accept_offer(
        offer_id=shown.pk, shares=form.shares(), by=actor(request), now=clock.now()
    )
    messages.success(request, _("It is yours."))
    return redirect("web:charity_claim", claim.pk)


@require_POST
@for_audience(Audience.CHARITY)
def decline(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Somebody else is asked at once."""
    by = actor(request)
    declined = found(offers_received(by), offer_id)
    given = request.POST.get("reason", "")
    reason = DeclineReason(given) if given in DeclineReason.values else DeclineReason.NONE
    act = partial(decline_offer, offer_id=declined.pk, reason=reason, by=by, now=clock.now())
    press(request, act, done=_("Thank you for saying so. We ask somebody else now."))
    return redirect("web:charity_offers")


def _offered(shown: Offer) -> dict[str, tuple[str, int]]:
    label = _("How much do you take, in kilograms?")
    return {_name(each.lot_id): (label, each.held_g) for each in shown.proposals.all()}


def _name(lot_id: UUID) -> str:
    return f"lot_{lot_id}"


def _ticket(shown: Offer) -> Ticket:
    """With the time that is left to answer, rather than to fetch it."""
    bar = TimeBar(shown.made_at, shown.answer_by_at, clock.now(), _("Answer by"), pack().zone)
    return replace(_waiting_ticket(shown), time=bar)


def _waiting_ticket(shown: Offer) -> Ticket:
    now, listing = clock.now(), shown.listing
    proposals = list(shown.proposals.all())
    away_m = distance_m(listing.point, shown.location.point)
    return donations.listing_ticket(
        listing,
        lots=[each.lot for each in proposals],
        mass_g=sum(each.mass_g for each in proposals),
        now=now,
        url=reverse("web:charity_offer", args=[shown.pk]),
        chips=(Chip(donations.TRANSPORT_WORDS[shown.transport], "plain", "truck"),),
        place=area(listing),
        distance_m=round(away_m / ROUNDED_TO_M) * ROUNDED_TO_M,
    )
