"""Who may do what with listings: the donor's people, and coordinators of its county."""

import rules

from backend.common.actor import Actor
from backend.listings.models import Listing, ListingSchedule
from backend.organizations.models import Location
from backend.organizations.permissions import coordinates, is_member


def offers_from(actor: Actor, location: Location) -> bool:
    return is_member(actor, location.organization)


def keeps_listing(actor: Actor, listing: Listing) -> bool:
    return is_member(actor, listing.organization)


def stops_listing(actor: Actor, listing: Listing) -> bool:
    return keeps_listing(actor, listing) or coordinates(actor, listing.county_code)


def keeps_schedule(actor: Actor, schedule: ListingSchedule) -> bool:
    return is_member(actor, schedule.organization)


rules.add_rule("listings.post", offers_from)
rules.add_rule("listings.change", keeps_listing)
rules.add_rule("listings.withdraw", stops_listing)
rules.add_rule("listings.schedule", keeps_schedule)
