"""What is coming and when, one claim in full, and giving a claim back."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.domain.lifecycle import BEFORE_COLLECTION
from backend.claims.models import LIVE, Claim, ClaimStatus, Transport
from backend.claims.selectors import claims_received
from backend.common import clock
from backend.common.found import found
from backend.regions.packs import pack
from backend.web import donations
from backend.web.acting import Audience, actor
from backend.web.components import Confirm, Text, Ticket
from backend.web.form_pages import press
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as
from backend.web.views.charity.places import map_url
from logistics.models import RouteStatus

PAGE_SIZE = 20
CANCELLED_BY_CHARITY = "charity_gave_it_back"
#: Routes whose times can be told: somebody has said yes to driving them.
DRIVEN = (RouteStatus.ACCEPTED, RouteStatus.UNDER_WAY)
STOPS = "shipments__stop_tasks__stop__route"


@require_safe
@for_audience(Audience.CHARITY)
def coming(request: HttpRequest) -> HttpResponse:
    """What is still to come, soonest first, and what came before."""
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.CHARITY)
    claims = claims_received(by).filter(organization=acting.organization)
    claims = claims.prefetch_related(donations.HAND_OVERS)
    expected = claims.filter(status__in=LIVE).prefetch_related(STOPS).order_by("lapses_at", "pk")
    past = claims.exclude(status__in=LIVE).order_by("-ended_at", "-pk")
    page = Paginator(past, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "acting": acting,
        "expected": [_row(claim, now) for claim in expected],
        "past": [_row(claim, now) for claim in page],
        "page": page,
    }
    return render(request, "web/charity/coming.html", context)


def _row(claim: Claim, now: datetime) -> dict[str, Any]:
    return {
        "claim": claim,
        "ticket": _ticket(claim, now),
        "line": donations.claim_line(claim, now=now),
        "arrival": arrival(claim),
    }


def _ticket(claim: Claim, now: datetime) -> Ticket:
    listing = claim.listing
    mass_g = donations.claimed_g(claim) or sum(line.mass_g for line in claim.lines.all())
    ticket = donations.listing_ticket(
        listing,
        lots=[line.lot for line in claim.lines.all()],
        mass_g=mass_g,
        now=now,
        url=reverse("web:charity_claim", args=[claim.pk]),
        chips=(donations.CLAIM_CHIPS[ClaimStatus(claim.status)],),
        place=listing.organization.name,
    )
    return ticket if claim.ended_at is None else replace(ticket, time=None)


def arrival(claim: Claim) -> datetime | None:
    """When the driver is planned to be at the charity's door; None while nobody drives it yet.

    Reads STOPS.
    """
    stops = [
        task.stop
        for shipment in claim.shipments.all()
        for task in shipment.stop_tasks.all()
        if not task.is_pickup and task.stop.route.status in DRIVEN and task.stop.ended_at is None
    ]
    return min((stop.arrive_at for stop in stops), default=None)


@require_safe
@for_audience(Audience.CHARITY)
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """One claim: where it is, where to fetch it or which code to show, and what to do next."""
    by, now = actor(request), clock.now()
    rows = claims_received(by).prefetch_related(donations.HAND_OVERS, STOPS)
    shown = found(rows, claim_id)
    fetches = shown.transport == Transport.SELF_COLLECT
    by_courier = shown.transport in (Transport.COURIER, Transport.CARRIER)
    is_live = shown.status in (*BEFORE_COLLECTION, ClaimStatus.COLLECTED)
    context = {
        "claim": shown,
        "lots": [
            donations.lot_ticket(line.lot, mass_g=line.mass_g + line.adjusted_g, now=now)
            for line in shown.lines.all()
        ],
        "line": donations.claim_line(shown, now=now),
        "chip": donations.CLAIM_CHIPS[ClaimStatus(shown.status)],
        "arrival": arrival(shown),
        "zone": pack().zone,
        "fetches": fetches,
        "transport": donations.TRANSPORT_WORDS[shown.transport],
        "map_url": map_url(shown),
        "code": donations.delivery_code(shown) if is_live and not fetches else None,
        "can_receive": is_live and not (by_courier and shown.status != ClaimStatus.COLLECTED),
        "cancel": _cancel_question(shown) if shown.status in BEFORE_COLLECTION else None,
        "arrived_g": donations.arrived_g(shown),
    }
    return render(request, "web/charity/claim.html", context)


@require_POST
@for_audience(Audience.CHARITY)
def cancel(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Gives the food back to the board."""
    by = actor(request)
    mine = found(claims_received(by), claim_id)
    act = partial(
        cancel_claim, claim_id=mine.pk, reason=CANCELLED_BY_CHARITY, by=by, now=clock.now()
    )
    press(request, act, done=_("Given back. Others can have it now."))
    return redirect("web:charity_claim", mine.pk)


def _cancel_question(shown: Claim) -> Confirm:
    text: Text = _("Others can have it at once. Please do not leave it to the last minute.")
    return Confirm(
        id="cancel-claim",
        button=_("We cannot take it"),
        title=_("Give it back?"),
        text=text,
        yes=_("Give it back"),
        url=reverse("web:charity_claim_cancel", args=[shown.pk]),
    )
