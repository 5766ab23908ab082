"""The live map: open listings, charities and routes under way; and what the figures count."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.common.refusals import NotFound
from backend.impact.selectors.figures import counted_hand_overs, counted_mass_g, delivered_on
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing
from backend.listings.selectors import kept_listings
from backend.needs.selectors import room_left
from backend.organizations.models import Programme
from backend.organizations.selectors import counties_of, visible_programmes
from backend.regions.packs import pack
from backend.web import regional, wording
from backend.web.acting import Audience, actor
from backend.web.components import MapPin
from backend.web.donations import pickup_bar
from backend.web.guards import for_audience
from backend.web.views.driver import reading
from logistics.domain.lifecycle import OPEN_STOPS
from logistics.models import Route, RouteStatus
from logistics.selectors.visible import visible_routes

#: More would only hide each other; the lists have pages.
MOST_PINS = 300


@for_audience(Audience.COORDINATOR)
@require_safe
def live_map(request: HttpRequest) -> HttpResponse:
    now, viewer = clock.now(), actor(request)
    listings = list(_open_listings(viewer, now)[:MOST_PINS])
    programmes = list(_programmes(viewer)[:MOST_PINS])
    routes = list(_routes(viewer))
    room = room_left({each.location_id for each in programmes}, on=regional.today(now))
    groups = {
        "routes": [pin for each in routes for pin in _route_pins(each)],
        "listings": [pin for each in listings for pin in _listing_pins(each, now)],
        "programmes": [
            _programme_pin(each, sum(room[each.location_id].values())) for each in programmes
        ],
    }
    context = {**groups, "pins": [pin for pins in groups.values() for pin in pins]}
    return render(request, "web/coordinator/map.html", context)


@for_audience(Audience.COORDINATOR)
@require_safe
def counted(request: HttpRequest, day: str) -> HttpResponse:
    """The hand-overs behind one day's figures, in the viewer's counties."""
    viewer = actor(request)
    try:
        on_day = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound() from error
    hand_overs = counted_hand_overs(viewer, day=on_day)
    masses = counted_mass_g(hand_overs)
    rows = [(each, masses[each.pk]) for each in hand_overs.order_by("at", "pk")]
    context = {
        "day": on_day,
        "day_words": regional.day(on_day, clock.now()),
        "figures": delivered_on(on_day),
        "rows": rows,
        "total_g": sum(mass_g for _each, mass_g in rows),
        "zone": pack().zone,
    }
    return render(request, "web/coordinator/counted.html", context)


def _open_listings(viewer: Actor, now: datetime) -> QuerySet[Listing]:
    return kept_listings(viewer).filter(
        status=ListingStatus.OPEN,
        pickup_until_at__gt=now,
        county_code__in=counties_of(viewer),
    )


def _programmes(viewer: Actor) -> QuerySet[Programme]:
    return visible_programmes(viewer).filter(
        closed_at__isnull=True, location__county_code__in=counties_of(viewer)
    )


def _routes(viewer: Actor) -> QuerySet[Route]:
    return visible_routes(viewer).filter(
        status=RouteStatus.UNDER_WAY, county_code__in=counties_of(viewer)
    )


def _listing_pins(listing: Listing, now: datetime) -> Iterator[MapPin]:
    """One pin for what is still free; nothing once all of it is promised."""
    lots = [lot for lot in listing.lots.all() if lot.available_g]
    if lots:
        yield MapPin(
            lon=listing.lon,
            lat=listing.lat,
            title=listing.title,
            mass_g=sum(lot.available_g for lot in lots),
            storage=lots[0].storage_class,
            detail=_("%(donor)s, until %(time)s")
            % {
                "donor": listing.organization.name,
                "time": wording.instant(listing.pickup_until_at, now, pack().zone),
            },
            urgency=pickup_bar(listing, now).urgency,
        )


def _programme_pin(programme: Programme, room_g: int) -> MapPin:
    """With what its place can still take in today."""
    place = programme.location
    return MapPin(
        lon=place.lon,
        lat=place.lat,
        title=place.organization.name,
        mass_g=0,
        storage="ambient",
        url=reverse("web:desk_organization", args=[place.organization_id]),
        icon="utensils",
        detail=_("%(programme)s, room for %(mass)s today")
        % {"programme": programme.name, "mass": wording.mass(room_g)},
    )


def _route_pins(route: Route) -> Iterator[MapPin]:
    """The next stop of a route under way, with what is on board."""
    stop = next((each for each in route.stops.all() if each.status in OPEN_STOPS), None)
    if stop is None:
        return
    carried = reading.on_board(route)
    yield MapPin(
        lon=stop.location.lon,
        lat=stop.location.lat,
        title=_("Next stop: %(place)s") % {"place": stop.location.name},
        mass_g=sum(each.line.on_board_g for each in carried),
        storage=carried[0].storage if carried else "ambient",
        url=reverse("web:desk_route", args=[route.pk]),
        icon="truck",
        detail=wording.clock_time(stop.arrive_at, pack().zone),
        urgency="soon",
    )
