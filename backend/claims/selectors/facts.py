"""Turns rows into the facts that the rules of eligibility look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from backend.claims.domain.facts import (
    COURIER,
    DONOR_DELIVERS,
    SELF_COLLECT,
    STORAGE_CLASSES,
    CourierFacts,
    LotFacts,
    RecipientFacts,
)
from backend.claims.domain.trips import Leg
from backend.claims.models import Transport
from backend.geo.domain.points import Point, distance_m
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Audience, Listing, Lot
from backend.organizations.domain.hours import Interval
from backend.organizations.models import Programme
from backend.organizations.selectors import open_intervals
from backend.regions.domain.food_safety import local_date, longest_out_of_cold_s
from backend.regions.packs import pack

#: Claims are judged by a car's way along the straight line; routes are planned on roads later.
PROFILE: Final = "car"
#: No courier is sent farther than this, as in matching.
FARTHEST_BY_COURIER_M: Final = 60_000
_UNBOUNDED: Final = 10**12


def lot_facts(lot: Lot, listing: Listing, *, left_g: int, now: datetime) -> LotFacts:
    """A lot with `left_g` to be had. The listing comes with its place and its chosen recipients."""
    region = pack()
    return LotFacts(
        lot_id=str(lot.pk),
        listing_id=str(listing.pk),
        organization_id=str(listing.organization_id),
        category=lot.category,
        category_group=region.categories[lot.category].group,
        storage_class=lot.storage_class,
        left_g=left_g,
        step_g=lot.step_g,
        volume_ml=-(-lot.volume_ml * left_g // lot.declared_g),
        safe_until_at=lot.safe_until_at,
        pickup_from_at=listing.pickup_from_at,
        pickup_until_at=listing.pickup_until_at,
        point=listing.point,
        road_group=listing.road_group,
        transports=transports_of(listing),
        allergens=frozenset(lot.allergens),
        diet_flags=frozenset(lot.diet_flags),
        audience=_audience(listing),
        is_open=listing.status == ListingStatus.OPEN,
        max_out_of_cold_s=longest_out_of_cold_s(
            lot.storage_class, region.rules, on=local_date(now, region.zone)
        ),
        handling_s=listing.location.handling_s,
    )


def transports_of(listing: Listing) -> frozenset[str]:
    """How the donor lets the food go; what drivers may fetch, carriers may too."""
    ways = {
        SELF_COLLECT: listing.allows_self_collect,
        COURIER: listing.allows_courier,
        Transport.CARRIER.value: listing.allows_courier,
        DONOR_DELIVERS: listing.donor_delivers,
    }
    return frozenset(way for way, allowed in ways.items() if allowed)


def with_hours(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Each with its place, charity, opening hours and exceptions, as `recipient_facts` wants it."""
    whole = programmes.select_related("location__organization")
    return whole.prefetch_related("location__opening_hours", "location__hours_exceptions")


def recipient_facts(
    programme: Programme, *, room_g: Mapping[str, int], now: datetime, until_at: datetime
) -> RecipientFacts:
    """A programme with the room its place has left, open between the two instants.

    The programme comes by `with_hours`.
    """
    location = programme.location
    organization = location.organization
    receives = organization.is_recipient or organization.is_hub
    return RecipientFacts(
        location_id=str(location.pk),
        programme_id=str(programme.pk),
        organization_id=str(organization.pk),
        point=location.point,
        road_group=location.road_group,
        capacity_g=dict(room_g),
        open_hours=tuple(open_intervals(location, from_at=now, until_at=until_at)),
        verified=organization.may_act and receives and location.closed_at is None,
        diet_rules=frozenset(programme.diet_rules),
        categories_not_taken=frozenset(programme.categories_not_taken),
        allergens_excluded=frozenset(programme.allergens_not_taken),
        collects_itself=programme.collects_itself,
        max_distance_m=programme.max_distance_m,
        handling_s=location.handling_s,
    )


def leg_between(start: Point, end: Point) -> Leg:
    """The way by road as the straight line lets us guess it; no network, so it may be asked inside
    a transaction.
    """
    car = pack().logistics.profiles[PROFILE]
    road_m = distance_m(start, end) * car.detour
    driving_s = road_m / (car.speed_kmh / 3.6)
    return Leg(
        distance_m=round(road_m),
        travel_s=round(driving_s) + (car.leg_s if road_m else 0),
        longest_m=FARTHEST_BY_COURIER_M,
    )


def anybody(road_group: str, *, now: datetime, until_at: datetime) -> Sequence[CourierFacts]:
    """A courier who could take anything: a claim by hand does not wait for a shift, since routes
    are also offered to drivers who are not on one.
    """
    return (
        CourierFacts(
            shift_id="anybody",
            road_group=road_group,
            window=Interval(now, until_at),
            mass_g=_UNBOUNDED,
            volume_ml=dict.fromkeys(STORAGE_CLASSES, _UNBOUNDED),
        ),
    )


def _audience(listing: Listing) -> frozenset[str] | None:
    if listing.audience == Audience.RECIPIENTS:
        return None
    return frozenset(str(each.pk) for each in listing.chosen_recipients.all())
