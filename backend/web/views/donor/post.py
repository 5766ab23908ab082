"""Posting food in under a minute, anew or as the last time."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from backend.claims.selectors import claims_given
from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.refusals import Refusal
from backend.listings.actions.attach_photo import attach_photo
from backend.listings.actions.post_listing import post_listing
from backend.listings.domain.draft import ListingDraft
from backend.listings.models import Listing
from backend.listings.selectors import draft_of, kept_listings
from backend.organizations.models import Location, Organization
from backend.organizations.selectors import open_intervals, visible_locations
from backend.regions.packs import pack
from backend.web import kept_photos, wording
from backend.web.acting import Audience, actor
from backend.web.components import Text
from backend.web.form_pages import form_page
from backend.web.forms.donor import PostForm, unsent
from backend.web.forms.lots import (
    BLANK,
    LotRow,
    filled_rows,
    further_rows,
    lot_initial,
    row_names,
    rows_asked_for,
)
from backend.web.guards import for_audience
from backend.web.tenancy import Acting, acting_as
from backend.web.views.donor.tiles import tiles

#: Quick choices, in hours from now.
HOURS = (1, 2, 4)
USUAL_HOURS = "2"
LOOKED_BACK = 20
NAMES = {
    "title": "description",
    "pickup_until_at": "until",
    "pickup_from_at": "from_at",
    "audience": "charities",
    "chosen_recipient_ids": "charities",
}


@require_http_methods(["GET", "POST"])
@for_audience(Audience.DONOR)
def post(request: HttpRequest) -> HttpResponse:
    """One screen: what, how much, until when. `?again=` fills in an earlier listing."""
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.DONOR)
    places = places_of(by, acting.organization)
    if not places:
        return redirect("web:place_new", acting.organization.pk)
    latest = _latest(by, acting)
    form = _form(request, acting, places, latest, now=now)
    context = {
        "acting": acting,
        "tiles": tiles(form["category"], _used(latest)),
        "latest": latest[0] if latest else None,
        "places": places,
        "blank": LotRow(PostForm(places=places, now=now, further=[BLANK]), BLANK),
    }
    template = "web/donor/post.html"
    if not form.is_bound:
        return render(request, template, {"form": form, **context, **kept_photos.beside(request)})
    return form_page(
        request,
        template,
        form,
        act=partial(_post, request, form),
        context=lambda: context | kept_photos.beside(request),
        names=form.names() | NAMES,
    )


def _form(
    request: HttpRequest,
    acting: Acting,
    places: list[Location],
    latest: Sequence[Listing],
    *,
    now: datetime,
) -> PostForm:
    """The form as it was sent; not judged yet when only a row was added or taken away."""
    by = actor(request)
    asked: dict[str, Any] = {
        "places": places,
        "now": now,
        "until_choices": until_choices(places[0], now=now),
        "charities": known_charities(by, acting.organization),
    }
    if request.method != "POST":
        initial, further = _initial(request, by, latest)
        return PostForm(**asked, initial=initial, further=further)
    rows = rows_asked_for(request.POST)
    if rows is not None:
        return unsent(PostForm(**asked, further=rows), request)
    return PostForm(request.POST, request.FILES, **asked, further=filled_rows(request.POST))


def known_charities(viewer: Actor, organization: Organization) -> list[tuple[str, str]]:
    """Charities that were promised some of the organization's food before, by name."""
    given = claims_given(viewer).filter(listing__organization=organization)
    rows = Organization.objects.acting().recipients()
    known = rows.filter(pk__in=given.order_by().values("organization")).exclude(pk=organization.pk)
    return [(str(pk), name) for pk, name in known.order_by("name", "pk").values_list("pk", "name")]


def places_of(viewer: Actor, organization: Organization) -> list[Location]:
    """Where the organization can offer food."""
    rows = visible_locations(viewer).filter(organization=organization, closed_at__isnull=True)
    rows = rows.prefetch_related("opening_hours", "hours_exceptions")
    return list(rows.order_by("name", "pk"))


def until_choices(place: Location, *, now: datetime) -> list[tuple[str, Text]]:
    """A few hours from now, and when the place closes today if that is another time."""
    choices: list[tuple[str, Text]] = []
    for hours in HOURS:
        at = wording.instant(now + timedelta(hours=hours), now, pack().zone)
        words = ngettext("%(hours)d hour (%(at)s)", "%(hours)d hours (%(at)s)", hours)
        choices.append((str(hours), words % {"hours": hours, "at": at}))
    if closing_at := _closing(place, now):
        words = _("until we close (%(at)s)")
        at = wording.instant(closing_at, now, pack().zone)
        choices.append((closing_at.isoformat(), words % {"at": at}))
    return choices


def _closing(place: Location, now: datetime) -> datetime | None:
    """The end of the opening in which we are; None when closed, or open around the clock."""
    horizon = now + timedelta(hours=20)
    spans = open_intervals(place, from_at=now, until_at=horizon)
    if not spans or spans[0].from_at > now or spans[0].until_at >= horizon:
        return None
    return spans[0].until_at


def _latest(by: Actor, acting: Acting) -> Sequence[Listing]:
    rows = kept_listings(by).filter(organization=acting.organization, opened_at__isnull=False)
    return list(rows.order_by("-opened_at", "-pk")[:LOOKED_BACK])


def _used(latest: Sequence[Listing]) -> list[str]:
    """The donor's own kinds of food, the most frequent first."""
    return [
        code
        for code, _count in Counter(
            lot.category for listing in latest for lot in listing.lots.all()
        ).most_common()
    ]


def _initial(
    request: HttpRequest, by: Actor, latest: Sequence[Listing]
) -> tuple[dict[str, Any], list[str]]:
    """As the last time for what seldom changes; everything but the dates for `?again=`. With the
    numbers of the rows after the first.
    """
    usual: dict[str, Any] = {"until": USUAL_HOURS}
    if latest:
        names = ("allows_self_collect", "allows_courier", "donor_delivers")
        usual |= {name: getattr(latest[0], name) for name in names}
    try:
        again = UUID(request.GET.get("again", ""))
    except ValueError:
        return usual, []
    draft_of_earlier, filled = _repeated(found(kept_listings(by), again))
    return usual | filled, further_rows(draft_of_earlier.lots)


def _repeated(earlier: Listing) -> tuple[ListingDraft, dict[str, Any]]:
    """Food and amounts of an earlier listing; its dates are the donor's to say anew."""
    draft = draft_of(earlier)
    ways = ("note", "allows_self_collect", "allows_courier", "donor_delivers")
    return draft, {
        **{name: getattr(draft, name) for name in ways},
        "location": str(earlier.location_id),
        "charities": [str(each) for each in draft.chosen_recipient_ids],
        **{
            f"{row_names(place)}{name}": value
            for place, lot in enumerate(draft.lots)
            for name, value in lot_initial(lot).items()
        },
    }


def _post(request: HttpRequest, form: PostForm, wanted: dict[str, Any]) -> HttpResponse:
    by, now = actor(request), clock.now()
    place = found(visible_locations(by), UUID(wanted["location"]))
    listing = post_listing(location_id=place.pk, draft=form.draft(), by=by, now=now)
    messages.success(request, _("Posted. We ask charities now; you see here who takes it."))
    add_photo(request, listing)
    return redirect("web:donor_listing", listing.pk)


def add_photo(request: HttpRequest, listing: Listing) -> None:
    """Adds a picture if there is one; one that cannot be kept does not undo the rest."""
    photo = kept_photos.chosen(request)
    if photo is None:
        return
    try:
        attach_photo(listing_id=listing.pk, upload=photo, by=actor(request), now=clock.now())
    except Refusal as refusal:
        said = [str(each.message) for errors in refusal.fields.values() for each in errors]
        why = " ".join(said) or refusal.detail
        messages.warning(request, _("All is kept but the photo: %(why)s") % {"why": why})
    kept_photos.forget(request)
