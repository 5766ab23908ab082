"""One donation on its way for page tests: a donor, a charity, a driver, a route with two stops."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from backend.accounts.models import User
from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Claim, ClaimSource, Transport
from backend.common.actor import system
from backend.couriers.models import Courier, Shift
from backend.geo.domain.points import Point
from backend.listings.models import Listing
from backend.organizations.models import Programme
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.begin_plan import begin_plan
from logistics.actions.make_shipments import make_shipments
from logistics.actions.offer_route import offer_route
from logistics.actions.start_route import start_route
from logistics.domain.drafts import RouteDraft, StopDraft
from logistics.models import Plan, PlanStatus, Route, RouteOffer, Shipment, Stop
from tests.builders.accounts import actor_of
from tests.builders.couriers import make_courier, make_shift, make_vehicle
from tests.builders.listings import lot_draft, make_listing
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_location,
    make_member,
    make_organization,
    make_recipient,
)

BUILDER = system("tests.builder")
#: About 3 km east of the donor.
CHARITY_POINT = Point(121.5720, 25.0400)


@dataclass(slots=True)
class World:
    """Who takes part, and what they share."""

    donor: User
    charity: User
    courier: Courier
    listing: Listing
    claim: Claim
    shift: Shift
    offer: RouteOffer
    now: datetime

    @property
    def driver(self) -> User:
        return self.courier.user

    @property
    def route(self) -> Route:
        return Route.objects.get(pk=self.offer.route_id)

    @property
    def pickup(self) -> Stop:
        return self.route.stops.get(sequence=1)

    @property
    def drop(self) -> Stop:
        return self.route.stops.get(sequence=2)


def make_world(*, now: datetime, lots: tuple[dict[str, Any], ...] = ({},), **fields: Any) -> World:
    """A listing of 10 kg of bread a lot, claimed whole, on a route that is offered to a driver."""
    chosen = {"donor_name": "Bakery Corner", "charity_name": "Open Table"} | fields
    donor_org = make_organization(name=chosen["donor_name"])
    donor_place = make_location(
        donor_org,
        name=chosen["donor_name"],
        address="12 Baker Road",
        access_notes="Ring at the side door.",
        phone="02 2345 6789",
    )
    recipient = make_recipient(name=chosen["charity_name"])
    place = make_location(
        recipient, name=chosen["charity_name"], address="8 Garden Lane", point=CHARITY_POINT
    )
    programme = make_taker(place)
    listing = make_listing(
        donor_place, now=now, lots=tuple(lot_draft(**each) for each in lots), title="Bread of today"
    )
    claim = _claim(listing, programme, now)
    courier = make_courier(user=chosen.get("driver"))
    shift = make_shift(make_vehicle(courier), from_at=now - timedelta(minutes=30))
    return World(
        donor=make_member(donor_org),
        charity=make_member(recipient),
        courier=courier,
        listing=listing,
        claim=claim,
        shift=shift,
        offer=offer_of(claim, shift, now=now),
        now=now,
    )


def _claim(listing: Listing, programme: Programme, now: datetime) -> Claim:
    return reserve_claim(
        listing_id=listing.pk,
        programme_id=programme.pk,
        shares={lot.pk: lot.available_g for lot in listing.lots.all()},
        transport=Transport.COURIER,
        source=ClaimSource.HAND,
        by=BUILDER,
        now=now,
    )


def offer_of(claim: Claim, shift: Shift, *, now: datetime) -> RouteOffer:
    """A route of the claim's shipments for the shift, in twenty minutes, of two stops."""
    shipments = make_shipments(claim=claim, by=BUILDER, now=now)
    plan = begin_plan(area="main", digest="0" * 64, inputs={}, seed=7, by=BUILDER, now=now)
    draft = _draft(shipments, shift, now=now)
    offer = offer_route(plan=plan, draft=draft, by=BUILDER, now=now)
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.APPLIED, finished_at=now)
    return offer


def _draft(shipments: list[Shipment], shift: Shift, *, now: datetime) -> RouteDraft:
    at = now + timedelta(minutes=20)
    first = shipments[0]
    places = [(first.pickup_location_id, True), (first.delivery_location_id, False)]
    return RouteDraft(
        shift_id=shift.pk,
        shift_version=shift.version,
        shipment_versions=tuple((each.pk, each.version) for each in shipments),
        stops=tuple(
            StopDraft(
                location_id=location_id,
                arrive_at=at + number * timedelta(minutes=25),
                service_from_at=at + number * timedelta(minutes=25),
                leave_at=at + number * timedelta(minutes=25) + timedelta(minutes=5),
                distance_m=1_500 + number * 3_000,
                tasks=tuple((each.pk, is_pickup) for each in shipments),
            )
            for number, (location_id, is_pickup) in enumerate(places)
        ),
        starts_at=now + timedelta(minutes=15),
        ends_at=now + timedelta(minutes=55),
        distance_m=6_000,
        is_estimated=True,
    )


def accepted(world: World) -> World:
    accept_route_offer(offer_id=world.offer.pk, by=actor_of(world.driver), now=world.now)
    return world


def under_way(world: World) -> World:
    accepted(world)
    start_route(route_id=world.offer.route_id, by=actor_of(world.driver), now=world.now)
    return world


def signed_in(user: User) -> Client:
    """A browser in English with the person signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client
