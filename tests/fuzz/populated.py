"""A small world for made-up requests: one of everything that has an address, and who may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Model

from backend.accounts.actions.issue_api_key import issue_api_key
from backend.accounts.actions.issue_sign_in_token import issue_sign_in_token
from backend.accounts.domain.scopes import Scope
from backend.accounts.models import ApiKey, User
from backend.claims.models import Claim
from backend.couriers.models import Courier, Shift, Vehicle
from backend.custody.models import HandOver, Incident
from backend.listings.models import Listing, ListingSchedule, Lot
from backend.needs.models import Request, StandingConsent
from backend.organizations.models import Location, Membership, Organization, Programme
from logistics.models import Plan, Route, RouteOffer, Shipment, Stop
from matching.models import Offer, Round
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.logistics import make_route_offer, make_route_under_way
from tests.builders.matching import make_offer
from tests.builders.needs import make_consent, make_request
from tests.builders.organizations import make_coordinator, make_member

#: Which rows a parameter of a path, or a field of a body, may name.
NAMED: Mapping[str, tuple[type[Model], ...]] = {
    "claim_id": (Claim,),
    "consent_id": (StandingConsent,),
    "courier_id": (Courier,),
    "hand_over_id": (HandOver,),
    "incident_id": (Incident,),
    "listing_id": (Listing,),
    "location_id": (Location,),
    "lot_id": (Lot,),
    "membership_id": (Membership,),
    "offer_id": (Offer, RouteOffer),
    "organization_id": (Organization,),
    "plan_id": (Plan,),
    "programme_id": (Programme,),
    "request_id": (Request,),
    "round_id": (Round,),
    "route_id": (Route,),
    "schedule_id": (ListingSchedule,),
    "shift_id": (Shift,),
    "shipment_id": (Shipment,),
    "stop_id": (Stop,),
    "vehicle_id": (Vehicle,),
}


@dataclass(frozen=True, slots=True)
class World:
    """Headers by role, and the ids of what exists by the name of the parameter."""

    headers: Mapping[str, Mapping[str, str]]
    known: Mapping[str, list[UUID]]


def populate(now: datetime) -> World:
    """Food offered, promised, on the road and handed over too warm; everybody has signed in."""
    route = make_route_under_way(now=now)
    claim = route.stops.first().tasks.first().shipment.claim  # type: ignore[union-attr]
    make_route_offer(now=now)
    shop = claim.listing.location
    warm = make_claim(make_lot(shop, now=now, category="milk"), now=now)
    hand_over(warm, at=now, line={"temperature_dc": 150})
    make_offer((make_lot(shop, now=now), 4_000), programme=claim.programme, now=now)
    make_consent(claim.programme, now=now)
    make_request(claim.programme, now=now)
    people = {
        "donor": make_member(claim.listing.organization),
        "charity": make_member(claim.organization),
        "driver": route.courier.user,
        "coordinator": make_coordinator(),
    }
    headers = {role: signed_in(user, now) for role, user in people.items()}
    headers["machine"] = machine(people["donor"], now)
    known = {
        name: [row.pk for model in models for row in model._base_manager.all()]
        for name, models in NAMED.items()
    }
    return World(headers | {"stranger": {}}, known)


def signed_in(user: User, now: datetime) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_sign_in_token(user=user, now=now).token}"}


def machine(user: User, now: datetime) -> dict[str, str]:
    """A key for everything that keys may do."""
    issued = issue_api_key(
        label="fuzz",
        scopes=[scope.value for scope in Scope],
        life=timedelta(days=1),
        by=actor_of(user),
        now=now,
    )
    assert ApiKey.objects.filter(pk=issued.key.pk).exists()
    return {"Authorization": f"Bearer {issued.token}"}
