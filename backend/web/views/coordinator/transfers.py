"""Food for other counties: what is agreed, what is sent, and the record of it."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.permissions import may
from backend.organizations.selectors import counties_of
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from backend.web import donations, regional
from backend.web.acting import Audience, actor
from backend.web.components import Chip
from backend.web.form_pages import form_page, press
from backend.web.forms.transfers import AgreementForm, SendForm
from backend.web.guards import for_audience
from backend.web.views.coordinator.rounds import OFFER_CHIPS
from matching.actions.answer_agreement import answer_agreement
from matching.actions.arrange_transfer import arrange_transfer
from matching.actions.propose_agreement import propose_agreement
from matching.domain.lifecycle import AgreementStatus
from matching.domain.transfers import week_of
from matching.models import OfferStatus, TransferAgreement, TransferMode
from matching.selectors.transfers import (
    Sendable,
    agreements_of,
    lots_that_may_go,
    lots_to_send,
    quotas_left_g,
    takers_elsewhere,
    transfers_of,
)

PAGE_SIZE = 20
CHIPS = {
    AgreementStatus.PROPOSED: Chip(gettext_lazy("Waits for an answer"), "now", "hourglass"),
    AgreementStatus.ACTIVE: Chip(gettext_lazy("Agreed"), "good", "check"),
    AgreementStatus.DECLINED: Chip(gettext_lazy("Declined"), "plain", "x"),
    AgreementStatus.ENDED: Chip(gettext_lazy("Ended"), "plain", "x"),
}
ANSWERS = {
    "agree": AgreementStatus.ACTIVE,
    "decline": AgreementStatus.DECLINED,
    "end": AgreementStatus.ENDED,
}
OPEN = (AgreementStatus.PROPOSED, AgreementStatus.ACTIVE)


@require_safe
@for_audience(Audience.COORDINATOR)
def transfers(request: HttpRequest) -> HttpResponse:
    """The agreements of the viewer's counties, what may go, and what was sent under them."""
    viewer, now = actor(request), clock.now()
    agreements = list(agreements_of(viewer).filter(status__in=OPEN))
    left_g = quotas_left_g(agreements, week=week_of(local_date(now, pack().zone)))
    lots = Paginator(lots_that_may_go(viewer, now=now), PAGE_SIZE).get_page(request.GET.get("lots"))
    page = Paginator(transfers_of(viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "agreements": [_row(viewer, each, left_g[each.pk]) for each in agreements],
        "lots": lots,
        "to_send": [_sendable(each, now) for each in lots.object_list],
        "page": page,
        "sent": [
            (each, _between(each.agreement), OFFER_CHIPS[OfferStatus(each.offer.status)])
            for each in page.object_list
        ],
        "zone": pack().zone,
    }
    return render(request, "web/coordinator/transfers.html", context)


@require_http_methods(["GET", "POST"])
@for_audience(Audience.COORDINATOR)
def propose(request: HttpRequest) -> HttpResponse:
    """What one's county would give or take; the other side is asked."""
    viewer = actor(request)
    form = AgreementForm(request.POST or None, own=counties_of(viewer))
    act = partial(_propose, request, form)
    names = {"from_county": "own", "to_county": "other"}
    return form_page(request, "web/coordinator/transfer_agreement.html", form, act=act, names=names)


def _propose(request: HttpRequest, form: AgreementForm, wanted: dict[str, Any]) -> HttpResponse:
    from_county, to_county = form.counties()
    propose_agreement(
        from_county=from_county,
        to_county=to_county,
        category_groups=wanted["category_groups"],
        quota_g=wanted["quota_g"],
        until_date=wanted["until_date"],
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Proposed. The other county is asked."))
    return redirect("web:desk_transfers")


@require_POST
@for_audience(Audience.COORDINATOR)
def answer(request: HttpRequest, agreement_id: UUID, word: str) -> HttpResponse:
    """Agrees, declines or ends."""
    by = actor(request)
    seen = found(agreements_of(by), agreement_id)
    act = partial(answer_agreement, agreement_id=seen.pk, to=ANSWERS[word], by=by, now=clock.now())
    press(request, act, done=_("Done."))
    return redirect("web:desk_transfers")


@require_http_methods(["GET", "POST"])
@for_audience(Audience.COORDINATOR)
def send(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Sends part of a lot to a county that agreed; the programme there is asked."""
    viewer, now = actor(request), clock.now()
    lot = found(lots_to_send(viewer, now=now), lot_id)
    takers = takers_elsewhere(lot, now=now)
    form = SendForm(
        request.POST or None,
        takers=takers,
        initial={
            "mass_g": takers[0].most_g if takers else lot.available_g,
            "departs_at": max(now, lot.listing.pickup_from_at),
        },
    )
    act = partial(_send, request, lot_id, form)
    names = {
        "programme_id": "taker",
        "agreement_id": "taker",
        "lot_id": "taker",
    }
    context = {
        "lot": donations.lot_ticket(lot, mass_g=lot.available_g, now=now),
        "listing": lot.listing,
        "has_takers": bool(takers),
        "zone": pack().zone,
    }
    template = "web/coordinator/transfer_send.html"
    return form_page(request, template, form, act=act, context=context, names=names)


def _send(
    request: HttpRequest, lot_id: UUID, form: SendForm, wanted: dict[str, Any]
) -> HttpResponse:
    taker = form.chosen()
    arrange_transfer(
        agreement_id=taker.agreement.pk,
        lot_id=lot_id,
        programme_id=taker.programme.pk,
        mass_g=wanted["mass_g"],
        mode=TransferMode(wanted["mode"]),
        waybill=wanted["waybill"],
        carriage=form.carriage(),
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("The charity is asked. It goes once it says yes."))
    return redirect("web:desk_transfers")


def _sendable(sendable: Sendable, now: datetime) -> dict[str, Any]:
    lot = sendable.lot
    return {
        "lot": lot,
        "title": donations.lot_title(lot),
        "bar": donations.lot_bar(lot, now),
        "counties": regional.words(sendable.counties, pack().counties),
    }


def _row(viewer: Actor, agreement: TransferAgreement, left_g: int) -> dict[str, Any]:
    return {
        "agreement": agreement,
        "between": _between(agreement),
        "chip": CHIPS[AgreementStatus(agreement.status)],
        "groups": regional.words(agreement.category_groups, pack().category_groups),
        "left_g": left_g,
        "may_answer": agreement.status == AgreementStatus.PROPOSED
        and may(viewer, "matching.answer_agreement", agreement),
    }


def _between(agreement: TransferAgreement) -> str:
    return _("%(giver)s → %(taker)s") % {
        "giver": regional.county(agreement.from_county),
        "taker": regional.county(agreement.to_county),
    }
