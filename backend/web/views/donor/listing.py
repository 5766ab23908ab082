"""One listing of a donor's: its lots, who was promised what, codes, and changing it."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.claims.domain.lifecycle import BEFORE_COLLECTION
from backend.claims.models import Claim, ClaimStatus, Transport
from backend.claims.selectors import claims_given
from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.listings.actions.change_listing import change_listing
from backend.listings.actions.correct_lot import correct_lot
from backend.listings.actions.open_listing import open_listing
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing, Lot
from backend.listings.selectors import draft_of, kept_listings, kept_lots
from backend.organizations.selectors import organizations_of
from backend.regions.packs import pack
from backend.web import donations, kept_photos, wording
from backend.web.acting import Audience, actor
from backend.web.components import Confirm, Ticket
from backend.web.form_pages import form_page, press
from backend.web.forms.donor import ChangeForm, CorrectForm, audience_of
from backend.web.guards import for_audience
from backend.web.views.donor.post import add_photo, known_charities

WITHDRAWN_BY_DONOR = "withdrawn_by_donor"
WEIGHED_AGAIN = "weighed_again"
CHANGEABLE = (
    *("title", "note", "pickup_from_at", "pickup_until_at"),
    *("allows_self_collect", "allows_courier", "donor_delivers"),
)
NAMES = {"audience": "charities", "chosen_recipient_ids": "charities"}


@require_safe
@for_audience(Audience.DONOR)
def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    by, now = actor(request), clock.now()
    shown = own_listing(by, listing_id)
    lots = list(shown.lots.all())
    given = claims_given(by).filter(listing=shown).prefetch_related(donations.HAND_OVERS)
    claims = list(given.order_by("reserved_at", "pk"))
    context = {
        "listing": shown,
        "chip": donations.listing_chip(shown),
        "ticket": _ticket(shown, lots, now),
        "lots": [_lot(lot, now) for lot in lots] if len(lots) > 1 else [],
        "single": lots[0] if len(lots) == 1 else None,
        "free_g": sum(lot.available_g for lot in lots),
        "held_g": sum(lot.held_g for lot in lots),
        "claims": [_claim(claim, now) for claim in claims],
        "line": donations.listing_line(shown, now=now),
        "is_open": shown.status == ListingStatus.OPEN,
        "is_draft": shown.status == ListingStatus.DRAFT,
        "only_for": [each.name for each in shown.chosen_recipients.all()],
        "zone": pack().zone,
        "withdraw": _withdraw_question(shown),
    }
    return render(request, "web/donor/listing.html", context)


def own_listing(viewer: Actor, listing_id: UUID) -> Listing:
    """A listing of the viewer's own organizations; NotFound otherwise."""
    mine = organizations_of(viewer).values("pk")
    return found(kept_listings(viewer).filter(organization__in=mine), listing_id)


def _ticket(shown: Listing, lots: list[Lot], now: datetime) -> Ticket:
    mass_g = sum(lot.declared_g + lot.adjusted_g for lot in lots)
    if not lots:
        mass_g = sum(lot.declared_g for lot in draft_of(shown).lots)
    return donations.listing_ticket(
        shown, lots=lots, mass_g=mass_g, now=now, place=f"{shown.location.name} · {shown.address}"
    )


def _lot(lot: Lot, now: datetime) -> tuple[Lot, Ticket]:
    return lot, donations.lot_ticket(lot, mass_g=lot.declared_g + lot.adjusted_g, now=now)


def _claim(claim: Claim, now: datetime) -> dict[str, Any]:
    """A share: whose, where it is, and the code while somebody may still come for it."""
    waits = claim.status in BEFORE_COLLECTION
    return {
        "claim": claim,
        "chip": donations.CLAIM_CHIPS[ClaimStatus(claim.status)],
        "line": donations.claim_line(claim, now=now),
        "mass_g": donations.claimed_g(claim) or sum(line.mass_g for line in claim.lines.all()),
        "says": _says(claim),
        "code": donations.pickup_code(claim)
        if waits and claim.transport != Transport.DONOR_DELIVERS
        else None,
        "is_over": claim.ended_at is not None,
        "may_bring": waits and claim.transport == Transport.DONOR_DELIVERS,
    }


def _says(claim: Claim) -> str:
    """Who comes, by when; or whom to bring it to."""
    names = {"charity": claim.organization.name, "address": claim.location.address}
    if claim.ended_at is not None:
        return str(names["charity"])
    if claim.transport == Transport.DONOR_DELIVERS:
        return _("Please bring it to %(charity)s, %(address)s.") % names
    if claim.transport == Transport.SELF_COLLECT:
        until_at = claim.booked_until_at or claim.listing.pickup_until_at
        facts = names | {"time": wording.clock_time(until_at)}
        return _("%(charity)s will collect by %(time)s.") % facts
    return _("A driver fetches it for %(charity)s.") % names


@require_http_methods(["GET", "POST"])
@for_audience(Audience.DONOR)
def change(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Times and words; promises already made only ever get easier."""
    shown = own_listing(actor(request), listing_id)
    chosen = {str(each.pk): each.name for each in shown.chosen_recipients.all()}
    known = dict(known_charities(actor(request), shown.organization)) | chosen
    initial = {name: getattr(shown, name) for name in CHANGEABLE} | {"charities": list(chosen)}
    form = ChangeForm(
        request.POST or None,
        request.FILES or None,
        charities=list(known.items()),
        initial=initial,
    )
    act = partial(_change, request, shown)
    template = "web/donor/change.html"

    def context() -> dict[str, Any]:
        return {"listing": shown, **kept_photos.beside(request)}

    return form_page(request, template, form, act=act, context=context, names=NAMES)


def _change(request: HttpRequest, shown: Listing, wanted: dict[str, Any]) -> HttpResponse:
    changes: Any = {name: wanted[name] for name in CHANGEABLE}
    if "charities" in wanted:
        changes |= audience_of(wanted)
    change_listing(listing_id=shown.pk, by=actor(request), now=clock.now(), **changes)
    messages.success(request, _("Changed."))
    add_photo(request, shown)
    return redirect("web:donor_listing", shown.pk)


@require_POST
@for_audience(Audience.DONOR)
def withdraw(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    by = actor(request)
    shown = own_listing(by, listing_id)
    act = partial(
        withdraw_listing, listing_id=shown.pk, reason=WITHDRAWN_BY_DONOR, by=by, now=clock.now()
    )
    press(request, act, done=_("Withdrawn. Whoever was promised some is told."))
    return redirect("web:donor_listing", shown.pk)


@require_POST
@for_audience(Audience.DONOR)
def put_up(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """A draft goes on the board."""
    by = actor(request)
    shown = own_listing(by, listing_id)
    act = partial(open_listing, listing_id=shown.pk, by=by, now=clock.now())
    press(request, act, done=_("Posted. We ask charities now; you see here who takes it."))
    return redirect("web:donor_listing", shown.pk)


@require_http_methods(["GET", "POST"])
@for_audience(Audience.DONOR)
def correct(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """There is more or less of what is not promised yet."""
    lot = _own_lot(actor(request), lot_id)
    form = CorrectForm(request.POST or None, initial={"free_g": lot.available_g})
    context = {
        "lot": lot,
        "title": donations.lot_title(lot),
        "promised_g": lot.declared_g + lot.adjusted_g - lot.available_g,
    }
    act = partial(_correct, request, lot)
    names = {"change_g": "free_g"}
    return form_page(request, "web/donor/correct.html", form, act=act, context=context, names=names)


def _correct(request: HttpRequest, lot: Lot, wanted: dict[str, Any]) -> HttpResponse:
    change_g = wanted["free_g"] - lot.available_g
    if change_g:
        correct_lot(
            lot_id=lot.pk,
            change_g=change_g,
            reason=WEIGHED_AGAIN,
            by=actor(request),
            now=clock.now(),
        )
    messages.success(request, _("Corrected."))
    return redirect("web:donor_listing", lot.listing_id)


def _own_lot(viewer: Actor, lot_id: UUID) -> Lot:
    mine = organizations_of(viewer).values("pk")
    return found(kept_lots(viewer).filter(listing__organization__in=mine), lot_id)


def _withdraw_question(shown: Listing) -> Confirm:
    return Confirm(
        id="withdraw-listing",
        button=_("Withdraw it"),
        title=_("Withdraw this?"),
        text=_("Nobody can take it any more, and what was promised is cancelled."),
        yes=_("Withdraw"),
        url=reverse("web:donor_withdraw", args=[shown.pk]),
    )
