"""Who may say what a charity can take: its people; consent to matching is for its managers."""

import rules

from backend.common.actor import Actor
from backend.needs.models import Request
from backend.organizations.models import Location, Programme
from backend.organizations.permissions import coordinates, is_manager, is_member


def runs_programme(actor: Actor, programme: Programme) -> bool:
    return is_member(actor, programme.location)


def manages_programme(actor: Actor, programme: Programme) -> bool:
    return is_manager(actor, programme.location)


def runs_location(actor: Actor, location: Location) -> bool:
    return is_member(actor, location)


def ends_request(actor: Actor, request: Request) -> bool:
    location = request.programme.location
    return is_member(actor, location) or coordinates(actor, location.county_code)


rules.add_rule("needs.change", runs_programme)
rules.add_rule("needs.consent", manages_programme)
rules.add_rule("needs.set_capacity", runs_location)
rules.add_rule("needs.post_request", runs_programme)
rules.add_rule("needs.end_request", ends_request)
