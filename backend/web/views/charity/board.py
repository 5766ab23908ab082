"""The open board, as list and as map, and claiming from it by hand."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.domain.reasons import SENTENCES, Reason
from backend.claims.models import ClaimSource, Transport
from backend.claims.selectors import BoardEntry, BoardPage, open_board
from backend.claims.selectors.board import Place
from backend.claims.selectors.facts import leg_between, transports_of
from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.refusals import NotFound
from backend.listings.models import Listing
from backend.listings.selectors import area_point, offered_listings
from backend.organizations.domain.hours import Interval
from backend.organizations.models import Organization, Programme
from backend.organizations.selectors import visible_programmes
from backend.regions.packs import pack
from backend.web import donations, wording
from backend.web.acting import Audience, actor
from backend.web.components import MapPin, Text, Ticket
from backend.web.form_pages import form_page
from backend.web.forms.charity import BoardFilter, ClaimForm
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as
from backend.web.views.charity.places import area

PAGE_SIZE = 30
#: Distances are told in steps of this: exact ones from three points would give the address away.
ROUNDED_TO_M = 100
#: How long somebody who booked a time is waited for.
BOOKED = timedelta(minutes=30)


@require_safe
@for_audience(Audience.CHARITY)
def board(request: HttpRequest) -> HttpResponse:
    """What others offer near one's programme, each with what could be taken or why not."""
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.CHARITY)
    programmes = programmes_of(by, acting.organization)
    programme = _programme(request, programmes)
    form = BoardFilter(request.GET)
    page = _page(request, by, acting.organization, programme, form, now=now)
    context = {
        "acting": acting,
        "programmes": programmes,
        "programme": programme,
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "tickets": [
            (_ticket(entry, programme, now), *_says(entry, programme)) for entry in page.entries
        ],
        "pins": [_pin(entry, programme, now) for entry in page.entries],
        "more": _more(request, page),
    }
    return render(request, "web/charity/board.html", context)


def programmes_of(viewer: Actor, organization: Organization) -> list[Programme]:
    """The programmes of the organization that food can be claimed for."""
    rows = visible_programmes(viewer).filter(
        location__organization=organization, closed_at__isnull=True, location__closed_at=None
    )
    return list(rows.order_by("name", "pk"))


def _programme(request: HttpRequest, programmes: list[Programme]) -> Programme | None:
    wanted = request.GET.get("programme", "")
    chosen = (each for each in programmes if str(each.pk) == wanted)
    return next(chosen, programmes[0] if programmes else None)


def _page(
    request: HttpRequest,
    by: Actor,
    organization: Organization,
    programme: Programme | None,
    form: BoardFilter,
    *,
    now: datetime,
) -> BoardPage:
    wanted = form.cleaned_data if form.is_valid() else {}
    return open_board(
        by,
        now=now,
        programme=programme,
        without=organization,
        radius_m=float(wanted["km"]) * 1_000 if wanted.get("km") and programme else None,
        category=wanted.get("kind") or None,
        storage_class=wanted.get("storage") or None,
        takeable_only=bool(wanted.get("takeable")),
        after=_after(request),
        limit=PAGE_SIZE,
    )


def _after(request: HttpRequest) -> Place | None:
    """Where the page before ended; a mangled address begins anew."""
    until, _separator, listing_id = request.GET.get("after", "").partition(",")
    try:
        instant, pk = parse_datetime(until), UUID(listing_id)
    except ValueError:
        return None
    return Place(instant, pk) if instant and instant.tzinfo else None


def _more(request: HttpRequest, page: BoardPage) -> str:
    if page.following is None:
        return ""
    until_at, listing_id = page.following
    kept = {name: value for name, value in request.GET.items() if name != "after"}
    return f"?{urlencode(kept | {'after': f'{until_at.isoformat()},{listing_id}'})}"


def _ticket(entry: BoardEntry, programme: Programme | None, now: datetime) -> Ticket:
    return donations.listing_ticket(
        entry.listing,
        lots=[each.lot for each in entry.lots],
        mass_g=sum(each.left_g for each in entry.lots),
        now=now,
        url=_url(entry.listing, programme),
        place=area(entry.listing),
        distance_m=_rounded(entry.distance_m),
    )


def _says(entry: BoardEntry, programme: Programme | None) -> tuple[str, bool]:
    """What could be taken, or why nothing; and whether that is good news."""
    if programme is None:
        return "", True
    if entry.reason is not None:
        return _why_not(entry.reason, entry.held_until_at), False
    mass = wording.mass(entry.takeable_g)
    if entry.held_until_at is not None:
        facts = {"mass": mass, "time": wording.clock_time(entry.held_until_at, pack().zone)}
        said = _("You can take %(mass)s. Until %(time)s it is for those who got least, like you.")
        return said % facts, True
    return _("You can take %(mass)s.") % {"mass": mass}, True


def _why_not(reason: Reason, held_until_at: datetime | None) -> str:
    """The sentence of the rule; for what others may have first, with the time to come back."""
    if reason is not Reason.HELD_FOR_OTHERS or held_until_at is None:
        return _(SENTENCES[reason])
    said = _("Until %(time)s it is for those nearby who got least so far. After that you can.")
    return said % {"time": wording.clock_time(held_until_at, pack().zone)}


def _pin(entry: BoardEntry, programme: Programme | None, now: datetime) -> MapPin:
    point = area_point(entry.listing, coarse=False)
    bar = donations.pickup_bar(entry.listing, now)
    return MapPin(
        lon=point.lon,
        lat=point.lat,
        title=entry.listing.title,
        mass_g=sum(each.left_g for each in entry.lots),
        storage=entry.lots[0].lot.storage_class,
        url=_url(entry.listing, programme),
        detail=area(entry.listing),
        urgency=bar.urgency,
    )


def _url(listing: Listing, programme: Programme | None) -> str:
    query = f"?{urlencode({'programme': programme.pk})}" if programme else ""
    return reverse("web:board_listing", args=[listing.pk]) + query


def _rounded(away_m: float | None) -> float | None:
    return None if away_m is None else round(away_m / ROUNDED_TO_M) * ROUNDED_TO_M


@require_http_methods(["GET", "POST"])
@for_audience(Audience.CHARITY)
def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """One listing of the board; sent, so much of it is claimed."""
    by = actor(request)
    acting = acting_as(request, Audience.CHARITY)
    programmes = programmes_of(by, acting.organization)
    programme = _programme(request, programmes)
    entry = _entry(by, listing_id, programme)
    form = _form(request, entry, programme)

    def context() -> dict[str, Any]:
        now, fresh = clock.now(), _entry(by, listing_id, programme)
        return {
            "acting": acting,
            "programme": programme,
            "programmes": programmes,
            "entry": fresh,
            "ticket": _ticket(fresh, programme, now),
            "lots": [_lot(form, fresh.listing, each, now) for each in fresh.lots],
        }

    act = partial(_claim, request, entry, programme, form)
    template = "web/charity/board_listing.html"
    return form_page(request, template, form, act=act, context=context)


def _entry(by: Actor, listing_id: UUID, programme: Programme | None) -> BoardEntry:
    """The board's own answer about this one listing; NotFound when it is no longer open."""
    now = clock.now()
    row = found(offered_listings(by, now=now), listing_id)
    before = Place(row.pickup_until_at, UUID(int=row.pk.int - 1))
    page = open_board(by, now=now, programme=programme, after=before, limit=1)
    if not page.entries or page.entries[0].listing.pk != row.pk:
        return BoardEntry(row, None, ())
    return page.entries[0]


def _lot(
    form: ClaimForm, listing: Listing, each: Any, now: datetime
) -> tuple[Ticket, Text, Any | None]:
    """A lot's ticket, why it cannot be taken (or nothing), and the field for how much."""
    ticket = donations.lot_ticket(each.lot, mass_g=each.left_g, now=now)
    name = f"lot_{each.lot.pk}"
    reason = _why_not(each.reason, each.held_until_at) if each.reason else ""
    return ticket, reason, form[name] if name in form.fields else None


def _form(request: HttpRequest, entry: BoardEntry, programme: Programme | None) -> ClaimForm:
    label = _("How much do you take, in kilograms?")
    offered = {f"lot_{each.lot.pk}": (label, each.takeable_g or 0) for each in entry.lots}
    ways = _ways(entry.listing, programme)
    usual = next((each.transport for each in entry.lots if each.transport), None)
    initial = {"transport": usual or (ways[0][0] if ways else "")}
    form = ClaimForm(request.POST or None, offered=offered, transports=ways, initial=initial)
    for each in entry.lots:
        step = _("In steps of %(mass)s, or all of it.") % {"mass": wording.mass(each.lot.step_g)}
        form.fields[f"lot_{each.lot.pk}"].help_text = step
    return form


def _ways(listing: Listing, programme: Programme | None) -> list[tuple[str, Text]]:
    """The ways in which the donor lets it go and the programme can take it."""
    allowed = transports_of(listing) - {Transport.CARRIER.value}
    if programme is not None and not _fetches(programme, listing):
        allowed -= {Transport.SELF_COLLECT.value}
    words: dict[str, Text] = donations.TRANSPORT_WORDS | {"self_collect": _("We fetch it")}
    return [(way, word) for way, word in words.items() if way in allowed]


def _fetches(programme: Programme, listing: Listing) -> bool:
    """Whether it can fetch food and goes that far, by the distance that a claim is judged by."""
    leg = leg_between(listing.point, programme.location.point)
    return programme.collects_itself and leg.distance_m <= programme.max_distance_m


def _claim(
    request: HttpRequest,
    entry: BoardEntry,
    programme: Programme | None,
    form: ClaimForm,
    wanted: dict[str, Any],
) -> HttpResponse:
    if programme is None:
        raise NotFound()
    claim = reserve_claim(
        listing_id=entry.listing.pk,
        programme_id=programme.pk,
        shares=form.shares(),
        transport=wanted["transport"],
        source=ClaimSource.HAND,
        booked=_booked(entry.listing, wanted),
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("It is yours."))
    return redirect("web:charity_claim", claim.pk)


def _booked(listing: Listing, wanted: dict[str, Any]) -> Interval | None:
    from_at: datetime | None = wanted["booked_from_at"]
    if from_at is None or wanted["transport"] != Transport.SELF_COLLECT:
        return None
    return Interval(from_at, max(from_at, min(from_at + BOOKED, listing.pickup_until_at)))
