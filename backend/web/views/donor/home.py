"""A donor's own page: what needs them now, what is on the board, what came of it."""

from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.claims.models import LIVE, Claim, ClaimStatus, Transport
from backend.claims.selectors import claims_given
from backend.common import clock
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing
from backend.listings.selectors import kept_listings
from backend.organizations.models import Organization
from backend.web import donations, regional, wording
from backend.web.acting import Audience, actor
from backend.web.components import Chip, Figure, Line, Ticket
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as

PAGE_SIZE = 20
COUNTED = timedelta(days=28)
#: A charity that comes within this time needs somebody at the door.
SOON = timedelta(minutes=45)


@require_safe
@for_audience(Audience.DONOR)
def home(request: HttpRequest) -> HttpResponse:
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.DONOR)
    listings = kept_listings(by).filter(organization=acting.organization)
    running = list(listings.filter(status=ListingStatus.OPEN).order_by("pickup_until_at", "pk"))
    given = claims_given(by).filter(listing__organization=acting.organization)
    shares = given.filter(Q(status__in=LIVE) | Q(listing__in=running, status=ClaimStatus.SETTLED))
    claims = list(shares.prefetch_related(donations.HAND_OVERS).order_by("lapses_at", "pk"))
    over = listings.filter(status=ListingStatus.CLOSED).order_by("-closed_at", "-pk")
    page = Paginator(over, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "acting": acting,
        "may_act": acting.organization.may_act,
        "figures": _figures(request, acting.organization, now),
        "drafts": listings.filter(status=ListingStatus.DRAFT).order_by("-created_at"),
        "waiting": [_needs_you(claim, now) for claim in claims if _is_soon(claim, now)],
        "open": [_row(listing, claims, now) for listing in running],
        "under_way": _without(claims, running, now),
        "past": [_past(listing, now) for listing in page],
        "page": page,
    }
    return render(request, "web/donor/home.html", context)


def _figures(request: HttpRequest, organization: Organization, now: datetime) -> list[Figure]:
    """What of the last four weeks reached people."""
    given = claims_given(actor(request)).filter(
        listing__organization=organization,
        status=ClaimStatus.SETTLED,
        ended_at__gt=now - COUNTED,
    )
    total = given.order_by().aggregate(mass=Sum("lines__delivered_g", default=0))["mass"]
    count = given.order_by().values("organization").distinct().count()
    return [
        Figure(wording.mass(total), _("given in four weeks"), regional.meals(total)),
        Figure(str(count), _("charities got it")),
    ]


def _is_soon(claim: Claim, now: datetime) -> bool:
    """Whether somebody may stand at the door any moment."""
    if claim.status not in (ClaimStatus.RESERVED, ClaimStatus.SCHEDULED):
        return False
    if claim.transport == Transport.DONOR_DELIVERS:
        return True
    return claim.booked_from_at is not None and claim.booked_from_at <= now + SOON


def _needs_you(claim: Claim, now: datetime) -> tuple[str, str]:
    """What to do, and where."""
    names = {"charity": claim.organization.name, "title": claim.listing.title}
    url = reverse("web:donor_listing", args=[claim.listing_id])
    if claim.transport == Transport.DONOR_DELIVERS:
        return _("Bring %(title)s to %(charity)s.") % names, url
    until_at = claim.booked_until_at or claim.listing.pickup_until_at
    facts = names | {"time": wording.clock_time(until_at)}
    return _("%(charity)s will collect %(title)s by %(time)s.") % facts, url


def _row(listing: Listing, claims: list[Claim], now: datetime) -> tuple[Ticket, list[Line]]:
    """An open listing with the line of each share, or its own where nobody has any yet."""
    lots = list(listing.lots.all())
    free_g = sum(lot.available_g + lot.held_g for lot in lots)
    lines = [
        donations.claim_line(claim, now=now) for claim in claims if claim.listing_id == listing.pk
    ]
    ticket = donations.listing_ticket(
        listing,
        lots=lots,
        mass_g=sum(lot.declared_g + lot.adjusted_g for lot in lots),
        now=now,
        url=reverse("web:donor_listing", args=[listing.pk]),
        chips=(_free_chip(free_g),),
        place=listing.location.name,
    )
    return ticket, lines or [donations.listing_line(listing, now=now)]


def _free_chip(free_g: int) -> Chip:
    if not free_g:
        return Chip(_("All promised"), "good", "check")
    return Chip(_("%(mass)s still free") % {"mass": wording.mass(free_g)}, "plain", "hourglass")


def _without(
    claims: list[Claim], running: list[Listing], now: datetime
) -> list[tuple[Claim, Line]]:
    """Claims on the way whose listing is no longer open."""
    shown = {listing.pk for listing in running}
    return [
        (claim, donations.claim_line(claim, now=now))
        for claim in claims
        if claim.listing_id not in shown
    ]


def _past(listing: Listing, now: datetime) -> Ticket:
    lots = list(listing.lots.all())
    return donations.listing_ticket(
        listing,
        lots=lots,
        mass_g=sum(lot.declared_g + lot.adjusted_g for lot in lots),
        now=now,
        url=reverse("web:donor_listing", args=[listing.pk]),
        chips=(donations.listing_chip(listing),),
        place=regional.day(regional.today(listing.closed_at or listing.created_at), now),
    )
